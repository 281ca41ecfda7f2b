/** Character by character: what the model expected, what was true, and where a string went wrong. */
import type { Grammar } from "../../grammar/mod.ts";
import { sortedBatches } from "../data/batches.ts";
import type { LanguageModel } from "../language_model.ts";

/** One character of a string, or its end. */
export interface CharacterAnalysis {
  /** The character; empty for the end of the string. */
  readonly character: string;
  /** P(this | all before) as the model has it; null without a model. */
  readonly model: number | null;
  /** The same as it truly is; null after the first mistake, where nothing is true any more. */
  readonly truth: number | null;
  /** The automaton's state after it; null from the first mistake on, and after the end. */
  readonly state: number | null;
  /** Why the character must not stand here; null where it may, and after the first mistake. */
  readonly reason: string | null;
}

/** Looks at every character of a text and at its end; the text may be one that no model wrote. */
export async function analyseCharacters(
  text: string,
  { grammar, model }: { grammar: Grammar; model?: LanguageModel | undefined },
): Promise<CharacterAnalysis[]> {
  const own = model ? await predictedProbabilities(model, text) : [];
  return judgeCharacters(text, { grammar, own });
}

/**
 * The same of a text whose probabilities are at hand.
 *
 * @param options.own what a model gave each character and, last, the end; it may break off before
 */
export function judgeCharacters(
  text: string,
  { grammar, own }: { grammar: Grammar; own: readonly number[] },
): CharacterAnalysis[] {
  const verdict = grammar.check(text);
  let state: number | undefined = grammar.start;
  let position = 0;
  return Array.from([...text, ""], (character, i) => {
    const truth = state === undefined ? null : trueProbability(grammar, { state, character });
    const wrong = !verdict.valid && truth !== null && position === verdict.position;
    if (state !== undefined) state = character ? grammar.next(state, character) : undefined;
    position += character.length;
    return {
      ...{ character, model: own[i] ?? null, truth, state: state ?? null },
      reason: wrong ? verdict.reason : null,
    };
  });
}

/** P(character | those before) for every character and the end. */
async function predictedProbabilities(model: LanguageModel, text: string): Promise<number[]> {
  const { vocabulary } = model;
  const [batch] = sortedBatches([vocabulary.encode(text)], { batchSize: 1, vocabulary });
  const logarithms = await model.logProbabilities(batch!); // [1, T, V]
  return Array.from(
    batch!.targets,
    (token, i) => Math.exp(logarithms[i * vocabulary.size + token]!),
  );
}

function trueProbability(
  grammar: Grammar,
  { state, character }: { state: number; character: string },
): number {
  const probabilities = grammar.probabilities(state);
  if (character === "") return probabilities.at(-1)!;
  const index = grammar.alphabet.indexOf(character);
  return index < 0 ? 0 : probabilities[index]!;
}
