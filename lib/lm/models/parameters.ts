/** The parameters of a neural model: their shapes by name, how they start, how they are found again. */
import type { Random } from "../../random.ts";
import type { tf } from "../../tensor/mod.ts";
import { constant, normal, uniform } from "./initializers.ts";

/** The shape of every parameter by its name, in the order of the forward pass. */
export type Shapes = ReadonlyMap<string, readonly number[]>;

/** Entries of {@linkcode Shapes} for a linear layer: weight [inputs, outputs] and bias [outputs]. */
export function linearShapes(
  name: string,
  [inputs, outputs]: readonly [number, number],
): [string, readonly number[]][] {
  return [[`${name}.weight`, [inputs, outputs]], [`${name}.bias`, [outputs]]];
}

/** How many numbers there are in parameters of these shapes. */
export function countWeights(shapes: Shapes): number {
  let sum = 0;
  for (const shape of shapes.values()) sum += shape.reduce((size, length) => size * length, 1);
  return sum;
}

/**
 * Parameters to start from: the embedding normal with deviation 1, biases 0, weight matrices uniform
 * within `bound` of 0.
 *
 * @param bound of a weight matrix of so many inputs
 */
export function initialParameters(
  shapes: Shapes,
  { rng, bound }: { rng: Random; bound: (inputs: number) => number },
): Map<string, tf.Variable> {
  const start = (name: string, [rows, columns]: readonly number[]): tf.Variable => {
    if (rows === undefined) throw new RangeError(`Expected a shape for ${name}, got none`);
    if (columns === undefined) return constant([rows]);
    if (name === "embedding") return normal([rows, columns], { rng, deviation: 1 });
    return uniform([rows, columns], { rng, bound: bound(rows) });
  };
  return new Map(Array.from(shapes, ([name, shape]) => [name, start(name, shape)]));
}

/** Parameters looked up by name: a missing one, or one of another rank, is an error that names it. */
export interface NamedParameters {
  /** A matrix. */
  matrix(name: string): tf.Tensor2D;
  /** A vector. */
  vector(name: string): tf.Tensor1D;
  /** A linear layer: `name.weight` and `name.bias`. */
  linear(name: string): { weight: tf.Tensor2D; bias: tf.Tensor1D };
  /** A layer norm: its gain `name.weight` and `name.bias`. */
  norm(name: string): { gain: tf.Tensor1D; bias: tf.Tensor1D };
}

/**
 * Looks parameters up by name.
 *
 * @throws RangeError from the look-ups, with the name, on a parameter that is missing or of another rank
 */
export function namedParameters(parameters: ReadonlyMap<string, tf.Tensor>): NamedParameters {
  const get = (name: string, rank: number) => {
    const found = parameters.get(name);
    if (found?.rank === rank) return found;
    const got = found ? `one of rank ${found.rank}` : "none";
    throw new RangeError(`Expected a parameter ${name} of rank ${rank}, got ${got}`);
  };
  const matrix = (name: string) => get(name, 2) as tf.Tensor2D;
  const vector = (name: string) => get(name, 1) as tf.Tensor1D;
  return {
    matrix,
    vector,
    linear: (name) => ({ weight: matrix(`${name}.weight`), bias: vector(`${name}.bias`) }),
    norm: (name) => ({ gain: vector(`${name}.weight`), bias: vector(`${name}.bias`) }),
  };
}
