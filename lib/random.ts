/**
 * The one source of randomness: seeded, passed in, never global.
 *
 * The generator is Johannes Baagøe's Alea, from `seedrandom`: fast, the same sequence on every
 * machine, and its whole state is four numbers, so a checkpoint can hold it.
 */
// @ts-types="@types/seedrandom"
import seedrandom from "seedrandom";

/** What {@linkcode Random.state} returns and {@linkcode restoreRandom} takes. */
export type RandomState = seedrandom.State.Alea;

/** A seeded stream of random numbers. */
export interface Random {
  /** A uniform number in [0, 1). */
  uniform(): number;
  /** A uniform whole number in [0, count). */
  integer(count: number): number;
  /** A draw from the standard normal distribution (Box and Muller, 1958). */
  normal(): number;
  /** A uniformly drawn element; throws a RangeError on an empty list. */
  choice<T>(items: ArrayLike<T>): T;
  /** Shuffles in place (Fisher and Yates) and returns its argument. */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T;
  /** The state, as plain JSON; the stream goes on from it with {@linkcode restoreRandom}. */
  state(): RandomState;
}

/**
 * A stream for a seed. Further names give independent streams of one seed, so that drawing more
 * for one purpose does not disturb another.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createRandom } from "./random.ts";
 *
 * assertEquals(createRandom(1).uniform(), createRandom(1).uniform());
 * const weights = createRandom(1, "weights"); // its own stream
 * assertEquals(weights.uniform() === createRandom(1).uniform(), false);
 * ```
 */
export function createRandom(
  seed: number | string,
  ...names: (number | string)[]
): Random {
  return wrap(seedrandom.alea([seed, ...names].join("/"), { state: true }));
}

/** The stream that stood at `state`, drawing on from there. */
export function restoreRandom(state: RandomState): Random {
  return wrap(seedrandom.alea("", { state }));
}

function wrap(alea: seedrandom.StatefulPRNG<RandomState>): Random {
  const uniform = () => alea();
  const integer = (count: number) => Math.floor(alea() * count);
  return {
    uniform,
    integer,
    normal: () => Math.sqrt(-2 * Math.log(1 - alea())) * Math.cos(2 * Math.PI * alea()),
    choice: (items) => {
      if (items.length === 0) {
        throw new RangeError("Expected a list to choose from, got none");
      }
      return items[integer(items.length)]!;
    },
    shuffle: (items) => {
      for (let last = items.length - 1; last > 0; last--) {
        const other = integer(last + 1);
        const kept = items[last];
        items[last] = items[other] as never;
        items[other] = kept as never;
      }
      return items;
    },
    state: () => alea.state(),
  };
}
