/**
 * How a model with a finite context reads a longer string: in half-overlapping chunks.
 *
 * When the context is full, its older half (rounded up) is forgotten and reading goes on. So every
 * token is predicted exactly once, and all but the first ones from at least half a context.
 * Training, evaluation and decoding slide alike, so that they speak of the same probabilities.
 */

/** A stretch of positions that a model reads at once. */
export interface Chunk {
  /** First position read. */
  readonly start: number;
  /** First position whose prediction counts; those before it were predicted by the chunk before. */
  readonly from: number;
  /** One past the last position. */
  readonly end: number;
}

/** How many of the oldest positions are forgotten when `contextLength` positions are full. */
export function forgottenWhenFull(contextLength: number): number {
  return Math.ceil(contextLength / 2);
}

/**
 * The chunks in which `length` positions are read.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { chunksOf } from "./context_chunks.ts";
 *
 * assertEquals(chunksOf(5, 4), [{ start: 0, from: 0, end: 4 }, { start: 2, from: 4, end: 5 }]);
 * ```
 */
export function chunksOf(length: number, contextLength: number): Chunk[] {
  if (length <= contextLength) return [{ start: 0, from: 0, end: length }];
  const step = forgottenWhenFull(contextLength);
  const chunks: Chunk[] = [{ start: 0, from: 0, end: contextLength }];
  for (let start = step; start + contextLength - step < length; start += step) {
    const from = start + contextLength - step;
    chunks.push({ start, from, end: Math.min(start + contextLength, length) });
  }
  return chunks;
}
