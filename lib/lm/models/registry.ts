/**
 * All models by name, one row each. A row says how large its model is in a run, how it is made, and
 * (for those with weights) how a saved one is made again: which sizes its description must have and
 * which tensors belong to them.
 *
 * A new model is one new file beside this one and one row here: CONTRIBUTING shows it.
 */
import type { Grammar } from "../../grammar/mod.ts";
import type { Random } from "../../random.ts";
import type { Activation } from "../../tensor/mod.ts";
import type { Vocabulary } from "../data/vocabulary.ts";
import type { LanguageModel, NeuralModel } from "../language_model.ts";
import { bigramShapes, createBigram } from "./bigram.ts";
import { type CountOptions, createCountModel } from "./count_ngram.ts";
import { createGrammarModel } from "./grammar.ts";
import { createGru, gruShapes } from "./gru.ts";
import { createMlp, mlpShapes } from "./mlp.ts";
import { countWeights, type Shapes } from "./parameters.ts";
import { createRandomModel } from "./random.ts";
import { createRnn, rnnShapes } from "./rnn.ts";
import { oneOf, type SavedSizes, share, truth, wholeNumbers, wrongSize } from "./saved_sizes.ts";
import { type TransformerConfig, transformerConfig, transformerShapes } from "./transformer.ts";
import { createTransformer } from "./transformer_model.ts";

/** How large the neural models of a run are. */
export interface SizeOptions {
  /** Widths are this many times those of the small set. */
  readonly scale: number;
  /** Layers of the Transformer; the scale, up to two, where not given. */
  readonly layers?: number | undefined;
  /** Heads in each of them; twice the scale where not given. */
  readonly heads?: number | undefined;
  /** Width of the Transformer; eight times the scale where not given. */
  readonly width?: number | undefined;
  /** About how many weights each model is to have; then the scale is what comes nearest. */
  readonly weights?: number | undefined;
}

/** What a model is made of. */
export interface Ingredients {
  /** What the token ids stand for. */
  readonly vocabulary: Vocabulary;
  /** Sizes of neural models. */
  readonly sizes: SizeOptions;
  /** Most tokens that a Transformer is to see at once; its own default where not given. */
  readonly contextLength?: number | undefined;
  /** What is counted: training strings without start and end. */
  readonly strings: () => Iterable<Int32Array>;
  /** How it is counted. */
  readonly counting?: Pick<CountOptions, "alpha" | "backOff">;
  /** The language, where it is one of a grammar: it is the model that knows everything. */
  readonly grammar?: Grammar | undefined;
  /** Draws the initial weights. */
  readonly rng: Random;
}

/** A kind of model; in `name` K stands for a whole number of at least 1. */
interface ModelRow {
  readonly name: string;
  /** The values of K in a run with all models on a grammar of this N. */
  readonly usual?: (n: number) => number[];
  /** The values of K in a run with all models on a text. */
  readonly usualForTexts?: readonly number[];
  /** Whether only a grammar can be it. */
  readonly needsGrammar?: boolean;
  readonly create: (of: Ingredients, k: number) => LanguageModel;
  /** How large it is in a run, where it has weights. */
  readonly outline?: (of: Outlined, k: number) => ModelOutline;
  /** How it is made again around saved weights; throws a RangeError on sizes that cannot be. */
  readonly blueprint?: (config: SavedSizes, vocabularySize: number) => Blueprint;
}

/** What decides how large a model is. */
export type Outlined = Pick<Ingredients, "vocabulary" | "sizes" | "contextLength">;

