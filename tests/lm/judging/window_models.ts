/** Models of finite context whose every probability is known. */
import type { Grammar } from "../../../lib/grammar/mod.ts";
import { createAutomatonModel, createVocabulary, type LanguageModel } from "../../../lib/lm/mod.ts";
import { createRandom } from "../../../lib/random.ts";

/** A model that sees `k - 1` tokens: `rowOf` gives Q of all tokens after these characters, the end first. */
export function createWindow(
  grammar: Grammar,
  { k, rowOf }: { k: number; rowOf: (seen: string) => ArrayLike<number> },
): LanguageModel {
  const vocabulary = createVocabulary(grammar.alphabet);
  const rows = new Map<string, ArrayLike<number>>();
  return createAutomatonModel<string>({
    name: "window",
    vocabulary,
    parameterCount: 0,
    contextLength: k - 1,
    start: "",
    next: (seen, token) => {
      if (token === vocabulary.start) return "";
      const longer = seen + vocabulary.symbol(token);
      return longer.slice(Math.max(0, longer.length - k + 1));
    },
    predict: (seen, row) => {
      if (!rows.has(seen)) rows.set(seen, rowOf(seen));
      row.set(Array.from(rows.get(seen)!, Math.log));
    },
  });
}

/** Probabilities drawn by lot for every context; ends are more likely than any character. */
export function createLotModel(
  grammar: Grammar,
  { k, seed, end = 1 }: { k: number; seed: number; end?: number },
): LanguageModel {
  return createWindow(grammar, {
    k,
    rowOf: (seen) => {
      const rng = createRandom(seed, seen);
      const weights = [end, ...grammar.alphabet.map(() => rng.uniform() ** 3)];
      const total = weights.reduce((sum, weight) => sum + weight);
      return weights.map((weight) => weight / total);
    },
  });
}

/** The k-gram model that knows the language perfectly. */
export function createIdealModel(grammar: Grammar, k: number): LanguageModel {
  return createWindow(grammar, {
    k,
    rowOf: (seen) => {
      const { end, characters } = grammar.idealPrediction(seen, k);
      return [end, ...grammar.alphabet.map((character) => characters.get(character) ?? 0)];
    },
  });
}
