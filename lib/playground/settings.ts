/** All that a reader may choose, and how it stands in the address of the page, so that it can be sent. */
import { grammarNames } from "../grammar/mod.ts";

/** A kind of model that the page trains. */
export const architectures = ["bigram", "mlp", "rnn", "gru", "transformer"] as const;

/** One of them. */
export type ArchitectureName = typeof architectures[number];

/** What one of the two models is. */
export interface ModelSettings {
  /** Which kind of model. */
  readonly architecture: ArchitectureName;
  /** Widths are this many times those of the small set. */
  readonly scale: number;
  /** How many characters back an MLP sees. */
  readonly lookBack: number;
  /** Heads in each layer of a Transformer. */
  readonly heads: number;
  /** Its layers. */
  readonly layers: number;
  /** Peak of the learning rate. */
  readonly learningRate: number;
}

/** What is learned, and by whom. */
export interface Settings {
  /** Family of the grammar. */
  readonly grammar: string;
  /** Its N. */
  readonly n: number;
  /** Training strings. */
  readonly train: number;
  /** Passes through them. */
  readonly epochs: number;
  /** Decides every random draw. */
  readonly seed: number;
  /** One model, or two side by side. */
  readonly models: readonly ModelSettings[];
}

/** The model of a page that nobody has touched: one step of `milestone:lm`'s defaults. */
export const defaultModel: ModelSettings = {
  architecture: "gru",
  scale: 1,
  lookBack: 2,
  heads: 2,
  layers: 1,
  learningRate: 0.01,
};

/** The settings of a page that nobody has touched, those of `milestone:lm`. */
export const defaults: Settings = {
  grammar: "sticky",
  n: 3,
  train: 10_000,
  epochs: 20,
  seed: 0,
  models: [defaultModel],
};

/** Values of N that a page offers: beyond them models of this size learn nothing in its time. */
export const choicesOfN: Readonly<Record<string, readonly number[]>> = {
  sticky: [3, 4, 5, 6],
  runs: [2, 3, 4, 5, 6],
  echo: [2, 3, 4, 5],
  parity: [2, 3, 4, 5, 6],
  brackets: [2, 3, 4],
  dyck: [2, 3],
  anbn: [2, 3, 4, 5, 6],
};

/** What else is offered; the first of each is no default, only the smallest. */
export const choices = {
  scale: [1, 2, 4],
  lookBack: [1, 2, 3, 4, 6, 8],
  heads: [1, 2, 4],
  layers: [1, 2, 3],
  learningRate: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3],
  train: [1_000, 3_000, 10_000, 30_000],
  epochs: [5, 10, 20, 40, 60],
} as const;

/** The name under which `milestone:lm` knows the model. */
export function nameOf({ architecture, lookBack }: ModelSettings): string {
  return architecture === "mlp" ? `mlp-${lookBack}` : architecture;
}

/** The settings as the part of an address after `#`; what is as usual is left out. */
export function toHash({ models, ...settings }: Settings): string {
  const parts = new URLSearchParams();
  const { models: _, ...usual } = defaults;
  addDifferences(parts, { from: usual, to: settings, prefix: "" });
  models.forEach((model, i) => {
    const prefix = i === 0 ? "a." : "b.";
    if (i > 0) parts.set("b.architecture", model.architecture);
    addDifferences(parts, { from: defaultModel, to: model, prefix });
  });
  return parts.toString();
}

function addDifferences(
  parts: URLSearchParams,
  { from, to, prefix }: { from: object; to: object; prefix: string },
): void {
  const usual = new Map(Object.entries(from));
  for (const [key, value] of Object.entries(to)) {
    if (value !== usual.get(key)) parts.set(prefix + key, `${value}`);
  }
}

/** The settings of an address; what is not offered is as usual, for an address may come from anywhere. */
export function fromHash(hash: string): Settings {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const asked = parts.get("grammar") ?? "";
  const grammar = grammarNames.includes(asked) ? asked : defaults.grammar;
  const offered = choicesOfN[grammar] ?? [3];
  const usualN = offered.includes(defaults.n) ? defaults.n : offered[0]!;
  const models = [modelFrom(parts, "a.")];
  if (parts.has("b.architecture")) models.push(modelFrom(parts, "b."));
  const seed = Number(parts.get("seed") ?? defaults.seed);
  return {
    grammar,
    n: oneOf(parts.get("n"), { among: offered, usual: usualN }),
    train: oneOf(parts.get("train"), { among: choices.train, usual: defaults.train }),
    epochs: oneOf(parts.get("epochs"), { among: choices.epochs, usual: defaults.epochs }),
    seed: Number.isInteger(seed) && seed >= 0 && seed <= MOST_SEED ? seed : defaults.seed,
    models,
  };
}

/** The largest seed that a field of the page takes. */
export const MOST_SEED = 999_999;

function modelFrom(parts: URLSearchParams, prefix: string): ModelSettings {
  const number = (key: "scale" | "lookBack" | "heads" | "layers" | "learningRate") =>
    oneOf(parts.get(prefix + key), { among: choices[key], usual: defaultModel[key] });
  const name = parts.get(`${prefix}architecture`);
  return {
    architecture: architectures.find((one) => one === name) ?? defaultModel.architecture,
    scale: number("scale"),
    lookBack: number("lookBack"),
    heads: number("heads"),
    layers: number("layers"),
    learningRate: number("learningRate"),
  };
}

function oneOf(
  given: string | null,
  { among, usual }: { among: readonly number[]; usual: number },
): number {
  return given !== null && among.includes(Number(given)) ? Number(given) : usual;
}
