/** The numbers of a multi-layer perceptron, as all three stacks take and give them. */
import type { Random } from "../random.ts";

/** One dense layer: y = x·weight + bias. */
export interface LayerWeights {
  /** Width of what comes in, I. */
  readonly inputs: number;
  /** Number of units, O. */
  readonly outputs: number;
  /** [I, O], row-major. */
  readonly weight: Float32Array;
  /** [O] */
  readonly bias: Float32Array;
}

/** The layers from input to output. */
export type Weights = readonly LayerWeights[];

/**
 * Kaiming initialisation: weights from the normal distribution with variance 2 / I, biases 0, so
 * that signals keep their size through layers of ReLUs (He et al., 2015, equation 10).
 *
 * @param sizes width of the input, of each hidden layer and of the output, such as `[2, 8, 1]`
 */
export function kaimingWeights(sizes: readonly number[], { rng }: { rng: Random }): Weights {
  if (sizes.length < 2) {
    throw new RangeError(`Expected the sizes of at least an input and an output, got [${sizes}]`);
  }
  const wrong = sizes.find((size) => !Number.isInteger(size) || size < 1);
  if (wrong !== undefined) {
    throw new RangeError(`Expected layer sizes of at least 1, got ${wrong} in [${sizes}]`);
  }
  return sizes.slice(1).map((outputs, i) => {
    const inputs = sizes[i]!;
    const deviation = Math.sqrt(2 / inputs);
    const weight = Float32Array.from({ length: inputs * outputs }, () => rng.normal() * deviation);
    return { inputs, outputs, weight, bias: new Float32Array(outputs) };
  });
}

/** How many numbers are learned. */
export function countParameters(weights: Weights): number {
  return weights.reduce((sum, { weight, bias }) => sum + weight.length + bias.length, 0);
}

/**
 * The perceptron in plain loops: hₗ = max(hₗ₋₁·Wₗ + bₗ, 0), without max in the last layer. What the
 * stacks are held to.
 *
 * @param inputs [R, I]
 * @returns [R, O]
 */
export function forward(weights: Weights, inputs: ArrayLike<number>): Float64Array {
  let values = Float64Array.from(inputs);
  weights.forEach((layer, index) => values = dense(values, layer, index < weights.length - 1));
  return values;
}

function dense(x: Float64Array, { inputs, outputs, weight, bias }: LayerWeights, relu: boolean) {
  const rows = x.length / inputs;
  const y = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < outputs; unit++) {
      let sum = bias[unit]!;
      for (let i = 0; i < inputs; i++) sum += x[row * inputs + i]! * weight[i * outputs + unit]!;
      y[row * outputs + unit] = relu ? Math.max(sum, 0) : sum;
    }
  }
  return y;
}

/** Mean of (prediction − target)². */
export function meanSquaredError(
  predictions: ArrayLike<number>,
  targets: ArrayLike<number>,
): number {
  if (predictions.length !== targets.length) {
    throw new RangeError(
      `Expected as many predictions as targets, got ${predictions.length} and ${targets.length}`,
    );
  }
  let sum = 0;
  for (let i = 0; i < targets.length; i++) sum += (predictions[i]! - targets[i]!) ** 2;
  return sum / targets.length;
}
