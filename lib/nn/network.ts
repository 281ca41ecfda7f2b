/** The one interface behind which the three stacks hide. */
import type { Dataset } from "./data.ts";
import { checkOptimizer, type OptimizerSettings } from "./optimizer.ts";
import type { Weights } from "./weights.ts";

/** What does the arithmetic: our autograd, tfjs tensors with our optimizers, or tf.layers. */
export type StackName = "autograd" | "tensor" | "layers";

/** A multi-layer perceptron in training: ReLU between the layers, mean squared error. */
export interface Network {
  /** What it computes on. */
  readonly stack: StackName;
  /**
   * One step of descent for each batch, given as rows of the training data; resolves to each batch's
   * loss, as it was before its step.
   */
  train(batches: readonly Int32Array[]): Promise<number[]>;
  /** Predictions [R, O] for inputs [R, I]. */
  predict(inputs: Float32Array): Promise<Float32Array>;
  /** A copy of the weights as they are now. */
  weights(): Promise<Weights>;
  /** Frees what the network holds; it cannot be used afterwards. */
  dispose(): void;
}

/** What every stack needs to start. */
export interface NetworkOptions {
  /** Where the descent starts; copied, so that several networks can start at the same point. */
  readonly weights: Weights;
  /** What is learned. */
  readonly data: Dataset;
  /** How it is learned. */
  readonly optimizer: OptimizerSettings;
}

/** Refuses weights that do not fit each other or the data. */
export function checkNetwork({ weights, data, optimizer }: NetworkOptions): void {
  if (weights.length === 0) throw new RangeError("Expected at least one layer, got none");
  checkOptimizer(optimizer);
  weights.forEach(({ inputs, outputs, weight, bias }, layer) => {
    const fed = layer === 0 ? inputs : weights[layer - 1]!.outputs;
    if (fed !== inputs || weight.length !== inputs * outputs || bias.length !== outputs) {
      throw new RangeError(
        `Expected layer ${layer} to hold ${fed}×${outputs} weights and ${outputs} biases, ` +
          `got ${weight.length} and ${bias.length} for ${inputs}×${outputs}`,
      );
    }
  });
  checkWidth("inputs", { values: data.inputs, rows: data.rows, width: weights[0]!.inputs });
  checkWidth("targets", { values: data.targets, rows: data.rows, width: weights.at(-1)!.outputs });
}

/** Refuses values that are not `rows` rows of `width` finite numbers. */
function checkWidth(
  what: string,
  { values, rows, width }: { values: Float32Array; rows: number; width: number },
): void {
  if (rows < 1 || values.length !== rows * width) {
    throw new RangeError(
      `Expected ${what} of ${width} numbers for each of at least 1 row, ` +
        `got ${values.length} numbers for ${rows} rows`,
    );
  }
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new RangeError(
      `Expected ${what} to be finite, got ${values[wrong]} in row ${Math.floor(wrong / width)}`,
    );
  }
}

/** Number of rows in inputs that a network is to predict from, or an error. */
export function countRows(inputs: Float32Array, weights: Weights): number {
  const width = weights[0]!.inputs;
  if (inputs.length % width === 0) return inputs.length / width;
  throw new RangeError(`Expected inputs of ${width} numbers a row, got ${inputs.length} numbers`);
}
