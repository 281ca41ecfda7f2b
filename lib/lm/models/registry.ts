/** All models by name: one row each. */
import type { Grammar } from "../../grammar/mod.ts";
import { createRandom, type Random } from "../../random.ts";
import { createBigram } from "./bigram.ts";
import type { Corpus } from "../data/corpus.ts";
import { createCountModel } from "./count.ts";
import { createGrammarModel } from "./grammar.ts";
import { createGru } from "./gru.ts";
import { createMlp } from "./mlp.ts";
import type { LanguageModel, NeuralModel } from "../model.ts";
import { createRandomModel } from "./random.ts";
import { createRnn } from "./rnn.ts";
import { createTransformer } from "./transformer_model.ts";
import type { Vocabulary } from "../data/vocabulary.ts";

/** What a model is made of. */
export interface Ingredients {
  readonly corpus: Corpus;
  readonly grammar: Grammar;
  /** Draws the initial weights. */
  readonly rng: Random;
  readonly vocabulary: Vocabulary;
  /** Widths of neural models are this many times those of the small set. */
  readonly scale: number;
}

/** A kind of model; in `name` K stands for a whole number of at least 1. */
interface Kind {
  readonly name: string;
  /** The values of K in a run with all models on a grammar of this N. */
  readonly usual?: (n: number) => number[];
  readonly create: (of: Ingredients, k: number) => LanguageModel;
}

/** The order is that of the table at the end of a run: from knowing nothing to knowing everything. */
const kinds: readonly Kind[] = [
  { name: "random", create: createRandomModel },
  {
    name: "count-K",
    usual: (n) => Array.from({ length: n }, (_, i) => i + 1),
    create: ({ corpus: { train }, vocabulary }, k) =>
      createCountModel({ order: k, vocabulary, strings: train.encoded }),
  },
  { name: "bigram", create: createBigram },
  {
    name: "mlp-K",
    usual: (n) => [n - 2, n - 1].filter((k) => k > 0),
    create: ({ scale, ...of }, k) =>
      createMlp({ lookBack: k, embedding: 4 * scale, hidden: 13 * scale }, of),
  },
  {
    name: "rnn",
    create: ({ scale, ...of }) => createRnn({ embedding: 4 * scale, hidden: 12 * scale }, of),
  },
  {
    name: "gru",
    create: ({ scale, ...of }) => createGru({ embedding: 4 * scale, hidden: 11 * scale }, of),
  },
  {
    name: "transformer",
    create: ({ scale, ...of }) =>
      createTransformer({ width: 8 * scale, heads: 2 * scale, layers: Math.min(scale, 2) }, of),
  },
  { name: "grammar", create: ({ grammar }) => createGrammarModel(grammar) },
];

/** The names that `--models all` stands for. */
export function usualModels(n: number): string[] {
  return kinds.flatMap(({ name, usual }) =>
    usual ? usual(n).map((k) => name.replace("K", `${k}`)) : [name]
  );
}

/** All names there are, with K for a number: for messages and help. */
export const modelNames: readonly string[] = kinds.map(({ name }) => name);

/** Throws a RangeError, which lists all names, on one that does not exist. */
export function requireModel(name: string): void {
  findKind(name);
}

/** The model of a name: counted, or with initial weights, to be trained. */
export function createModel(
  name: string,
  { corpus, grammar, seed, scale = 1 }: {
    corpus: Corpus;
    grammar: Grammar;
    seed: number;
    scale?: number;
  },
): LanguageModel {
  const { kind, k } = findKind(name);
  const rng = createRandom(seed, "weights", name);
  return kind.create({ corpus, grammar, rng, vocabulary: corpus.vocabulary, scale }, k);
}

/** Whether a model has weights to be trained. */
export function isNeural(model: LanguageModel): model is NeuralModel {
  return "parameters" in model;
}

function findKind(name: string): { kind: Kind; k: number } {
  const k = Number(name.match(/-([1-9]\d{0,2})$/)?.[1] ?? NaN);
  const kind = kinds.find((kind) => kind.name.replace("K", `${k}`) === name);
  if (kind) return { kind, k };
  throw new RangeError(
    `Expected models among ${modelNames.join(", ")} (K a whole number from 1), got ${name}`,
  );
}
