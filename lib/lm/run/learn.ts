/** From a model's name to a model that has learned. */
import type { InterruptWatch, Progress } from "../../command/mod.ts";
import { StoppedError } from "../../errors.ts";
import { createRandom } from "../../random.ts";
import { isNeural, type LanguageModel, type NeuralModel } from "../language_model.ts";
import { createModel, type SizeOptions } from "../models/registry.ts";
import { sample } from "../sampling/sample.ts";
import { printable } from "../sampling/stream.ts";
import type { TrainingHistory, TrainingState } from "../training/state.ts";
import { train } from "../training/train.ts";
import type { Task } from "./task.ts";

/** How models are trained. */
export interface LearningOptions extends SizeOptions {
  /** Strings or windows in a training step. */
  readonly batch: number;
  /** Peak of the learning rate. */
  readonly learningRate: number;
  /** Decides every random draw. */
  readonly seed: number;
  /** Training ends after so many epochs without a better validation loss; never, unless said. */
  readonly patience?: number | undefined;
}

/** Who is told how a model learns, and may store it. */
export interface LearningHooks {
  /** Shows the training of a model of so many steps. */
  startProgress?: (name: string, steps: number) => Progress;
  /** The state from which to go on training a model, if there is one. */
  resume?: (model: NeuralModel) => TrainingState | undefined;
  /** Stores a state, after each epoch and within long ones. */
  onCheckpoint?: (model: NeuralModel, state: TrainingState) => Promise<void>;
  /** Listens, while a model is trained, for whoever wants that to stop. */
  watchInterrupts?: () => InterruptWatch;
}

/** A model that has learned, and how fast. */
export interface Learned {
  /** The model, trained or counted. */
  readonly model: LanguageModel;
  /** Makes it once more as it was before training. */
  readonly initial: () => LanguageModel;
  /** Null for models that do not learn by gradient descent. */
  readonly history: TrainingHistory | null;
  /** Wall time that it took. */
  readonly seconds: number;
  /** How many tokens it saw while learning; 0 for models that do not learn. */
  readonly tokens: number;
}

/** The model of a name before it was trained: with initial weights, or counted. */
export function initialModel(
  name: string,
  { task, options }: {
    task: Pick<Task, "ingredients">;
    options: SizeOptions & Pick<LearningOptions, "seed">;
  },
): LanguageModel {
  const rng = createRandom(options.seed, "weights", name);
  return createModel(name, { ...task.ingredients, sizes: options, rng });
}

/** Makes the model of a name, and trains or counts it; frees it when that fails. */
export async function learn(
  name: string,
  { task, options, hooks }: { task: Task; options: LearningOptions; hooks: LearningHooks },
): Promise<Learned> {
  const start = performance.now();
  const initial = () => initialModel(name, { task, options });
  const model = initial();
  const secondsSince = (before = 0) => before + (performance.now() - start) / 1000;
  try {
    if (!isNeural(model)) {
      const tokens = model.kind === "counted" ? task.tokens.counted : 0;
      return { model, initial, history: null, seconds: secondsSince(), tokens };
    }
    const resume = hooks.resume?.(model);
    const history = await trainShown(model, { task, options, hooks, resume });
    const tokens = history.epochs.length * task.tokens.epoch;
    return { model, initial, history, seconds: secondsSince(resume?.seconds), tokens };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** Trains a model, and shows how far it is and what it writes by then. */
async function trainShown(
  model: NeuralModel,
  { task, options, hooks, resume }: {
    task: Task;
    options: LearningOptions;
    hooks: LearningHooks;
    resume: TrainingState | undefined;
  },
): Promise<TrainingHistory> {
  const { epochs, batches, sampleWhileTraining: maxLength } = task;
  const { seed, batch: batchSize, learningRate, patience } = options;
  let progress: Progress | undefined;
  let written = excerpt(resume?.progress.history.epochs.at(-1)?.sample);
  const writeSample = async () => {
    const [first] = await sample(model, { count: 1, seed, maxLength });
    written = excerpt(first?.text);
    return first?.text ?? "";
  };
  using interrupts = hooks.watchInterrupts?.();
  try {
    const history = await train(model, {
      ...{ batches, seed, epochs, batchSize, learningRate, resume },
      ...patience === undefined ? {} : { patience },
      stopRequested: interrupts?.requested,
      onCheckpoint: hooks.onCheckpoint && ((state) => hooks.onCheckpoint!(model, state)),
      writeSample: maxLength === undefined ? undefined : writeSample,
      onProgress: ({ step, steps, loss }) => {
        progress ??= hooks.startProgress?.(model.name, steps);
        progress?.update(step, `loss ${loss.toFixed(3)}${written}`);
      },
    });
    progress?.stop(`loss ${history.epochs.at(-1)!.validLoss.toFixed(3)}${written}`);
    return history;
  } catch (error) {
    progress?.stop(error instanceof StoppedError ? "stopped" : "failed", false);
    throw error;
  }
}

/** The beginning of what a model wrote, in one line. */
function excerpt(text: string | undefined): string {
  if (text === undefined) return "";
  const line = printable(text.replaceAll(/\s+/g, " "));
  return ` “${[...line].slice(0, 32).join("")}”`;
}
