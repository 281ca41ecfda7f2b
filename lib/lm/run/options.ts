/** The settings of a run, and which of them cannot work. */
import { UsageError } from "../../command/mod.ts";
import { createGrammar } from "../../grammar/mod.ts";
import type { BackendName } from "../../tensor/mod.ts";
import type { Source } from "./asked.ts";
import { requireModel, usualModels } from "../models/registry.ts";

/** A run's settings, named as on the command line. */
export interface MilestoneOptions {
  /** Family of the grammar. */
  grammar: string;
  /** The grammar's N. */
  n: number;
  /** Names, or `all` for the usual ones. */
  models: readonly string[];
  /** Training strings. */
  train: number;
  /** Validation strings. */
  valid: number;
  /** Strings that each model writes. */
  generate: number;
  /** Passes through the training strings. */
  epochs: number;
  /** Strings in a training step. */
  batch: number;
  /** Peak of the learning rate. */
  learningRate: number;
  /** Decides every random draw. */
  seed: number;
  /** Widths of the neural models, times this. */
  scale: number;
  /** What computes. */
  backend: BackendName;
  /** Strings from elsewhere that are judged too: of large language models, or of files. */
  sources: readonly Source[];
  /** Most requests to each large language model. */
  requests: number;
  /** Folder of the answers of large language models, none by default. */
  answers?: string | undefined;
}

/** The settings of a run without flags, a minute on two cores at most. */
export const milestoneDefaults: MilestoneOptions = {
  grammar: "sticky",
  n: 3,
  models: ["all"],
  train: 10_000,
  valid: 1_000,
  generate: 1_000,
  epochs: 20,
  batch: 64,
  learningRate: 0.01,
  seed: 0,
  scale: 1,
  backend: "auto",
  sources: [],
  requests: 40,
};

/** Refuses settings that cannot work, before anything is done. Returns the models' names. */
export function checkMilestone({ grammar, n, models }: MilestoneOptions): string[] {
  try {
    createGrammar(grammar, n);
    const names = models.flatMap((name) => name === "all" ? usualModels(n) : [name]);
    if (names.length === 0) throw new RangeError("Expected at least one model, got none");
    names.forEach(requireModel);
    return [...new Set(names)];
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
}
