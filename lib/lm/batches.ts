/**
 * Strings of different lengths as rectangles of tokens.
 *
 * A rectangle is as wide as its longest string, so strings of similar length share a batch: little
 * padding is computed. Letters: B strings in a batch, T positions.
 */
import type { Random } from "../random.ts";
import { chunksOf } from "./chunks.ts";
import type { TokenBatch } from "./model.ts";
import { BOUNDARY, PADDING } from "./vocabulary.ts";

/** How strings are cut and stacked. */
export interface BatchOptions {
  /** Strings in a batch, B. */
  batchSize: number;
  /** The most positions a row may have; longer strings are read in chunks (see `chunks.ts`). */
  longestInput?: number;
}

/** Strings are shuffled over the whole corpus, and sorted by length among this many batches. */
const BATCHES_IN_A_POOL = 20;

/** A string, or as much of it as a model can read at once. */
interface Row {
  readonly tokens: Int32Array;
  readonly start: number;
  readonly from: number;
  readonly end: number;
}

/** Every string once, in a random order and random company: the batches of one epoch. */
export function shuffledBatches(
  strings: readonly Int32Array[],
  { rng, ...options }: BatchOptions & { rng: Random },
): TokenBatch[] {
  const rows = rng.shuffle(rowsOf(strings, options));
  const pools = slices(rows, options.batchSize * BATCHES_IN_A_POOL);
  return rng.shuffle(pools.flatMap((pool) => stackByLength(pool, options)));
}

/** Every string once, the short ones first: for evaluation, where the order does not matter. */
export function sortedBatches(
  strings: readonly Int32Array[],
  options: BatchOptions,
): TokenBatch[] {
  return stackByLength(rowsOf(strings, options), options);
}

function rowsOf(
  strings: readonly Int32Array[],
  { longestInput = Infinity }: BatchOptions,
): Row[] {
  return strings.flatMap((tokens) =>
    chunksOf(tokens.length + 1, longestInput).map((chunk) => ({ tokens, ...chunk }))
  );
}

function stackByLength(rows: readonly Row[], { batchSize }: BatchOptions): TokenBatch[] {
  const sorted = rows.toSorted((a, b) => a.end - a.start - (b.end - b.start));
  return slices(sorted, batchSize).map(stack);
}

function slices<T>(items: readonly T[], size: number): T[][] {
  return Array.from(
    { length: Math.ceil(items.length / size) },
    (_, i) => items.slice(i * size, (i + 1) * size),
  );
}

function stack(rows: readonly Row[]): TokenBatch {
  const length = Math.max(...rows.map(({ start, end }) => end - start));
  const inputs = new Int32Array(rows.length * length).fill(BOUNDARY); // [B, T]
  const targets = new Int32Array(rows.length * length).fill(PADDING); // [B, T]
  rows.forEach(({ tokens, start, from, end }, row) => {
    for (let position = start; position < end; position++) {
      const place = row * length + position - start;
      inputs[place] = tokens[position - 1] ?? BOUNDARY;
      if (position >= from) targets[place] = tokens[position] ?? BOUNDARY;
    }
  });
  const tokens = rows.reduce((sum, { from, end }) => sum + end - from, 0);
  return { size: rows.length, length, inputs, targets, tokens };
}
