/** The exact lines, drawn for the very strings that judge: what luck is in a test set. */
import type { Grammar, NextDistribution } from "../../grammar/mod.ts";

/** Losses in nats a token on given members of a grammar. */
export interface LinesOnStrings {
  /** Of the grammar itself, which no model can be expected to beat. */
  readonly floor: number;
  /** Of the ideal k-gram model for each k asked for. */
  readonly idealLoss: readonly number[];
}

/**
 * The mean of −ln P over the tokens of given strings, their ends included, by the grammar and by the
 * ideal k-gram models. With many strings it approaches `entropyFloor()` and `idealLoss(k)`.
 *
 * @param options.strings members of the grammar
 * @param options.orders each k
 * @throws RangeError on a string that is not a member
 */
export function linesOnStrings(
  grammar: Grammar,
  { strings, orders }: { strings: readonly string[]; orders: readonly number[] },
): LinesOnStrings {
  for (const text of strings) {
    const verdict = grammar.check(text);
    if (!verdict.valid) {
      throw new RangeError(
        `Expected strings of ${grammar.family} ${grammar.n}, got ${JSON.stringify(text)}: ` +
          `at ${verdict.position}, ${verdict.reason}`,
      );
    }
  }
  return {
    floor: meanLoss(strings, (text) => surprisesOf(grammar, text)),
    idealLoss: orders.map((k) => {
      const predict = remembered(grammar, (seen) => grammar.idealPrediction(seen, k));
      return meanLoss(strings, (text) =>
        Array.from({ length: text.length + 1 }, (_, t) => {
          const { end, characters } = predict(text.slice(Math.max(0, t - k + 1), t));
          return -Math.log(t === text.length ? end : characters.get(text[t]!)!);
        }));
    }),
  };
}

/** The mean over all tokens of what a string's tokens cost. */
function meanLoss(strings: readonly string[], lossesOf: (text: string) => number[]): number {
  const losses = strings.flatMap(lossesOf);
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/** −ln P of each token by the grammar. */
function surprisesOf(grammar: Grammar, text: string): number[] {
  let state = grammar.start;
  return [...text, ""].map((character) => {
    const index = character === "" ? grammar.alphabet.length : grammar.alphabet.indexOf(character);
    const surprise = -Math.log(grammar.probabilities(state)[index]!);
    state = grammar.next(state, character) ?? state;
    return surprise;
  });
}

/** The same predictions, each worked out once: they depend on symbols alone. */
function remembered(
  grammar: Grammar,
  predict: (context: string) => NextDistribution,
): (context: string) => NextDistribution {
  const known = new Map<string, NextDistribution>();
  return (context) => {
    const key = Array.from(context, (character) => grammar.symbolOf(character)!.name).join("");
    if (!known.has(key)) known.set(key, predict(context));
    return known.get(key)!;
  };
}
