/**
 * How saved models are rebuilt: for each architecture the tensors that its sizes ask for, and the
 * function that makes it. A description may come from anywhere, so its sizes are held to the tensors
 * that are there before a model of these sizes is made.
 */
import type { Random } from "../../random.ts";
import type { Activation } from "../../tensor/mod.ts";
import { createBigram } from "../models/bigram.ts";
import { createGru } from "../models/gru.ts";
import { createMlp } from "../models/mlp.ts";
import type { NeuralModel } from "../model.ts";
import { createRnn } from "../models/rnn.ts";
import { transformerConfig } from "../models/transformer.ts";
import { createTransformer } from "../models/transformer_model.ts";
import { transformerShapes } from "../transformer_parameters.ts";
import type { Vocabulary } from "../data/vocabulary.ts";
import { CheckpointError } from "../../safetensors/error.ts";
import { shown } from "../../safetensors/strict_json.ts";

/** A description's sizes, as they are found. */
type Config = Readonly<Record<string, unknown>>;
type Shapes = ReadonlyMap<string, readonly number[]>;
type Create = (of: { vocabulary: Vocabulary; rng: Random }) => NeuralModel;

/** What a model of given sizes is: the shape of each tensor, and how it is made. */
export interface Blueprint {
  /** Shapes by the tensors' names. */
  readonly shapes: Shapes;
  /** Makes the model, with initial weights. */
  readonly create: Create;
}

/** One row an architecture; V is the vocabulary size, E, H, K as in the architecture's own file. */
const blueprints: Record<string, (config: Config, size: number) => Blueprint> = {
  bigram: (_config, V) => ({ shapes: shapesOf({ table: [V, V] }), create: createBigram }),
  mlp: (config, V) => {
    const [K, E, H] = counts(config, ["lookBack", "embedding", "hidden"]);
    const activation = choice(config, "activation", ["tanh", "relu"]);
    return {
      shapes: shapesOf({
        "embedding": [V, E],
        ...dense("hidden", [K * E, H]),
        ...dense("output", [H, V]),
      }),
      create: (of) => createMlp({ lookBack: K, embedding: E, hidden: H, activation }, of),
    };
  },
  rnn: (config, V) => {
    const [E, H] = counts(config, ["embedding", "hidden"]);
    return {
      shapes: shapesOf({
        "embedding": [V, E],
        ...dense("input", [E, H]),
        "recurrent.weight": [H, H],
        ...dense("output", [H, V]),
      }),
      create: (of) => createRnn({ embedding: E, hidden: H }, of),
    };
  },
  gru: (config, V) => {
    const [E, H] = counts(config, ["embedding", "hidden"]);
    return {
      shapes: shapesOf({
        "embedding": [V, E],
        ...dense("input", [E, 3 * H]),
        ...dense("recurrent", [H, 3 * H]),
        ...dense("output", [H, V]),
      }),
      create: (of) => createGru({ embedding: E, hidden: H }, of),
    };
  },
  transformer: (config, V) => {
    const sizes = counts(config, ["contextLength", "width", "heads", "layers", "feedForward"]);
    const [contextLength, width, heads, layers, feedForward] = sizes;
    const { tied, dropout } = config;
    if (typeof tied !== "boolean") throw wrong("tied", { value: tied, wanted: "true or false" });
    if (typeof dropout !== "number" || !(dropout >= 0 && dropout < 1)) {
      throw wrong("dropout", { value: dropout, wanted: "a number of at least 0 and below 1" });
    }
    if (width % heads !== 0) {
      throw wrong("heads", { value: heads, wanted: `a number that divides the width of ${width}` });
    }
    const activation = choice<Activation>(config, "activation", [
      ...["gelu", "relu", "tanh", "sigmoid", "none"] as const,
    ]);
    const of = { contextLength, width, heads, layers, feedForward, activation, tied, dropout };
    return {
      shapes: transformerShapes(transformerConfig({ ...of, vocabularySize: V })),
      create: (ingredients) => createTransformer(of, ingredients),
    };
  },
};

/** The blueprint of an architecture; throws a CheckpointError on a name or sizes that cannot be. */
export function blueprintOf(
  { architecture, config }: { architecture: string; config: Config },
  vocabularySize: number,
): Blueprint {
  if (!Object.hasOwn(blueprints, architecture)) {
    const names = Object.keys(blueprints).join(", ");
    throw new CheckpointError(`expected one of ${names}, got the architecture ${architecture}`);
  }
  return blueprints[architecture]!(config, vocabularySize);
}

function shapesOf(shapes: Record<string, readonly number[]>): Shapes {
  return new Map(Object.entries(shapes));
}

function dense(name: string, shape: readonly [number, number]) {
  return { [`${name}.weight`]: shape, [`${name}.bias`]: [shape[1]] };
}

/** Sizes beyond this are refused; no tensor of a model that fits into memory has them. */
const LARGEST = 2 ** 24;

function counts<Names extends readonly string[]>(
  config: Config,
  names: readonly [...Names],
): { [I in keyof Names]: number } {
  return names.map((name) => {
    const value = config[name];
    // subtle: layers are not a dimension of any tensor, so nothing else would stop a billion of them
    const most = name === "layers" ? 1024 : LARGEST;
    if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most) {
      return value as number;
    }
    throw wrong(name, { value, wanted: `a whole number from 1 to ${most}` });
  }) as { [I in keyof Names]: number };
}

function choice<T extends string>(config: Config, name: string, among: readonly T[]): T {
  const found = among.find((one) => one === config[name]);
  if (found !== undefined) return found;
  throw wrong(name, { value: config[name], wanted: `one of ${among.join(", ")}` });
}

function wrong(
  name: string,
  { value, wanted }: { value: unknown; wanted: string },
): CheckpointError {
  return new CheckpointError(`expected ${wanted} as ${name}, got ${shown(value)}`);
}
