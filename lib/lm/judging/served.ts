/**
 * A large language model that answers at an endpoint, as a language model like any other: then every
 * judge, sampler and curve of ours takes it as it is.
 *
 * It has seen a list of examples, and what it predicts is what follows them. Each distinct prefix costs
 * one request, so it is slow, and the more strings share their beginnings the better.
 */
import type { CharacterScorer } from "../../chat/mod.ts";
import type { Vocabulary } from "../data/vocabulary.ts";
import type { Decoder, LanguageModel } from "../language_model.ts";

/** What a served model is to know and to be called. */
export interface ServedOptions {
  /** What it is called in a report. */
  readonly name: string;
  /** The characters, those of the scorer in its order. */
  readonly vocabulary: Vocabulary;
  /** The strings that it is shown first. */
  readonly examples: readonly string[];
  /** Is told of each place that was asked for. */
  readonly onPlace?: ((place: { readonly stray: number }) => void) | undefined;
}

/** The model behind a scorer, after it was shown examples. */
export function createServedModel(
  scorer: CharacterScorer,
  { name, vocabulary, examples, onPlace }: ServedOptions,
): LanguageModel {
  const { size, end } = vocabulary;
  const ids = vocabulary.characters.map((character) => vocabulary.encode(character)[0]!);

  /** Writes ln P(next | prefix) into a row [V]. */
  async function predict(prefix: string, row: Float32Array): Promise<void> {
    const { logProbabilities, stray } = await scorer.next(examples, prefix);
    onPlace?.({ stray });
    row.fill(-Infinity);
    ids.forEach((id, i) => row[id] = logProbabilities[i]!);
    row[end] = logProbabilities[ids.length]!; // the scorer has the end last
  }

  return {
    kind: "given",
    name,
    vocabulary,
    parameterCount: NaN, // not for us to know
    contextLength: Infinity,
    logProbabilities: async ({ size: rows, length, inputs }) => {
      const values = new Float32Array(rows * length * size).fill(-Math.log(size)); // [B, T, V]
      for (let row = 0; row < rows; row++) {
        let prefix = "";
        for (let position = 0; position < length; position++) {
          const place = row * length + position;
          const token = inputs[place]!;
          if (position > 0 && token === end) break; // padding
          if (position > 0) prefix += vocabulary.symbol(token);
          await predict(prefix, values.subarray(place * size, (place + 1) * size));
        }
      }
      return values;
    },
    startDecoding: (count) => createDecoder(count, { vocabulary, predict }),
    dispose: () => {},
  };
}

function createDecoder(
  count: number,
  { vocabulary, predict }: {
    vocabulary: Vocabulary;
    predict: (prefix: string, row: Float32Array) => Promise<void>;
  },
): Decoder {
  let prefixes = new Array<string>(count).fill("");
  return {
    step: async (tokens) => {
      const { size, start } = vocabulary;
      const values = new Float32Array(tokens.length * size); // [B, V]
      for (const [row, token] of tokens.entries()) {
        if (token !== start) prefixes[row] += vocabulary.symbol(token);
        await predict(prefixes[row]!, values.subarray(row * size, (row + 1) * size));
      }
      return values;
    },
    select: (rows) => prefixes = Array.from(rows, (row) => prefixes[row]!),
    dispose: () => prefixes = [],
  };
}
