/** From a model's name to a model that has learned from a corpus. */
import type { Progress } from "../../command/mod.ts";
import type { Grammar } from "../../grammar/mod.ts";
import type { Corpus } from "../data/corpus.ts";
import type { MilestoneOptions } from "./options.ts";
import type { LanguageModel, NeuralModel } from "../model.ts";
import { createModel, isNeural } from "../models/registry.ts";
import { train } from "../training/train.ts";
import type { TrainingHistory, TrainingState } from "../training/state.ts";

/** What a model learns from, and how. */
export interface Setting {
  grammar: Grammar;
  corpus: Corpus;
  options: MilestoneOptions;
}

/** Who is told how a model learns, and may store it. */
export interface LearningHooks {
  /** Shows the training of a model of so many steps. */
  startProgress?: (name: string, steps: number) => Progress;
  /** The state from which to go on training a model, if there is one. */
  resume?: (model: NeuralModel) => TrainingState | undefined;
  /** Stores a state, after each epoch and within long ones. */
  onCheckpoint?: (model: NeuralModel, state: TrainingState) => Promise<void>;
}

/** A model that has learned, and how fast. */
export interface Learned {
  /** The model, trained or counted. */
  readonly model: LanguageModel;
  /** Null for models that do not learn by gradient descent. */
  readonly history: TrainingHistory | null;
  /** Wall time that it took. */
  readonly seconds: number;
  /** How many tokens it saw while learning; 0 for models that do not learn. */
  readonly tokens: number;
}

/** Makes the model of a name, and trains or counts it on the corpus; frees it when that fails. */
export async function learn(
  name: string,
  { hooks, ...setting }: Setting & { hooks: LearningHooks },
): Promise<Learned> {
  const start = performance.now();
  const { corpus, grammar, options: { seed, scale, epochs } } = setting;
  const model = createModel(name, { corpus, grammar, seed, scale });
  try {
    const resume = isNeural(model) ? hooks.resume?.(model) : undefined;
    const history = isNeural(model) ? await trainShown(model, { hooks, resume, ...setting }) : null;
    const passes = history ? epochs : +(model.parameterCount > 0); // counting is one pass
    const before = resume?.seconds ?? 0;
    const seconds = before + (performance.now() - start) / 1000;
    return { model, history, seconds, tokens: passes * corpus.train.tokens };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** Trains a model and shows how far it is. */
async function trainShown(
  model: NeuralModel,
  { corpus, options, hooks, resume }: Setting & {
    hooks: LearningHooks;
    resume: TrainingState | undefined;
  },
): Promise<TrainingHistory> {
  const { seed, epochs, batch: batchSize, learningRate } = options;
  let progress: Progress | undefined;
  try {
    const history = await train(model, {
      train: corpus.train.encoded,
      valid: corpus.valid.encoded,
      ...{ seed, epochs, batchSize, learningRate, resume },
      onCheckpoint: hooks.onCheckpoint && ((state) => hooks.onCheckpoint!(model, state)),
      onProgress: ({ step, steps, loss }) => {
        progress ??= hooks.startProgress?.(model.name, steps);
        progress?.update(step, `loss ${loss.toFixed(3)}`);
      },
    });
    progress?.stop(`loss ${history.epochs.at(-1)!.validLoss.toFixed(3)}`);
    return history;
  } catch (error) {
    progress?.stop("failed");
    throw error;
  }
}
