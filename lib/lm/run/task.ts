/**
 * What a run is about, told so that one way of training, judging and reporting serves all of them: the
 * strings of a grammar, or a text.
 */
import type { BatchSource } from "../data/batches.ts";
import type { LanguageModel } from "../language_model.ts";
import type { Ingredients } from "../models/registry.ts";
import type { Sample } from "../sampling/sample.ts";
import type { ModelReport, Report } from "./report.ts";

/** What is learned, and what says how well. */
export interface Task {
  /** Which of the two it is. */
  readonly kind: "grammar" | "text";
  /** What models are made of, besides their sizes and random numbers. */
  readonly ingredients: Omit<Ingredients, "sizes" | "rng">;
  /** What is learned from, and what chooses the best weights. */
  readonly batches: BatchSource;
  /** Passes of a training, after each of which the validation strings are looked at. */
  readonly epochs: number;
  /** Tokens read when counting, and in one pass of a training. */
  readonly tokens: { readonly counted: number; readonly epoch: number };
  /** After each pass a model writes so many tokens at most; nothing where not given. */
  readonly sampleWhileTraining?: number;
  /** Most tokens of a string that a model writes in the end. */
  readonly longestSample: number;
  /** What else than the settings tells this task from another, for runs that go on. */
  readonly identity: Readonly<Record<string, string>>;
  /** What the report says of it. */
  readonly description: Pick<Report, "grammar" | "text" | "corpus">;
  /** How well a model predicts. */
  evaluate(model: LanguageModel): Promise<Evaluation>;
  /** What the strings that models wrote are worth: of all at once, for a long text is read for it. */
  judge(written: readonly (readonly Sample[])[]): Promise<Worth[]>;
  /** Closes files. */
  dispose(): void;
}

/** What the strings of a model are worth. */
export type Worth = Pick<ModelReport, "generated" | "failures">;

/** How well a model predicts, as the report has it. */
export type Evaluation = Pick<
  ModelReport,
  | "trainLoss"
  | "validLoss"
  | "testLoss"
  | "bitsPerCharacter"
  | "excessLoss"
  | "measuredOrder"
  | "exactAccuracy"
  | "accuracyBounds"
  | "estimatedAccuracy"
  | "likeliestMistake"
  | "mostNeglected"
>;
