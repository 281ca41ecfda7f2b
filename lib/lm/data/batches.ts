/**
 * Strings of different lengths as rectangles of tokens.
 *
 * A rectangle is as wide as its longest string, and most of the strings of a random batch are much
 * shorter: three quarters would be padding. Batches of strings of one length would have none, but
 * also a less steady gradient. So a batch stays random and is divided into a few rectangles.
 *
 * Letters: B strings in a rectangle, T positions.
 */
import type { Random } from "../../random.ts";
import { chunksOf } from "./context_chunks.ts";
import type { NeuralModel, TokenBatch } from "../language_model.ts";
import { PADDING, type Vocabulary } from "./vocabulary.ts";

/** The tokens before and after each string. */
type Borders = Pick<Vocabulary, "start" | "end">;

/** How strings are cut and stacked. */
export interface BatchOptions {
  /** Strings in a batch. */
  batchSize: number;
  /** Says which tokens stand before and after each string. */
  vocabulary: Borders;
  /** The most positions a row may have; longer strings are read in chunks (see `context_chunks.ts`). */
  longestInput?: number;
  /** The most places of a string that are read at all: what comes after them is nobody's task. */
  longest?: number | undefined;
}

/** How a model reads, which decides what its batches look like. */
export type Reading = Pick<NeuralModel, "longestInput" | "ignoresPadding">;

/** Where training takes its batches from: strings, or windows of a long text. */
export interface BatchSource {
  /** The batches of one epoch, each as rectangles; always as many. */
  draw(options: { batchSize: number; rng: Random; reading: Reading }): (readonly TokenBatch[])[];
  /** What chooses the best weights. */
  valid(options: { batchSize: number; reading: Reading }): readonly TokenBatch[];
}

/** Strings as a source of batches: all of `train` in each epoch, in an order of its own. */
export function stringBatches(
  { train, valid, vocabulary, longest }: {
    /** Token ids of the strings to learn, without start and end. */
    train: readonly Int32Array[];
    /** Token ids of strings that choose the best weights. */
    valid: readonly Int32Array[];
    vocabulary: Borders;
    /** The most places of a string that are learned from; all where not given. */
    longest?: number | undefined;
  },
): BatchSource {
  return {
    draw: ({ batchSize, rng, reading: { longestInput, ignoresPadding } }) =>
      shuffledBatches(train, {
        ...{ batchSize, rng, longestInput, vocabulary, longest },
        rectangleCost: ignoresPadding ? Infinity : undefined,
      }),
    valid: ({ batchSize, reading: { longestInput } }) =>
      sortedBatches(valid, { batchSize: 4 * batchSize, longestInput, vocabulary, longest }),
  };
}

/** What one more rectangle costs, in positions computed: measured with the recurrent models. */
const RECTANGLE_COST = 200;

/** A string, or as much of it as a model can read at once. */
interface Row {
  readonly tokens: Int32Array;
  readonly borders: Borders;
  readonly start: number;
  readonly from: number;
  readonly end: number;
}

/**
 * Every string once, in a random order: the batches of one epoch, each of them as rectangles.
 *
 * @param options.rectangleCost what a rectangle costs besides its positions; Infinity for just one
 */
export function shuffledBatches(
  strings: readonly Int32Array[],
  { rng, rectangleCost = RECTANGLE_COST, ...options }: BatchOptions & {
    rng: Random;
    rectangleCost?: number | undefined;
  },
): TokenBatch[][] {
  const rows = rng.shuffle(rowsOf(strings, options));
  return slices(rows, options.batchSize).map((batch) => {
    const sorted = batch.toSorted(byLength);
    return cheapestCuts(sorted.map(lengthOf), rectangleCost)
      .map((start, i, starts) => stack(sorted.slice(start, starts[i + 1])));
  });
}

/** Every string once, the short ones first: for evaluation, where the company does not matter. */
export function sortedBatches(
  strings: readonly Int32Array[],
  options: BatchOptions,
): TokenBatch[] {
  return slices(rowsOf(strings, options).sort(byLength), options.batchSize).map(stack);
}

/**
 * Where to cut rows of rising lengths into rectangles, so that all positions and `rectangleCost`
 * for each further rectangle are least: the starts of the rectangles.
 */
export function cheapestCuts(lengths: readonly number[], rectangleCost: number): number[] {
  const best = [{ cost: 0, starts: [] as number[] }]; // of the first 0, 1, 2, … rows
  for (let end = 1; end <= lengths.length; end++) {
    let [cost, last] = [Infinity, 0];
    for (let start = 0; start < end; start++) {
      const area = (end - start) * lengths[end - 1]!;
      const candidate = best[start]!.cost + area + (start > 0 ? rectangleCost : 0);
      if (candidate < cost) [cost, last] = [candidate, start];
    }
    best.push({ cost, starts: [...best[last]!.starts, last] });
  }
  return best.at(-1)!.starts;
}

function rowsOf(
  strings: readonly Int32Array[],
  { longestInput = Infinity, longest = Infinity, vocabulary: borders }: BatchOptions,
): Row[] {
  return strings.flatMap((tokens) =>
    chunksOf(Math.min(tokens.length + 1, longest), longestInput).map((chunk) => ({
      tokens,
      borders,
      ...chunk,
    }))
  );
}

const lengthOf = ({ start, end }: Row) => end - start;
const byLength = (a: Row, b: Row) => lengthOf(a) - lengthOf(b);

function slices<T>(items: readonly T[], size: number): T[][] {
  return Array.from(
    { length: Math.ceil(items.length / size) },
    (_, i) => items.slice(i * size, (i + 1) * size),
  );
}

function stack(rows: readonly Row[]): TokenBatch {
  const length = rows.reduce((longest, row) => Math.max(longest, lengthOf(row)), 0);
  const inputs = new Int32Array(rows.length * length).fill(rows[0]!.borders.end); // [B, T]
  const targets = new Int32Array(rows.length * length).fill(PADDING); // [B, T]
  rows.forEach(({ tokens, borders, start, from, end }, row) => {
    for (let position = start; position < end; position++) {
      const place = row * length + position - start;
      inputs[place] = tokens[position - 1] ?? borders.start;
      if (position >= from) targets[place] = tokens[position] ?? borders.end;
    }
  });
  const tokens = rows.reduce((sum, { from, end }) => sum + end - from, 0);
  return { size: rows.length, length, inputs, targets, tokens };
}
