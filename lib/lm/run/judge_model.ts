/** From models that have learned to their rows of the report. */
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

/** A model with what it went through, what it wrote, and how well it predicts. */
export interface EvaluatedModel extends Pick<Learned, "model" | "initial" | "history"> {
  /** What it wrote. */
  readonly samples: readonly Sample[];
  /** Its row of the report, but for what it wrote is worth. */
  readonly report: Omit<ModelReport, "generated" | "failures">;
}

/** A model with what it went through, what it wrote and what that is worth. */
export interface JudgedModel extends EvaluatedModel {
  /** Its row of the report. */
  readonly report: ModelReport;
}

/** Lets a model predict and write. */
export async function evaluateModel(
  { model, initial, history, seconds, tokens }: Learned,
  { task, options: { generate, seed } }: { task: Task; options: JudgingOptions },
): Promise<EvaluatedModel> {
  const evaluation = await task.evaluate(model);
  const start = performance.now();
  const samples = await sample(model, { count: generate, seed, maxLength: task.longestSample });
  const generateSeconds = (performance.now() - start) / 1000;
  const { vocabulary } = model;
  const written = samples.reduce(
    (sum, { text, finished }) => sum + vocabulary.encode(text).length + +finished,
    0,
  );
  const report = {
    name: model.name,
    parameters: model.parameterCount,
    contextLength: finiteOrNull(model.contextLength),
    ...evaluation,
    trainSeconds: tokens > 0 ? seconds : 0,
    trainTokensPerSecond: tokens > 0 ? tokens / seconds : null,
    generateTokensPerSecond: written / generateSeconds,
  };
  return { model, initial, history, samples, report };
}

/** Says what all of them wrote is worth. */
export async function judgeModels(
  models: readonly EvaluatedModel[],
  task: Task,
): Promise<JudgedModel[]> {
  const worths = await task.judge(models.map(({ samples }) => samples));
  return models.map((model, i) => {
    const { generated, failures } = worths[i]!;
    const { trainSeconds, trainTokensPerSecond, generateTokensPerSecond, ...known } = model.report;
    const speed = { trainSeconds, trainTokensPerSecond, generateTokensPerSecond };
    return { ...model, report: { ...known, generated, ...speed, failures } };
  });
}
