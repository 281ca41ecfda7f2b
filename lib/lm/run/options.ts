/** The settings of a run: what its rooms read, put together; and which of them cannot work. */
import { UsageError } from "../../errors.ts";
import { createGrammar } from "../../grammar/mod.ts";
import type { BackendName } from "../../tensor/mod.ts";
import { requireModel, usualModels, usualTextModels } from "../models/registry.ts";
import type { TextOptions } from "../text/text_data.ts";
import type { AskingOptions } from "./external.ts";
import type { GrammarOptions } from "./grammar_task.ts";
import type { JudgingOptions } from "./judge_model.ts";
import type { LearningOptions } from "./learn.ts";

/** What every run is told, named as on the command line. */
export interface RunOptions extends LearningOptions, JudgingOptions {
  /** Names of models, or `all` for the usual ones. */
  readonly models: readonly string[];
  /** What computes. */
  readonly backend: BackendName;
  /** On how many threads each model computes what is large enough for it, one unless said. */
  readonly threads?: number;
}

/** A run on a grammar. */
export interface GrammarRunOptions extends RunOptions, GrammarOptions, AskingOptions {
  /** No text: that is the other kind of run. */
  readonly text?: undefined;
}

/** A run on a text. */
export interface TextRunOptions extends RunOptions, TextOptions {}

/** The settings of a run on a grammar without flags, a quarter of a minute on two cores. */
export const milestoneDefaults: GrammarRunOptions = {
  grammar: "sticky",
  n: 3,
  models: ["all"],
  train: 10_000,
  valid: 1_000,
  test: 1_000,
  generate: 1_000,
  epochs: 20,
  batch: 64,
  learningRate: 0.01,
  seed: 0,
  scale: 1,
  backend: "auto",
  sources: [],
  requests: 40,
  llmMode: "auto",
  llmScore: 24, // some 200 requests for each number of examples
};

/** The settings of a run on a text without flags, a few minutes on one core. */
export const textDefaults: Omit<TextRunOptions, "text" | "tokenFile"> = {
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

/**
 * Refuses settings that cannot work, before anything is done. Returns the models' names, each once.
 *
 * @throws UsageError that says what was given and what is wanted
 */
export function checkOptions(options: GrammarRunOptions | TextRunOptions): string[] {
  try {
    const { models } = options;
    const usual = options.text === undefined ? checkGrammar(options) : checkText(options);
    const names = models.flatMap((name) => name === "all" ? usual : [name]);
    if (names.length === 0) throw new RangeError("Expected at least one model, got none");
    names.forEach((name) => requireModel(name, { onText: options.text !== undefined }));
    return [...new Set(names)];
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
}

/** Returns the usual models on this grammar. */
function checkGrammar({ grammar, n }: GrammarRunOptions): string[] {
  createGrammar(grammar, n);
  return usualModels(n);
}

/** Returns the usual models on a text. */
function checkText(options: TextRunOptions): string[] {
  const { context, scale, width = 8 * scale, heads = 1, vocab, tokenizer } = options;
  if (context !== undefined && context < 2) {
    throw new RangeError(`Expected a context of at least 2 tokens, got ${context}`);
  }
  if (width % heads !== 0) {
    throw new RangeError(`Expected a width that ${heads} heads share evenly, got ${width}`);
  }
  if (tokenizer === "bpe" && (vocab < 257 || vocab > 65_536)) {
    throw new RangeError(`Expected a vocabulary of 257 to 65536 tokens, got ${vocab}`);
  }
  return usualTextModels();
}

/** The settings that decide the weights of models: a run of anything else is not gone on with. */
export function decidingOptions(
  options: GrammarRunOptions | TextRunOptions,
): Record<string, unknown> {
  const { seed, epochs, batch, learningRate, patience, train, valid } = options;
  const common = { train, valid, epochs, batch, learningRate, patience, seed };
  if (options.text === undefined) {
    const { grammar, n } = options;
    return { grammar, n, ...common };
  }
  const { context, tokenizer, vocab, steps } = options;
  return { ...common, context, tokenizer, vocab, steps };
}
