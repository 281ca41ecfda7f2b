/**
 * The n-gram model by counting: P(next | last n−1) is how often that token came after them.
 *
 * V is the vocabulary size, c(…) a count in the training strings.
 */
import type { LanguageModel } from "../language_model.ts";
import { createNgramCounts, type NgramCounts } from "./ngram_counts.ts";
import { createAutomatonModel } from "./automaton.ts";
import type { Vocabulary } from "../data/vocabulary.ts";

/** How an n-gram model is counted. */
export interface CountOptions {
  /** n: a prediction sees the last n−1 tokens. */
  order: number;
  /** What the token ids stand for. */
  vocabulary: Vocabulary;
  /** Training strings as token ids, without start and end. */
  strings: Iterable<Int32Array>;
  /**
   * Added to every count. The default is so small that among a million sampled tokens an n-gram
   * that was never seen is still unlikely, so that samples show what counting alone knows; and it
   * makes the loss on an unseen n-gram large (some 20 nats) rather than infinite.
   */
  alpha?: number;
  /**
   * After a context that was never seen, predict from its longest end that was, instead of
   * uniformly. Off by default, for then a model of order n knows n-grams and nothing else.
   */
  backOff?: boolean;
}

/** A model that counts, and what it has counted. */
export interface CountModel extends LanguageModel {
  /** It has tables. */
  readonly kind: "counted";
  /** What kind of model this is. */
  readonly architecture: "count";
  /** What rebuilds it around its tables. */
  readonly config: Readonly<Required<Pick<CountOptions, "order" | "alpha" | "backOff">>>;
  /** The counts, of the highest order first; more than one when backing off. */
  readonly tables: readonly NgramCounts[];
}

/**
 * P(next | context) = (c(context, next) + α) / (c(context) + α·V), uniform after a context that
 * was never seen.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { createCountModel } from "./count_ngram.ts";
 * import { createVocabulary } from "../data/vocabulary.ts";
 *
 * const vocabulary = createVocabulary("ab");
 * const strings = ["aa", "ab"].map((text) => vocabulary.encode(text));
 * const model = createCountModel({ order: 2, vocabulary, strings });
 * const afterA = await model.startDecoding(1).step(vocabulary.encode("a"));
 * assertAlmostEquals(Math.exp(afterA[2]!), 1 / 3, 1e-6); // a was followed by a, the end, b
 * ```
 */
export function createCountModel(
  { order, vocabulary, strings, alpha = 1e-9, backOff = false }: CountOptions,
): CountModel {
  const tables = createTables({ order, backOff }, vocabulary);
  for (const string of strings) tables.forEach((table) => table.add(string));
  return countModelFrom(tables, { config: { order, alpha, backOff }, vocabulary });
}

/** Whether a model has counted. */
export function isCounted(model: LanguageModel): model is CountModel {
  return model.kind === "counted";
}

/** Empty tables for a model, of the highest order first. */
export function createTables(
  { order, backOff }: Pick<CountModel["config"], "order" | "backOff">,
  vocabulary: Pick<Vocabulary, "size" | "start" | "end">,
): NgramCounts[] {
  const orders = backOff ? Array.from({ length: order }, (_, less) => order - less) : [order];
  return orders.map((order) => createNgramCounts({ order, vocabulary }));
}

/** The model of tables that have been filled. */
export function countModelFrom(
  tables: readonly NgramCounts[],
  { config, vocabulary }: { config: CountModel["config"]; vocabulary: Vocabulary },
): CountModel {
  const { order, alpha } = config;
  const counts = new Float64Array(vocabulary.size);
  const model = createAutomatonModel({
    name: `count-${order}`,
    vocabulary,
    parameterCount: tables.reduce((sum, table) => sum + table.distinct(), 0),
    contextLength: order - 1,
    start: new Int32Array(order - 1).fill(vocabulary.start),
    next: slide,
    predict: (context, row) => {
      const total = longestSeen(tables, { context, counts });
      if (total + alpha === 0) return row.fill(-Math.log(vocabulary.size));
      const logSum = Math.log(total + alpha * vocabulary.size);
      counts.forEach((count, token) => row[token] = Math.log(count + alpha) - logSum);
    },
  });
  return { ...model, kind: "counted", architecture: "count", config, tables };
}

/** The last n−1 tokens after one more. */
function slide(context: Int32Array, token: number): Int32Array {
  const slid = new Int32Array(context.length);
  slid.set(context.subarray(1));
  if (slid.length > 0) slid[slid.length - 1] = token;
  return slid;
}

/** Fills `counts` from the first table, highest order first, that knows its part of the context. */
function longestSeen(
  tables: readonly NgramCounts[],
  { context, counts }: { context: Int32Array; counts: Float64Array },
): number {
  for (const table of tables) {
    const known = context.subarray(context.length - (table.order - 1));
    const total = table.successors(known, counts);
    if (total > 0) return total;
  }
  return 0;
}
