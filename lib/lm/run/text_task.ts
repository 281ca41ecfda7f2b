/** Learning a text, and being judged by parts of it that were kept aside. */
import { evaluateBatches } from "../judging/evaluate.ts";
import { countPieces } from "../judging/judge.ts";
import { openText } from "../text/open.ts";
import type { ReadingHooks } from "../text/shown.ts";
import type { TextData, TextDescription, TextOptions } from "../text/text_data.ts";
import { finiteOrNull, type Report } from "./report.ts";
import type { Task } from "./task.ts";

/** A run on a text. */
export interface TextTask extends Task {
  /** Tells it from a task on a grammar. */
  readonly kind: "text";
  /** What the report says of it. */
  readonly description: { grammar: null; text: TextDescription; corpus: Report["corpus"] };
  /** The text, ready to be learned. */
  readonly data: TextData;
}

/**
 * A text has far more n-grams than any training text shows: what was never seen in its context is
 * predicted from a shorter one, and an n-gram that is new even so counts as a hundredth of one.
 */
const counting = { backOff: true, alpha: 0.01 };

/** Tokens that a model writes after each pass: a line on a terminal, beside the progress. */
const SAMPLE_WHILE_TRAINING = 60;

/**
 * Reads the text.
 *
 * @throws UsageError when it cannot be read, or is too short
 */
export async function openTextTask(
  options: TextOptions,
  hooks: ReadingHooks = {},
): Promise<TextTask> {
  const data = await openText(options, hooks);
  const { vocabulary, contextLength, description: text } = data;
  return {
    kind: "text",
    data,
    ingredients: { vocabulary, contextLength, counting, strings: data.trainStrings },
    batches: data.source,
    epochs: data.epochs,
    tokens: {
      counted: text.kind === "lines" ? text.tokens : text.train,
      epoch: data.tokensAnEpoch,
    },
    sampleWhileTraining: SAMPLE_WHILE_TRAINING,
    longestSample: data.longestSample,
    identity: { text: data.fingerprint },
    description: {
      grammar: null,
      text,
      corpus: { train: text.train, valid: text.valid, test: text.test, tokens: text.tokens },
    },
    evaluate: async (model) => {
      const { loss, bitsPerCharacter } = await evaluateBatches(model, data.batches("test"));
      const valid = await evaluateBatches(model, data.batches("valid"));
      const training = await evaluateBatches(model, data.batches("train"));
      return {
        trainLoss: finiteOrNull(training.loss),
        validLoss: finiteOrNull(valid.loss),
        testLoss: finiteOrNull(loss),
        bitsPerCharacter: finiteOrNull(bitsPerCharacter),
        excessLoss: null,
        measuredOrder: null,
      };
    },
    judge: async (written) => {
      const pieces = written.map((samples) => samples.flatMap(({ text }) => data.piecesOf(text)));
      const known = await data.known(new Set(pieces.flat()));
      return written.map((samples, i) => {
        const unfinished = samples.filter(({ finished }) => !finished).length;
        return { generated: countPieces(pieces[i]!, { known, unfinished }), failures: [] };
      });
    },
    dispose: data.dispose,
  };
}
