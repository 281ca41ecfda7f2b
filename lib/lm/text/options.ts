/** The settings of a run on a text, and which of them cannot work. */
import { UsageError } from "../../command/mod.ts";
import type { BackendName } from "../../tensor/mod.ts";
import { textModelNames } from "./models.ts";

/** A run's settings, named as on the command line. */
export interface TextOptions {
  /** The file to learn from. */
  text: string;
  /** Reads it as one continuous text, in windows of so many tokens, instead of line by line. */
  context?: number | undefined;
  /** What a token is: a character, or a run of bytes that often come together. */
  tokenizer: "characters" | "bpe";
  /** How many byte-pair tokens, if they are that. */
  vocab: number;
  /** Names, or `all` for the usual ones. */
  models: readonly string[];
  /** Most training lines; of a longer file so many are drawn. */
  train: number;
  /** Most validation lines, or windows of a continuous text. */
  valid: number;
  /** Lines that each model writes, or passages of four contexts of a continuous text. */
  generate: number;
  /** Passes through the training lines. */
  epochs: number;
  /** Training steps on a continuous text. */
  steps: number;
  /** Lines or windows in a step. */
  batch: number;
  /** Its peak. */
  learningRate: number;
  /** The same seed gives the same report. */
  seed: number;
  /** Widths of neural models are this many times those of the small set. */
  scale: number;
  /** Layers of the Transformer. */
  layers: number;
  /** Heads in each of them. */
  heads: number;
  /** Width of the Transformer, `8·scale` by default. */
  width?: number | undefined;
  /** What computes. */
  backend: BackendName;
  /** Where the tokens of a continuous text are kept while models learn. */
  tokenFile: string;
}

/** The settings of a run without flags, a few minutes on one core. */
export const textDefaults: Omit<TextOptions, "text" | "tokenFile"> = {
  tokenizer: "characters",
  vocab: 512,
  models: ["all"],
  train: 100_000,
  valid: 1_000,
  generate: 200,
  epochs: 10,
  steps: 1_000,
  batch: 32,
  learningRate: 0.01, // a Transformer of 200,000 parameters learns twice as fast as at 0.003
  seed: 0,
  scale: 8, // about 200,000 parameters
  layers: 4,
  heads: 4,
  backend: "auto",
};

/** Refuses settings that cannot work, before anything is read. Returns the models' names. */
export function checkTextOptions(options: TextOptions): string[] {
  const { context, width = 8 * options.scale, heads, vocab, tokenizer } = options;
  if (context !== undefined && context < 2) {
    throw new UsageError(`Expected a context of at least 2 tokens, got ${context}`);
  }
  if (width % heads !== 0) {
    throw new UsageError(`Expected a width that ${heads} heads share evenly, got ${width}`);
  }
  if (tokenizer === "bpe" && (vocab < 257 || vocab > 65_536)) {
    throw new UsageError(`Expected a vocabulary of 257 to 65536 tokens, got ${vocab}`);
  }
  return textModelNames(options.models);
}
