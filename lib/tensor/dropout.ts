/** Dropout whose mask is a function of its seed. */
import * as tf from "@tensorflow/tfjs";

/**
 * Sets each element to zero with probability `rate` and scales the others by 1/(1 − rate)
 * (Srivastava et al., 2014). The same seed drops the same elements, on every backend.
 */
export function dropout<T extends tf.Tensor>(
  x: T,
  { rate, seed }: { rate: number; seed: number },
): T {
  if (!(rate >= 0 && rate < 1)) {
    throw new RangeError(`Expected a dropout rate of at least 0 and below 1, got ${rate}`);
  }
  if (rate === 0) return x;
  // subtle: tfjs takes the number 0 to mean "no seed"
  return tf.dropout(x, rate, undefined, `dropout ${seed}`) as T;
}
