/** The settings of a run, and which of them cannot work. */
import { UsageError } from "../command/mod.ts";
import { createGrammar } from "../grammar/mod.ts";
import type { BackendName } from "../tensor/mod.ts";
import { requireModel, usualModels } from "./models.ts";

/** A run's settings, named as on the command line. */
export interface MilestoneOptions {
  grammar: string;
  n: number;
  /** Names, or `all` for the usual ones. */
  models: readonly string[];
  train: number;
  valid: number;
  generate: number;
  epochs: number;
  batch: number;
  learningRate: number;
  seed: number;
  scale: number;
  backend: BackendName;
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
