/** Initial values of parameters, drawn from a random stream that is passed in. */
import type { Random } from "../../random.ts";
import { tf } from "../../tensor/mod.ts";

/** A parameter drawn from the normal distribution with mean 0. */
export function normal<R extends tf.Rank>(
  shape: tf.ShapeMap[R],
  { rng, deviation }: { rng: Random; deviation: number },
): tf.Variable<R> {
  return filled(shape, () => rng.normal() * deviation);
}

/** A parameter drawn uniformly from −bound to bound. */
export function uniform<R extends tf.Rank>(
  shape: tf.ShapeMap[R],
  { rng, bound }: { rng: Random; bound: number },
): tf.Variable<R> {
  return filled(shape, () => (2 * rng.uniform() - 1) * bound);
}

/** A parameter that starts at one value everywhere. */
export function constant<R extends tf.Rank>(
  shape: tf.ShapeMap[R],
  value = 0,
): tf.Variable<R> {
  return filled(shape, () => value);
}

function filled<R extends tf.Rank>(shape: tf.ShapeMap[R], draw: () => number): tf.Variable<R> {
  const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, draw);
  return tf.tidy(() => tf.variable(tf.tensor<R>(values, shape)));
}
