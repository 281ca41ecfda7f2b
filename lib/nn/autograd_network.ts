/** The first stack: neurons made of single values, our autograd, our optimizers. */
import { type Operand, Value } from "../autograd/mod.ts";
import { valueOptimizer } from "./autograd_optimizers.ts";
import { checkNetwork, countRows, type Network, type NetworkOptions } from "./network.ts";
import type { LayerWeights } from "./weights.ts";

/** A neuron: a weight for each input, and a bias. */
export interface Neuron {
  /** What each input counts. */
  readonly weights: readonly Value[];
  /** What it puts out when all inputs are 0. */
  readonly bias: Value;
}

/** Neurons that see the same inputs. */
export type Layer = readonly Neuron[];

/** w₁x₁ + w₂x₂ + … + b. */
export function neuronOutput({ weights, bias }: Neuron, inputs: readonly Operand[]): Value {
  let sum = bias;
  for (let i = 0; i < weights.length; i++) sum = sum.add(weights[i]!.mul(inputs[i]!));
  return sum;
}

/** What every neuron of the layer puts out. */
export function layerOutput(layer: Layer, inputs: readonly Operand[]): Value[] {
  return layer.map((neuron) => neuronOutput(neuron, inputs));
}

/** The multi-layer perceptron: ReLU after every layer but the last. */
export function mlpOutput(layers: readonly Layer[], inputs: readonly Operand[]): Value[] {
  const hidden = layers.slice(0, -1).reduce<readonly Operand[]>(
    (values, layer) => layerOutput(layer, values).map((value) => value.relu()),
    inputs,
  );
  return layerOutput(layers.at(-1)!, hidden);
}

/** A network whose every number is a {@linkcode Value}. */
export function createAutogradNetwork(options: NetworkOptions): Network {
  checkNetwork(options);
  const { weights, data, optimizer } = options;
  const layers = weights.map(toNeurons);
  const parameters = layers.flat().flatMap(({ weights, bias }) => [...weights, bias]);
  const { step } = valueOptimizer(parameters, optimizer);
  const row = (values: Float32Array, index: number) => {
    const width = values.length / data.rows;
    return values.subarray(index * width, (index + 1) * width);
  };

  /** Mean squared error of a batch, a single value that knows its whole history. */
  function batchLoss(rows: Int32Array): Value {
    const errors = Array.from(rows).flatMap((index) => {
      const targets = row(data.targets, index);
      const outputs = mlpOutput(layers, Array.from(row(data.inputs, index)));
      return outputs.map((output, i) => output.sub(targets[i]!));
    });
    const squares = errors.map((error) => error.mul(error));
    return squares.reduce((sum, square) => sum.add(square)).div(errors.length);
  }

  return {
    stack: "autograd",
    train: (batches) =>
      Promise.resolve(batches.map((rows) => {
        const loss = batchLoss(rows);
        loss.backward();
        step();
        return loss.data;
      })),
    predict: (inputs) => {
      const width = inputs.length / countRows(inputs, weights);
      const outputs = Array.from(
        { length: inputs.length / width },
        (_, index) =>
          mlpOutput(layers, Array.from(inputs.subarray(index * width, (index + 1) * width))),
      );
      return Promise.resolve(Float32Array.from(outputs.flat(), ({ data }) => data));
    },
    weights: () => Promise.resolve(layers.map(fromNeurons)),
    dispose: () => {},
  };
}

/** Column j of the weight matrix [I, O] is neuron j. */
function toNeurons({ inputs, outputs, weight, bias }: LayerWeights): Layer {
  return Array.from({ length: outputs }, (_, unit) => ({
    weights: Array.from({ length: inputs }, (_, i) => new Value(weight[i * outputs + unit]!)),
    bias: new Value(bias[unit]!),
  }));
}

function fromNeurons(layer: Layer): LayerWeights {
  const inputs = layer[0]!.weights.length;
  const columns = Array.from({ length: inputs }, (_, i) => layer.map((unit) => unit.weights[i]!));
  return {
    inputs,
    outputs: layer.length,
    weight: Float32Array.from(columns.flat(), ({ data }) => data),
    bias: Float32Array.from(layer, ({ bias }) => bias.data),
  };
}
