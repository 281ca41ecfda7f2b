/** From a model's name to a model that has learned from a text, writing meanwhile. */
import type { Progress } from "../../command/mod.ts";
import { createRandom } from "../../random.ts";
import type { Learned, LearningHooks } from "../run/learn.ts";
import type { NeuralModel } from "../model.ts";
import { isNeural } from "../models/registry.ts";
import { sample } from "../sampling/sample.ts";
import { train } from "../training/train.ts";
import type { TrainingHistory } from "../training/state.ts";
import type { TextData } from "../data/text.ts";
import { createTextModel } from "./models.ts";
import type { TextOptions } from "./options.ts";
import { printable } from "../sampling/stream.ts";

/** What a model wrote while it was learning. */
export interface LiveSample {
  /** After how many epochs. */
  readonly epoch: number;
  /** The loss on unseen text by then. */
  readonly validLoss: number;
  /** What it wrote. */
  readonly text: string;
}

/** What a model learns from, and who is told. */
export interface TextSetting {
  /** What is learned. */
  readonly data: TextData;
  /** How. */
  readonly options: TextOptions;
  /** Who is told. */
  readonly hooks: LearningHooks;
}

/** A model that has learned, and its attempts on the way. */
export interface TextLearned extends Learned {
  /** What it wrote on the way. */
  readonly live: readonly LiveSample[];
}

/** Tokens of an attempt: a line on a terminal, beside the progress. */
const ATTEMPT = 60;

/** Makes the model of a name, and trains or counts it; frees it when that fails. */
export async function learnText(name: string, setting: TextSetting): Promise<TextLearned> {
  const start = performance.now();
  const { data, options, hooks } = setting;
  const rng = createRandom(options.seed, "weights", name);
  const model = createTextModel(name, { data, options, rng });
  try {
    const live: LiveSample[] = [];
    const resume = isNeural(model) ? hooks.resume?.(model) : undefined;
    const history = isNeural(model) ? await trainShown(model, { ...setting, live, resume }) : null;
    const seconds = (resume?.seconds ?? 0) + (performance.now() - start) / 1000;
    return { model, history, seconds, tokens: tokensSeen(setting, history !== null), live };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function tokensSeen({ data, options }: TextSetting, trained: boolean): number {
  const { kind, tokens, train } = data.description;
  const onePass = kind === "lines" ? tokens : train;
  if (!trained) return onePass; // counting is one pass
  if (kind === "lines") return options.epochs * tokens;
  const stepsEach = Math.ceil(options.steps / data.epochs);
  return data.epochs * stepsEach * options.batch * data.contextLength;
}

/** Trains a model, and shows how far it is and what it writes by then. */
async function trainShown(
  model: NeuralModel,
  { data, options, hooks, live, resume }: TextSetting & {
    live: LiveSample[];
    resume: ReturnType<NonNullable<LearningHooks["resume"]>>;
  },
): Promise<TrainingHistory> {
  const { seed, batch: batchSize, learningRate } = options;
  let progress: Progress | undefined;
  try {
    const history = await train(model, {
      ...data.training,
      ...{ seed, epochs: data.epochs, batchSize, learningRate, resume },
      onCheckpoint: hooks.onCheckpoint && ((state) => hooks.onCheckpoint!(model, state)),
      onEpoch: async ({ epoch, validLoss }) => {
        const written = await sample(model, { count: 1, seed, maxLength: ATTEMPT });
        live.push({ epoch, validLoss, text: written[0]!.text });
      },
      onProgress: ({ step, steps, loss }) => {
        progress ??= hooks.startProgress?.(model.name, steps);
        progress?.update(step, `loss ${loss.toFixed(3)}${excerpt(live.at(-1))}`);
      },
    });
    progress?.stop(`loss ${history.epochs.at(-1)!.validLoss.toFixed(3)}${excerpt(live.at(-1))}`);
    return history;
  } catch (error) {
    progress?.stop("failed");
    throw error;
  }
}

/** The beginning of an attempt, in one line. */
function excerpt(attempt: LiveSample | undefined): string {
  if (!attempt) return "";
  const line = printable(attempt.text.replaceAll(/\s+/g, " "));
  return ` “${[...line].slice(0, 32).join("")}”`;
}