/** How large a model will be, known before it is made. */
export interface ModelOutline {
  /** Shapes by the tensors' names. */
  readonly shapes: Shapes;
  /** Its sizes. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** What a saved model of given sizes is: the shape of each tensor, and how it is made. */
export interface Blueprint {
  /** Shapes by the tensors' names. */
  readonly shapes: Shapes;
  /** Makes the model, with initial weights. */
  readonly create: (of: { vocabulary: Vocabulary; rng: Random }) => NeuralModel;
}

/** A row of a model that learns by gradient descent, from its parts. */
function neural<Config extends object>(
  { sizes, read, shapes, create, ...row }: Pick<ModelRow, "name" | "usual" | "usualForTexts"> & {
    /** Its sizes in a run. */
    sizes: (of: Outlined, k: number) => Config;
    /** Its sizes from a saved description, which may come from anywhere. */
    read: (config: SavedSizes, vocabularySize: number) => Config;
    shapes: (config: Config, vocabularySize: number) => Shapes;
    create: (config: Config, of: { vocabulary: Vocabulary; rng: Random }) => NeuralModel;
  },
): ModelRow {
  const sized = (of: Outlined, k: number) =>
    of.sizes.weights === undefined ? sizes(of, k) : nearestSizes(of.sizes.weights, {
      sizesAt: (scale) => sizes({ ...of, sizes: { ...of.sizes, scale } }, k),
      weightsOf: (config) => countWeights(shapes(config, of.vocabulary.size)),
    });
  return {
    ...row,
    create: (of, k) => create(sized(of, k), of),
    outline: (of, k) => {
      const config = sized(of, k);
      return {
        config: Object.fromEntries(Object.entries(config)),
        shapes: shapes(config, of.vocabulary.size),
      };
    },
    blueprint: (saved, vocabularySize) => {
      const config = read(saved, vocabularySize);
      return { shapes: shapes(config, vocabularySize), create: (of) => create(config, of) };
    },
  };
}

/** Of the sizes at scales of an eighth, two eighths, … those with a number of weights nearest to it. */
function nearestSizes<Config>(
  weights: number,
  { sizesAt, weightsOf }: {
    sizesAt: (scale: number) => Config;
    weightsOf: (config: Config) => number;
  },
): Config {
  let nearest = sizesAt(1 / 8);
  const distance = (config: Config) => Math.abs(weightsOf(config) - weights);
  for (let eighths = 2; eighths <= MOST_EIGHTHS; eighths++) {
    const config = sizesAt(eighths / 8);
    if (distance(config) < distance(nearest)) nearest = config;
    if (weightsOf(config) > 2 * weights) break;
  }
  return nearest;
}

/** Scales beyond it have millions of weights. */
const MOST_EIGHTHS = 8 * 256;

/** A width at a scale that need not be whole. */
function width(least: number, scale: number): number {
  return Math.max(1, Math.round(least * scale));
}

/** The order is that of the table at the end of a run: from knowing nothing to knowing everything. */
const rows: readonly ModelRow[] = [
  { name: "random", create: createRandomModel },
  {
    name: "count-K",
    usual: (n) => Array.from({ length: n }, (_, i) => i + 1),
    usualForTexts: [1, 2, 3],
    create: ({ vocabulary, strings, counting }, k) =>
      createCountModel({ ...counting, order: k, vocabulary, strings: strings() }),
  },
  neural({
    name: "bigram",
    sizes: () => ({}),
    read: () => ({}),
    shapes: (_config, V) => bigramShapes(V),
    create: (_config, of) => createBigram(of),
  }),
  neural({
    name: "mlp-K",
    usual: (n) => [n - 2, n - 1].filter((k) => k > 0),
    usualForTexts: [3],
    sizes: ({ sizes: { scale } }, k) => ({
      ...{ lookBack: k, embedding: width(4, scale), hidden: width(13, scale) },
    }),
    read: (config) => ({
      ...wholeNumbers(config, ["lookBack", "embedding", "hidden"]),
      activation: oneOf(config, { name: "activation", among: ["tanh", "relu"] }),
    }),
    shapes: mlpShapes,
    create: createMlp,
  }),
  neural({
    name: "rnn",
    sizes: ({ sizes: { scale } }) => ({
      ...{ embedding: width(4, scale), hidden: width(12, scale) },
    }),
    read: (config) => wholeNumbers(config, ["embedding", "hidden"]),
    shapes: rnnShapes,
    create: createRnn,
  }),
  neural({
    name: "gru",
    sizes: ({ sizes: { scale } }) => ({
      ...{ embedding: width(4, scale), hidden: width(11, scale) },
    }),
    read: (config) => wholeNumbers(config, ["embedding", "hidden"]),
    shapes: gruShapes,
    create: createGru,
  }),
  neural({
    name: "transformer",
    sizes: transformerSizes,
    read: readTransformerConfig,
    shapes: transformerShapes,
    create: createTransformer,
  }),
  neural({
    name: "transformer-nope", // without position embeddings
    usual: () => [],
    usualForTexts: [],
    sizes: (of) => ({ ...transformerSizes(of), positions: false }),
    read: (config, size) => ({ ...readTransformerConfig(config, size), positions: false }),
    shapes: transformerShapes,
    create: createTransformer,
  }),
  {
    name: "grammar",
    needsGrammar: true,
    create: ({ grammar }) => {
      if (grammar) return createGrammarModel(grammar);
      throw new RangeError("Expected a grammar for the model grammar, got none");
    },
  },
];

/** All names there are, with K for a number: for messages and help. */
export const modelNames: readonly string[] = rows.map(({ name }) => name);

/** The names that `--models all` stands for on a grammar of this N. */
export function usualModels(n: number): string[] {
  return rows.flatMap(({ name, usual }) => spelled(name, usual?.(n)));
}

/** The names that `--models all` stands for on a text. */
export function usualTextModels(): string[] {
  return rows.filter(({ needsGrammar }) => !needsGrammar)
    .flatMap(({ name, usualForTexts }) => spelled(name, usualForTexts));
}

function spelled(name: string, values: readonly number[] | undefined): string[] {
  return values ? values.map((k) => name.replace("K", `${k}`)) : [name];
}

/**
 * Throws a RangeError, which lists all names, on one that does not exist.
 *
 * @param options.onText whether it is to learn from a text, so that no model can be a grammar
 */
export function requireModel(name: string, { onText = false } = {}): void {
  findRow(name, { onText });
}

/** The model of a name: counted, or with initial weights, to be trained. */
export function createModel(name: string, of: Ingredients): LanguageModel {
  const { row, k } = findRow(name, { onText: of.grammar === undefined });
  return row.create(of, k);
}

/** How large the model of a name will be; nothing for one without weights. */
export function outlineOf(name: string, of: Outlined): ModelOutline | undefined {
  const { row, k } = findRow(name, { onText: false });
  return row.outline?.(of, k);
}

function findRow(name: string, { onText }: { onText: boolean }): { row: ModelRow; k: number } {
  const k = Number(name.match(/-([1-9]\d{0,2})$/)?.[1] ?? NaN);
  const among = rows.filter(({ needsGrammar }) => !(onText && needsGrammar));
  const row = among.find((row) => row.name.replace("K", `${k}`) === name);
  if (row) return { row, k };
  throw new RangeError(
    `Expected models among ${among.map(({ name }) => name).join(", ")} ` +
      `(K a whole number from 1 to 999), got ${name}`,
  );
}

/**
 * How the model of a saved description is made again.
 *
 * @throws RangeError on an architecture or sizes that cannot be
 */
export function blueprintOf(
  { architecture, config }: { architecture: string; config: SavedSizes },
  vocabularySize: number,
): Blueprint {
  const saved = rows.filter(({ blueprint }) => blueprint);
  const nameOf = ({ name }: ModelRow) => name.replace("-K", "");
  const row = saved.find((row) => nameOf(row) === architecture);
  if (row?.blueprint) return row.blueprint(config, vocabularySize);
  throw new RangeError(
    `expected one of ${saved.map(nameOf).join(", ")}, got the architecture ${architecture}`,
  );
}

/** A Transformer's sizes in a run. */
function transformerSizes(
  { vocabulary, contextLength, sizes: { scale, ...sizes } }: Outlined,
): TransformerConfig {
  const heads = sizes.heads ?? 2 * width(1, scale);
  return transformerConfig({
    vocabularySize: vocabulary.size,
    width: sizes.width ?? heads * width(8, scale / heads),
    heads,
    layers: sizes.layers ?? Math.min(width(1, scale), 2),
    ...contextLength === undefined ? {} : { contextLength },
  });
}

/** What the MLP of a saved Transformer may have in its middle. */
const activations: readonly Activation[] = ["gelu", "relu", "tanh", "sigmoid", "none"];

/**
 * A Transformer's sizes from a saved description.
 *
 * @throws RangeError that names a size which cannot be
 */
export function readTransformerConfig(config: SavedSizes, vocabularySize: number) {
  const sizes = wholeNumbers(config, [
    ...["contextLength", "width", "heads", "layers", "feedForward"] as const,
  ]);
  const { width, heads } = sizes;
  if (width % heads !== 0) {
    throw wrongSize("heads", {
      value: heads,
      wanted: `a number that divides the width of ${width}`,
    });
  }
  return transformerConfig({
    ...sizes,
    vocabularySize,
    activation: oneOf(config, { name: "activation", among: activations }),
    tied: truth(config, "tied"),
    dropout: share(config, "dropout"),
  });
}
