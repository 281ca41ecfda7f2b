/** The second stack: layers are matrices, tfjs differentiates, our optimizers in tfjs ops. */
import { tf, valueAndGradients } from "../tensor/mod.ts";
import { checkNetwork, countRows, type Network, type NetworkOptions } from "./network.ts";
import { tensorData } from "./tensor_data.ts";
import { tensorOptimizer } from "./tensor_optimizers.ts";
import type { LayerWeights } from "./weights.ts";

/** A dense layer on the device: weight [I, O], bias [O]. */
export interface TensorLayer {
  /** [I, O] */
  readonly weight: tf.Variable<tf.Rank.R2>;
  /** [O] */
  readonly bias: tf.Variable<tf.Rank.R1>;
}

/** The multi-layer perceptron: x [R, I] → [R, O], ReLU after every layer but the last. */
export function tensorMlp(layers: readonly TensorLayer[], x: tf.Tensor2D): tf.Tensor2D {
  return layers.reduce((values, { weight, bias }, index) => {
    const sums = values.matMul(weight).add(bias) as tf.Tensor2D; // [R, O]
    return index < layers.length - 1 ? sums.relu() : sums;
  }, x);
}

/** A network of tfjs tensors. */
export function createTensorNetwork(options: NetworkOptions): Network {
  checkNetwork(options);
  const layers = options.weights.map(toVariables);
  const parameters = layers.flatMap(({ weight, bias }) => [weight, bias] as tf.Variable[]);
  const optimizer = tensorOptimizer(parameters, options.optimizer);
  const data = tensorData(options.data);

  function step(x: tf.Tensor2D, y: tf.Tensor2D): tf.Scalar {
    const { value, gradients } = valueAndGradients(
      () => tensorMlp(layers, x).sub(y).square().mean(),
      parameters,
    );
    optimizer.step(gradients);
    tf.dispose(gradients);
    return value;
  }

  return {
    stack: "tensor",
    async train(batches) {
      const losses: tf.Scalar[] = [];
      await data.forEachBatch(batches, (x, y) => void losses.push(step(x, y)));
      return await readScalars(losses);
    },
    async predict(inputs) {
      const shape: [number, number] = [
        countRows(inputs, options.weights),
        options.weights[0]!.inputs,
      ];
      return await readAndDispose(tf.tidy(() => tensorMlp(layers, tf.tensor2d(inputs, shape))));
    },
    weights: () => Promise.all(layers.map(fromVariables)),
    dispose() {
      optimizer.dispose();
      data.dispose();
      tf.dispose(parameters);
    },
  };
}

function toVariables({ inputs, outputs, weight, bias }: LayerWeights): TensorLayer {
  return tf.tidy(() => ({
    weight: tf.variable(tf.tensor2d(weight.slice(), [inputs, outputs])),
    bias: tf.variable(tf.tensor1d(bias.slice())),
  }));
}

async function fromVariables({ weight, bias }: TensorLayer): Promise<LayerWeights> {
  const [inputs, outputs] = weight.shape;
  const read = await Promise.all([weight, bias].map((variable) => variable.data<"float32">()));
  return { inputs, outputs, weight: read[0]!.slice(), bias: read[1]!.slice() };
}

/** Reads many scalars at once: on some devices each reading waits for all work to finish. */
async function readScalars(scalars: tf.Scalar[]): Promise<number[]> {
  if (scalars.length === 0) return [];
  const values = await readAndDispose(tf.stack(scalars));
  tf.dispose(scalars);
  return Array.from(values);
}

async function readAndDispose(tensor: tf.Tensor): Promise<Float32Array> {
  const values = await tensor.data<"float32">();
  tensor.dispose();
  return values;
}
