/** The grammar itself as a language model: the ceiling that no other model can pass. */
import type { Grammar } from "../../grammar/mod.ts";
import type { LanguageModel } from "../language_model.ts";
import { createAutomatonModel } from "./automaton.ts";
import { createVocabulary } from "../data/vocabulary.ts";

/**
 * Predicts the grammar's exact probabilities, ln 0 = −∞ where something must not follow.
 *
 * After a prefix that no string has there is no such thing as the next token: then everything is
 * −∞, so that a loss shows it as infinite and sampling from there is an error. The start token
 * begins a new string anywhere.
 */
export function createGrammarModel(grammar: Grammar): LanguageModel {
  const vocabulary = createVocabulary(grammar.alphabet);
  return createAutomatonModel<number | undefined>({
    name: "grammar",
    vocabulary,
    parameterCount: 0,
    contextLength: (grammar.minimalOrder() ?? Infinity) - 1,
    start: grammar.start,
    next: (state, token) => {
      if (token === vocabulary.start) return grammar.start;
      return state === undefined ? undefined : grammar.next(state, vocabulary.symbol(token));
    },
    predict: (state, row) => {
      if (state === undefined) return row.fill(-Infinity);
      const probabilities = grammar.probabilities(state); // the end is last, in the row it is first
      for (let i = 0; i < row.length; i++) row[(i + 1) % row.length] = Math.log(probabilities[i]!);
    },
  });
}
