/** Batch norm, whose result for an example depends on the others of its batch. */
import * as tf from "@tensorflow/tfjs";
import { checkShape } from "./ops/checks.ts";
import { layerNorm } from "./ops/layer_norm.ts";

/** What batch norm remembers for the time after training: the usual mean and variance of each column. */
export interface RunningStatistics {
  /** [C], starts at 0. */
  readonly mean: tf.Variable<tf.Rank.R1>;
  /** [C], starts at 1. */
  readonly variance: tf.Variable<tf.Rank.R1>;
}

/** How {@linkcode batchNorm} works. */
export interface BatchNormOptions {
  /** What each normalised column is multiplied with, [C]. */
  gain: tf.Tensor1D;
  /** What is then added to it, [C]. */
  bias: tf.Tensor1D;
  /** Updated while training, used otherwise. */
  running: RunningStatistics;
  /** Whether to normalise by this batch's own mean and variance. */
  training: boolean;
  /** How much of the running statistics one batch replaces; 0.1 as in PyTorch. */
  momentum?: number;
  /** Added to the variance, so that a column of equal numbers divides by no zero; 1e-5. */
  epsilon?: number;
}

/** Running statistics before any batch. */
export function createRunningStatistics(width: number): RunningStatistics {
  return {
    mean: tf.variable(tf.zeros([width]) as tf.Tensor1D, false),
    variance: tf.variable(tf.ones([width]) as tf.Tensor1D, false),
  };
}

/**
 * gain·(x − mean)/√(variance + ε) + bias for each column over the rows of the batch (Ioffe and Szegedy,
 * 2015). As in PyTorch the batch is divided by its own variance Σ(x − mean)²/R, and the running one
 * learns the unbiased Σ(x − mean)²/(R − 1).
 *
 * @param x [R, C]
 * @returns [R, C]
 * @throws RangeError when a shape does not fit, or there are less than two rows to train on
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { batchNorm, createRunningStatistics, ready, tf } from "./mod.ts";
 *
 * await ready("cpu");
 * const y = batchNorm(tf.tensor2d([[2], [6]]), {
 *   gain: tf.ones([1]),
 *   bias: tf.zeros([1]),
 *   running: createRunningStatistics(1),
 *   training: true,
 *   epsilon: 0,
 * });
 * assertEquals([...y.dataSync()], [-1, 1]);
 * ```
 */
export function batchNorm(
  x: tf.Tensor2D,
  { gain, bias, running, training, momentum = 0.1, epsilon = 1e-5 }: BatchNormOptions,
): tf.Tensor2D {
  const [rows, width] = x.shape;
  const wanted = [width];
  checkShape("a gain", { tensor: gain, wanted });
  checkShape("a bias", { tensor: bias, wanted });
  checkShape("running statistics", { tensor: running.mean, wanted });
  if (!training) {
    return tf.tidy(() => {
      const scale = running.variance.add(epsilon).rsqrt().mul(gain); // [C]
      return x.sub(running.mean).mul(scale).add(bias);
    });
  }
  if (rows < 2) {
    throw new RangeError(`Expected at least two rows for batch norm to train on, got ${rows}`);
  }
  learnStatistics(x, { running, momentum });
  return tf.tidy(() => {
    const one = { gain: tf.ones([rows]) as tf.Tensor1D, bias: tf.zeros([rows]) as tf.Tensor1D };
    const normal = layerNorm(x.transpose(), { ...one, epsilon }).transpose(); // columns as rows
    return normal.mul<tf.Tensor2D>(gain).add(bias);
  });
}

function learnStatistics(
  x: tf.Tensor2D,
  { running, momentum }: { running: RunningStatistics; momentum: number },
): void {
  const [rows] = x.shape;
  tf.tidy(() => {
    const { mean, variance } = tf.moments(x, 0); // [C]
    const unbiased = variance.mul(rows / (rows - 1));
    running.mean.assign(running.mean.mul<tf.Tensor1D>(1 - momentum).add(mean.mul(momentum)));
    running.variance.assign(
      running.variance.mul<tf.Tensor1D>(1 - momentum).add(unbiased.mul(momentum)),
    );
  });
}
