/** The baseline that knows nothing: every character and the end are equally likely. */
import type { LanguageModel } from "../language_model.ts";
import { createAutomatonModel } from "./automaton.ts";
import type { Vocabulary } from "../data/vocabulary.ts";

/** The uniform distribution over the vocabulary, whatever came before: its loss is ln V. */
export function createRandomModel({ vocabulary }: { vocabulary: Vocabulary }): LanguageModel {
  return createAutomatonModel({
    name: "random",
    vocabulary,
    parameterCount: 0,
    contextLength: 0,
    start: undefined,
    next: () => undefined,
    predict: (_state, row) => row.fill(-Math.log(vocabulary.size)),
  });
}
