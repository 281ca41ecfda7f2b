/** The models that learn from a text, by name. */
import { UsageError } from "../../command/mod.ts";
import type { Random } from "../../random.ts";
import { createBigram } from "../models/bigram.ts";
import { createCountModel } from "../models/count.ts";
import { createGru } from "../models/gru.ts";
import { createMlp } from "../models/mlp.ts";
import type { LanguageModel } from "../model.ts";
import { createRandomModel } from "../models/random.ts";
import { createRnn } from "../models/rnn.ts";
import { createTransformer } from "../models/transformer_model.ts";
import type { TextData } from "../data/text.ts";
import type { TextOptions } from "./options.ts";

/** What a model is made of. */
interface Ingredients {
  readonly data: TextData;
  readonly options: TextOptions;
  /** Draws the initial weights. */
  readonly rng: Random;
}

type Create = (of: Ingredients & { k: number }) => LanguageModel;

/**
 * A text has far more n-grams than any training text shows: what was never seen in its context is
 * predicted from a shorter one, and an n-gram that is new even so counts as a hundredth of one.
 */
const counting = { backOff: true, alpha: 0.01 };

const kinds: Readonly<Record<string, Create>> = {
  random: ({ data: { vocabulary } }) => createRandomModel({ vocabulary }),
  "count-K": ({ data, k }) =>
    createCountModel({
      ...counting,
      order: k,
      vocabulary: data.vocabulary,
      strings: data.trainStrings(),
    }),
  bigram: ({ data: { vocabulary } }) => createBigram({ vocabulary }),
  "mlp-K": ({ data: { vocabulary }, options: { scale }, rng, k }) =>
    createMlp({ lookBack: k, embedding: 4 * scale, hidden: 13 * scale }, { vocabulary, rng }),
  rnn: ({ data: { vocabulary }, options: { scale }, rng }) =>
    createRnn({ embedding: 4 * scale, hidden: 12 * scale }, { vocabulary, rng }),
  gru: ({ data: { vocabulary }, options: { scale }, rng }) =>
    createGru({ embedding: 4 * scale, hidden: 11 * scale }, { vocabulary, rng }),
  transformer: ({ data: { vocabulary, contextLength }, options, rng }) => {
    const { scale, layers, heads, width = 8 * scale } = options;
    return createTransformer({ width, heads, layers, contextLength }, { vocabulary, rng });
  },
};

const usual = ["random", "count-1", "count-2", "count-3", "bigram", "mlp-3", "rnn", "gru"]
  .concat("transformer");

/** The names that are asked for, each once; throws a UsageError that lists all on another. */
export function textModelNames(names: readonly string[]): string[] {
  const all = [...new Set(names.flatMap((name) => name === "all" ? usual : [name]))];
  if (all.length === 0) throw new UsageError("Expected at least one model, got none");
  all.forEach(find);
  return all;
}

/** The model of a name: counted, or with initial weights, to be trained. */
export function createTextModel(name: string, ingredients: Ingredients): LanguageModel {
  const { create, k } = find(name);
  return create({ ...ingredients, k });
}

function find(name: string): { create: Create; k: number } {
  const k = Number(name.match(/-([1-9]\d?)$/)?.[1] ?? NaN);
  const kind = Object.keys(kinds).find((kind) => kind.replace("K", `${k}`) === name);
  if (kind) return { create: kinds[kind]!, k };
  throw new UsageError(
    `Expected models among ${Object.keys(kinds).join(", ")} (K a whole number from 1 to 99), ` +
      `got ${name}`,
  );
}
