/** From a model that has learned to its row of the report. */
import { evaluateAgainstGrammar, evaluateLoss } from "../judging/evaluate.ts";
import { judgeSamples, measuredOrder } from "../judging/judge.ts";
import type { Learned, Setting } from "./learn.ts";
import { finiteOrNull, type ModelReport } from "./report.ts";
import { type Sample, sample } from "../sampling/sample.ts";

/** A model with what it went through, what it wrote and what that is worth. */
export interface JudgedModel extends Pick<Learned, "model" | "history"> {
  /** What it wrote. */
  readonly samples: readonly Sample[];
  /** Its row of the report. */
  readonly report: ModelReport;
}

/** Lets a model predict and write, and says what that is worth. */
export function createJudge(
  { grammar, corpus, options, idealLosses }: Setting & { idealLosses: readonly number[] },
): (learned: Learned) => Promise<JudgedModel> {
  const known = new Set(corpus.train.strings);
  const { valid, train } = corpus;
  return async ({ model, history, seconds, tokens }) => {
    const losses = await evaluateAgainstGrammar(model, { grammar, strings: valid.encoded });
    const trainLoss = await evaluateLoss(model, train.encoded.slice(0, options.valid));
    const start = performance.now();
    const samples = await sample(model, { count: options.generate, seed: options.seed });
    const generateSeconds = (performance.now() - start) / 1000;
    const written = samples.reduce((sum, { text, finished }) => sum + text.length + +finished, 0);
    const { generated, failures } = judgeSamples(samples, { grammar, known });
    const report: ModelReport = {
      name: model.name,
      parameters: model.parameterCount,
      contextLength: finiteOrNull(model.contextLength),
      trainLoss: finiteOrNull(trainLoss),
      validLoss: finiteOrNull(losses.loss),
      excessLoss: finiteOrNull(losses.excessLoss),
      measuredOrder: measuredOrder({
        loss: grammar.entropyFloor() + losses.excessLoss,
        error: losses.excessError,
        idealLosses,
      }),
      generated,
      trainSeconds: tokens > 0 ? seconds : 0,
      trainTokensPerSecond: tokens > 0 ? tokens / seconds : null,
      generateTokensPerSecond: written / generateSeconds,
      failures,
    };
    return { model, history, samples, report };
  };
}
