/**
 * The n-gram model that mixes all context lengths: interpolated Kneser–Ney (Kneser and Ney, 1995;
 * Chen and Goodman, 1999, section 2.7). Until neural models came nothing counted was better, so it is
 * the line that they have to pass on a real text.
 *
 * V is the vocabulary size, c(…) a count.
 */
import { createAutomatonModel } from "./automaton.ts";
import type { Vocabulary } from "../data/vocabulary.ts";
import type { LanguageModel } from "../language_model.ts";

/** What is counted, and how far back. */
export interface KneserNeyOptions {
  /** n: a prediction sees the last n−1 tokens. */
  order: number;
  /** What the token ids stand for. */
  vocabulary: Vocabulary;
  /** Training strings as token ids, without start and end. */
  strings: Iterable<Int32Array>;
  /** Whether strings end, as names do, or are pieces of one text, whose end nobody predicts. */
  ends?: boolean;
}

/** A Kneser–Ney model. */
export interface KneserNeyModel extends LanguageModel {
  /** P(token | context); of the context its last n−1 tokens count. */
  probability(context: ArrayLike<number>, token: number): number;
}

/** What was seen after one context. */
interface Context {
  readonly counts: Map<number, number>;
  total: number;
  /** The contexts that are one token longer, by that token. */
  readonly longer: Map<number, Context>;
}

const emptyContext = (): Context => ({ counts: new Map(), total: 0, longer: new Map() });

/**
 * From each count a discount D is taken, and what was taken is spread as a shorter context would
 * predict:
 *
 * P(w | context) = (max(c(context, w) − D, 0) + D · types(context) · P(w | shorter)) / c(context)
 *
 * Shorter contexts count not how often but in how many longer contexts a token came, so that
 * `Francisco`, frequent but only after `San`, is not expected anywhere else. The shortest is mixed with
 * 1/V. For each length D = n₁ / (n₁ + 2n₂), where n₁ and n₂ are how many counts are 1 and 2.
 *
 * @throws RangeError when the order is no whole number of at least 1
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { createVocabulary } from "../data/vocabulary.ts";
 * import { createKneserNey } from "./kneser_ney.ts";
 *
 * const vocabulary = createVocabulary("ab");
 * const strings = ["abab", "abb", "ba"].map((text) => vocabulary.encode(text));
 * const { probability } = createKneserNey({ order: 3, vocabulary, strings });
 * const sum = [0, 1, 2].reduce((all, token) => all + probability([1, 2], token), 0);
 * assertAlmostEquals(sum, 1, 1e-12);
 * ```
 */
export function createKneserNey(
  { order, vocabulary, strings, ends = true }: KneserNeyOptions,
): KneserNeyModel {
  if (!Number.isInteger(order) || order < 1) {
    throw new RangeError(`Expected an order of at least 1, got ${order}`);
  }
  const root = emptyContext();
  for (const string of strings) countString(root, { string, order, vocabulary, ends });
  const discounts = discountsOf(root, order);
  const parameterCount = countAll(root);
  const row64 = new Float64Array(vocabulary.size);
  const model = createAutomatonModel<Int32Array>({
    name: `kneser-ney-${order}`,
    vocabulary,
    parameterCount,
    contextLength: order - 1,
    start: new Int32Array(order - 1).fill(vocabulary.start),
    next: (context, token) => Int32Array.from([...context, token].slice(1)),
    predict: (context, row) => {
      row64.fill(1 / vocabulary.size);
      for (const { of, discount } of pathTo(context)) {
        const left = discount * of.counts.size / of.total;
        row64.forEach((shorter, token) => row64[token] = left * shorter);
        for (const [token, count] of of.counts) row64[token]! += (count - discount) / of.total;
      }
      row64.forEach((value, token) => row[token] = Math.log(value));
    },
  });
  return {
    ...model,
    probability: (context, token) => {
      let probability = 1 / vocabulary.size;
      for (const { of, discount } of pathTo(context)) {
        const own = Math.max(0, (of.counts.get(token) ?? 0) - discount);
        probability = (own + discount * of.counts.size * probability) / of.total;
      }
      return probability;
    },
  };

  /** The known contexts of a text, shortest first, with their discounts. */
  function* pathTo(context: ArrayLike<number>): Iterable<{ of: Context; discount: number }> {
    let of: Context | undefined = root;
    for (let length = 0; of !== undefined && of.total > 0; length++) {
      yield { of, discount: discounts[length]! };
      const at = context.length - 1 - length;
      of = at < 0 || length >= order - 1 ? undefined : of.longer.get(context[at]!);
    }
  }
}

type KneserNeyCount =
  & Required<Omit<KneserNeyOptions, "strings">>
  & { string: Int32Array };

/** Counts the n-grams of a string; a shorter one is counted when the one around it is new. */
function countString(
  root: Context,
  { string, order, vocabulary, ends }: KneserNeyCount,
): void {
  const padded = [...Array<number>(order - 1).fill(vocabulary.start), ...string];
  if (ends) padded.push(vocabulary.end);
  const path: Context[] = [];
  for (let at = order - 1; at < padded.length; at++) {
    path[0] = root;
    for (let back = 1; back < order; back++) {
      const token = padded[at - back]!;
      const { longer } = path[back - 1]!;
      let context = longer.get(token);
      if (!context) longer.set(token, context = emptyContext());
      path[back] = context;
    }
    for (let length = order - 1; length >= 0; length--) {
      const context = path[length]!;
      const count = context.counts.get(padded[at]!) ?? 0;
      context.counts.set(padded[at]!, count + 1);
      context.total++;
      if (count > 0) break;
    }
  }
}

/** The discount of each context length; where no count is 1 or 2, one half. */
function discountsOf(root: Context, order: number): number[] {
  const ones = new Float64Array(order);
  const twos = new Float64Array(order);
  visit(root, 0);
  return Array.from(ones, (one, length) => one > 0 ? one / (one + 2 * twos[length]!) : 0.5);

  function visit({ counts, longer }: Context, length: number): void {
    for (const count of counts.values()) {
      if (count === 1) ones[length]!++;
      else if (count === 2) twos[length]!++;
    }
    for (const context of longer.values()) visit(context, length + 1);
  }
}

function countAll({ counts, longer }: Context): number {
  let sum = counts.size;
  for (const context of longer.values()) sum += countAll(context);
  return sum;
}
