/** What a model that learned from a text is worth: its loss on unseen text, and what it writes. */
import type { LanguageModel, TokenBatch } from "../model.ts";
import { finiteOrNull } from "../run/report.ts";
import { type Sample, sample } from "../sampling/sample.ts";
import { PADDING } from "../data/vocabulary.ts";
import type { TextData } from "../data/text.ts";
import { countPieces, type TextModelReport } from "./report.ts";
import { charactersOfTokens } from "../data/text_vocabulary.ts";

/** Mean losses over all tokens of some batches. */
export interface TextLoss {
  /** In nats a token. */
  readonly loss: number;
  /** In bits a character, whatever a token is. */
  readonly bitsPerCharacter: number;
}

/** Reads the batches and compares. */
export async function evaluateText(
  model: LanguageModel,
  batches: readonly TokenBatch[],
): Promise<TextLoss> {
  const { size } = model.vocabulary;
  const widths = charactersOfTokens(model.vocabulary);
  let [sum, tokens, characters] = [0, 0, 0];
  for (const batch of batches) {
    const rows = await model.logProbabilities(batch); // [B, T, V]
    batch.targets.forEach((target, i) => {
      if (target === PADDING) return;
      sum -= rows[i * size + target]!;
      characters += widths[target]!;
      tokens++;
    });
  }
  return { loss: sum / tokens, bitsPerCharacter: sum / characters / Math.LN2 };
}

/** A model's row of the report, and what it wrote. */
export async function judgeText(
  { model, seconds, tokens }: { model: LanguageModel; seconds: number; tokens: number },
  { data, count, seed }: { data: TextData; count: number; seed: number },
): Promise<{ report: TextModelReport; samples: Sample[] }> {
  const { loss, bitsPerCharacter } = await evaluateText(model, data.batches("valid"));
  const training = await evaluateText(model, data.batches("train"));
  const start = performance.now();
  const samples = await sample(model, { count, seed, maxLength: data.longestSample });
  const generateSeconds = (performance.now() - start) / 1000;
  const written = samples.reduce(
    (sum, { text, finished }) => sum + model.vocabulary.encode(text).length + +finished,
    0,
  );
  const pieces = samples.flatMap(({ text }) => data.piecesOf(text));
  const known = await data.known(new Set(pieces));
  const unfinished = samples.filter(({ finished }) => !finished).length;
  const report: TextModelReport = {
    name: model.name,
    parameters: model.parameterCount,
    contextLength: finiteOrNull(model.contextLength),
    trainLoss: finiteOrNull(training.loss),
    validLoss: finiteOrNull(loss),
    bitsPerCharacter: finiteOrNull(bitsPerCharacter),
    excessLoss: null,
    measuredOrder: null,
    generated: countPieces(pieces, { known, unfinished }),
    trainSeconds: tokens > 0 ? seconds : 0,
    trainTokensPerSecond: tokens > 0 ? tokens / seconds : null,
    generateTokensPerSecond: written / generateSeconds,
    failures: [],
  };
  return { report, samples };
}
