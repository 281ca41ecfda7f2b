/** From a model that has learned to its row of the report. */
import { type Sample, sample } from "../sampling/sample.ts";
import type { Learned } from "./learn.ts";
import { finiteOrNull, type ModelReport } from "./report.ts";
import type { Task } from "./task.ts";

/** How models are judged. */
export interface JudgingOptions {
  /** Strings that each model writes. */
  readonly generate: number;
  /** Decides what it writes. */
  readonly seed: number;
}

/** A model with what it went through, what it wrote and what that is worth. */
export interface JudgedModel extends Pick<Learned, "model" | "initial" | "history"> {
  /** What it wrote. */
  readonly samples: readonly Sample[];
  /** Its row of the report. */
  readonly report: ModelReport;
}

/** Lets a model predict and write, and says what that is worth. */
export async function judgeModel(
  { model, initial, history, seconds, tokens }: Learned,
  { task, options: { generate, seed } }: { task: Task; options: JudgingOptions },
): Promise<JudgedModel> {
  const evaluation = await task.evaluate(model);
  const start = performance.now();
  const samples = await sample(model, { count: generate, seed, maxLength: task.longestSample });
  const generateSeconds = (performance.now() - start) / 1000;
  const { vocabulary } = model;
  const written = samples.reduce(
    (sum, { text, finished }) => sum + vocabulary.encode(text).length + +finished,
    0,
  );
  const { generated, failures } = await task.judge(samples);
  const report: ModelReport = {
    name: model.name,
    parameters: model.parameterCount,
    contextLength: finiteOrNull(model.contextLength),
    ...evaluation,
    generated,
    trainSeconds: tokens > 0 ? seconds : 0,
    trainTokensPerSecond: tokens > 0 ? tokens / seconds : null,
    generateTokensPerSecond: written / generateSeconds,
    failures,
  };
  return { model, initial, history, samples, report };
}
