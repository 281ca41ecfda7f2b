/** What a model says of a text, in plain numbers that a worker can post. */
import { attentionOn } from "../analysis/attention.ts";
import { isNeural, type LanguageModel } from "../language_model.ts";

/** Where one head looks while a text is read, the start token first. */
export interface HeadOn {
  /** Counted from 0. */
  readonly layer: number;
  /** Counted from 0, within the layer. */
  readonly head: number;
  /** Weights [T + 1, T + 1]: the row of a place looks at the columns up to it. */
  readonly weights: readonly (readonly number[])[];
}

/** What a model expects at each place of a text of T characters. */
export interface Prediction {
  /** P(next | characters before) [T + 1, A + 1]: those of the alphabet in its order, then the end. */
  readonly probabilities: Float32Array;
  /** Where its heads look; none where it has none, or where the text is too long to be read at once. */
  readonly attention: readonly HeadOn[];
}

/** Predicts along a text, all of whose characters are of the alphabet. */
export type Predictor = (text: string) => Promise<Prediction>;

/**
 * The predictor of a model.
 *
 * @param options.alphabet the characters in the order in which they are predicted
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createRandomModel, createVocabulary } from "../core.ts";
 * import { predictorOf } from "./predictor.ts";
 *
 * const vocabulary = createVocabulary("ba");
 * const predict = predictorOf(createRandomModel({ vocabulary }), { alphabet: ["a", "b"] });
 * assertEquals((await predict("ab")).probabilities.length, 3 * 3); // 3 places, 2 characters, the end
 * ```
 */
export function predictorOf(
  model: LanguageModel,
  { alphabet }: { alphabet: readonly string[] },
): Predictor {
  const { vocabulary } = model;
  const ids = [...alphabet.map((character) => vocabulary.encode(character)[0]!), vocabulary.end];
  return async (text) => {
    const inputs = Int32Array.from([vocabulary.start, ...vocabulary.encode(text)]); // [T + 1]
    const length = inputs.length;
    const logarithms = await model.logProbabilities({ size: 1, length, inputs }); // [1, T + 1, V]
    const probabilities = new Float32Array(length * ids.length);
    for (let place = 0; place < length; place++) {
      ids.forEach((id, i) =>
        probabilities[place * ids.length + i] = Math.exp(logarithms[place * vocabulary.size + id]!)
      );
    }
    const looks = isNeural(model) && "heads" in model.config && length <= model.longestInput;
    return { probabilities, attention: looks ? await attentionOn(model, text) : [] };
  };
}
