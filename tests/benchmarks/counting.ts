/** How fast n-grams are counted, and how much memory that takes. */
import { createGrammar } from "../../lib/grammar/mod.ts";
import { createGrammarCorpus, createNgramCounts } from "../../lib/lm/mod.ts";

/** What counting one order of n-grams took. */
export interface CountingResult {
  readonly order: number;
  /** Tokens of the corpus, each string's end included. */
  readonly tokens: number;
  readonly tokensPerSecond: number;
  /** Different n-grams. */
  readonly distinct: number;
}

/**
 * Counts the n-grams of strings of `sticky 3` on one core, the best of some repetitions.
 *
 * @param order n; up to 3 the table is dense, beyond it is a hash table
 */
export function measureCounting(
  order: number,
  { strings = 200_000, repetitions = 5 }: { strings?: number; repetitions?: number } = {},
): CountingResult {
  const { vocabulary, train } = createGrammarCorpus(createGrammar("sticky", 3), {
    ...{ train: strings, valid: 0, seed: 0 },
  });
  const rates: number[] = [];
  let distinct = 0;
  for (let i = 0; i < repetitions; i++) {
    const counts = createNgramCounts({ order, vocabulary });
    const start = performance.now();
    for (const string of train.encoded) counts.add(string);
    rates.push(1000 * train.tokens / (performance.now() - start));
    distinct = counts.distinct();
  }
  return { order, tokens: train.tokens, tokensPerSecond: Math.max(...rates), distinct };
}

if (import.meta.main) {
  for (let order = 1; order <= 8; order++) {
    const { tokensPerSecond, tokens, distinct } = measureCounting(order);
    const rate = (tokensPerSecond / 1e6).toFixed(1);
    console.log(`n = ${order}: ${rate} million tokens/s, ${distinct} n-grams of ${tokens} tokens`);
  }
}
