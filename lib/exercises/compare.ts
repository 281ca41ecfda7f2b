/** Holds what a notebook builds against what the library has. */

/** Numbers in lists of any depth, or a tensor's. */
export type Numbers = number | ArrayLike<number> | readonly Numbers[] | NumberTensor;

/** What is needed of a tensor. */
export interface NumberTensor {
  /** Its numbers, row after row. */
  dataSync(): ArrayLike<number>;
}

/** What is compared. */
export interface Comparison {
  /** The reader's numbers. */
  mine: Numbers;
  /** The library's, or whoever else judges. */
  lib: Numbers;
  /** Largest difference allowed, relative for numbers above 1. */
  allowed: number;
}

/**
 * Compares two lists of numbers, prints the largest difference.
 *
 * @throws {Error} when they differ by more than is allowed, or in length
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { compare } from "./mod.ts";
 *
 * compare("halves", { mine: [0.5, 1], lib: [1 / 2, 2 / 2], allowed: 1e-12 });
 * assertThrows(() => compare("halves", { mine: [0.5], lib: [0.6], allowed: 1e-12 }));
 * ```
 */
export function compare(what: string, { mine, lib, allowed }: Comparison): void {
  const [a, b] = [flat(mine), flat(lib)];
  if (a.length !== b.length || b.length === 0) {
    throw new Error(`${what}: expected ${b.length} numbers, got ${a.length}`);
  }
  let largest = 0;
  b.forEach((value, index) => {
    const difference = Math.abs(a[index]! - value) / Math.max(1, Math.abs(value));
    if (Number.isNaN(difference) || difference > largest) largest = difference;
  });
  if (!(largest <= allowed)) {
    throw new Error(`${what}: expected a difference of at most ${allowed}, got ${largest}`);
  }
  const said = largest === 0 ? "exactly equal" : `largest difference ${largest.toExponential(1)}`;
  console.log(`${what}: ${b.length} ${b.length === 1 ? "number" : "numbers"}, ${said}`);
}

function flat(numbers: Numbers): number[] {
  if (typeof numbers === "number") return [numbers];
  if ("dataSync" in numbers) return Array.from(numbers.dataSync());
  return Array.from(numbers as ArrayLike<Numbers>).flatMap(flat);
}
