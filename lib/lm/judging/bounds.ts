/** What can be proved about the accuracy of any model, however far it remembers. */
import type { Grammar } from "../../grammar/mod.ts";
import type { LanguageModel } from "../language_model.ts";
import { searchBeginnings } from "./search.ts";

/** Between what the share of members among a model's strings must lie. */
export interface AccuracyBounds {
  /** The share of the model's strings that are known to be right. */
  readonly lower: number;
  /** 1 less the share that is known to be wrong. */
  readonly upper: number;
  /** The number of beginnings whose continuations were looked at. */
  readonly opened: number;
}

/**
 * Adds up the model's exact probabilities of right strings, and of first mistakes, over the most
 * probable beginnings. The bounds are proved, but with a large alphabet they are far apart: most strings
 * are too improbable to be looked at one by one.
 *
 * @param options.most the number of beginnings to look at
 */
export async function accuracyBounds(
  model: LanguageModel,
  { grammar, most = 20_000 }: { grammar: Grammar; most?: number },
): Promise<AccuracyBounds> {
  let [right, wrong] = [0, 0];
  const { opened } = await searchBeginnings(model, {
    grammar,
    most,
    pastMistakes: false,
    visit: ({ state, probability }, row) => {
      const truth = grammar.probabilities(state!); // the end is last, in the row it is first
      row.forEach((logarithm, token) => {
        const share = probability * Math.exp(logarithm);
        if (truth.at(token - 1)! === 0) wrong += share;
        else if (token === model.vocabulary.end) right += share;
      });
    },
  });
  return { lower: right, upper: 1 - wrong, opened };
}
