/** The one training loop: mini-batches, AdamW, a learning rate that warms up and cools down. */
import { createRandom, type Random } from "../../random.ts";
import { createAdamW, createSgd, type Optimizer } from "../../tensor/mod.ts";
import { shuffledBatches, sortedBatches } from "../data/batches.ts";
import type { NeuralModel, TokenBatch } from "../model.ts";
import { learningRateAt } from "./schedule.ts";
import { meanLoss, requireFinite, trainEpoch } from "../train_epoch.ts";
import { captureRun, startRun, type TrainingRun } from "../training_run.ts";
import { assignTensors, readTensors, type TrainingHistory, type TrainingState } from "./state.ts";

/** Batches that come from elsewhere than a list of strings, such as windows of a long text. */
export interface BatchSource {
  /** The batches of one epoch, each as rectangles; always as many. */
  draw(options: { batchSize: number; rng: Random }): (readonly TokenBatch[])[];
  /** What chooses the best weights. */
  readonly valid: readonly TokenBatch[];
}

/** How a model is trained. */
export interface TrainingOptions {
  /** Token ids of the strings to learn, without start and end. */
  train: readonly Int32Array[];
  /** Token ids of strings that choose the best weights. */
  valid: readonly Int32Array[];
  /** Batches instead of those strings. */
  source?: BatchSource | undefined;
  /** Decides the order of the batches and dropout. */
  seed: number;
  /** Passes through the training strings; 20 of 10,000 strings reach what these models can. */
  epochs?: number;
  /** Strings in a step. */
  batchSize?: number;
  /** The peak of the schedule; 0.01 suits models of a few thousand parameters. */
  learningRate?: number;
  /** AdamW, or plain gradient descent with momentum 0.9. */
  optimizer?: "adamw" | "sgd";
  /** How much weight matrices shrink a step, times the learning rate; off, for nothing overfits. */
  weightDecay?: number;
  /** The largest norm of all gradients together; larger ones are scaled down. */
  clipNorm?: number;
  /** Stop early after so many epochs without a better validation loss; off by default. */
  patience?: number;
  /** Is told how far it is and the mean loss of the last few steps. */
  onProgress?: (progress: { step: number; steps: number; loss: number }) => void;
  /** Is told of each epoch; the next one waits for it. */
  onEpoch?:
    | ((done: { epoch: number; step: number; validLoss: number }) => Promise<void>)
    | undefined;
  /** Is given the state after each epoch, and within long ones, to be stored. */
  onCheckpoint?: ((state: TrainingState) => Promise<void>) | undefined;
  /** Goes on from there instead of from the start. */
  resume?: TrainingState | undefined;
  /** Seconds without a checkpoint after which an epoch is interrupted for one. */
  checkpointSeconds?: number;
}

/**
 * Trains a model in place and leaves it with the weights of the epoch that was best on the
 * validation strings. The same seed gives the same weights, resumed or not.
 *
 * A batch's gradient counts as much as it has tokens, so that tokens of short strings (which share
 * batches) and of the last, partial batch weigh no more than others.
 *
 * @throws TrainingError when a loss is not finite
 */
export async function train(
  model: NeuralModel,
  options: TrainingOptions,
): Promise<TrainingHistory> {
  const { epochs = 20, batchSize = 64, patience = Infinity } = options;
  const validBatches = options.source?.valid ?? sortedBatches(options.valid, {
    batchSize: 4 * batchSize,
    longestInput: model.longestInput,
    boundary: model.vocabulary.start,
  });
  const optimizer = createOptimizer(model, options);
  try {
    const run = await startRun(model, { optimizer, resume: options.resume });
    while (run.epoch < epochs && run.epoch - run.best.epoch < patience) {
      const trainLoss = await passThrough(model, { ...options, run });
      const validLoss = await meanLoss(model, validBatches);
      requireFinite(validLoss, { model, step: run.step });
      run.history.epochs.push({ epoch: run.epoch, trainLoss, validLoss });
      if (validLoss < run.best.validLoss) {
        run.best = { epoch: run.epoch, validLoss };
        run.bestWeights = await readTensors(model.parameters);
      }
      await checkpoint(model, { ...options, run });
      await options.onEpoch?.({ epoch: run.epoch, step: run.step, validLoss });
    }
    assignTensors(model.parameters, run.bestWeights);
    return run.history;
  } finally {
    optimizer.dispose();
  }
}

/** One epoch; moves `run` forward and resolves to the mean loss a token on the way. */
async function passThrough(
  model: NeuralModel,
  { run, ...options }: TrainingOptions & { run: TrainingRun },
): Promise<number> {
  const { epochs = 20, batchSize = 64, learningRate: peak = 0.01, seed } = options;
  const { checkpointSeconds = 10 } = options;
  const rng = createRandom(seed, "epoch", run.epoch);
  const batches = options.source?.draw({ batchSize, rng }) ?? shuffledBatches(options.train, {
    ...{ batchSize, rng, longestInput: model.longestInput, boundary: model.vocabulary.start },
    rectangleCost: model.ignoresPadding ? Infinity : undefined,
  });
  const steps = epochs * batches.length;
  const loss = await trainEpoch(model, {
    ...{ batches, seed, optimizer: run.optimizer, underWay: run.underWay },
    firstStep: run.step - run.underWay.steps,
    learningRate: (step) => learningRateAt(step, { peak, steps }),
    onReading: async ({ step, loss, underWay }) => {
      run.step = step;
      run.underWay = underWay;
      run.history.steps.push({ step, loss });
      options.onProgress?.({ step, steps, loss });
      const seconds = (performance.now() - run.lastCheckpoint) / 1000;
      if (seconds >= checkpointSeconds) await checkpoint(model, { ...options, run });
    },
  });
  run.epoch++;
  run.underWay = { steps: 0, lossSum: 0 };
  return loss;
}

async function checkpoint(
  model: NeuralModel,
  { onCheckpoint, run }: TrainingOptions & { run: TrainingRun },
): Promise<void> {
  if (!onCheckpoint) return;
  await onCheckpoint(await captureRun(model, run));
  run.lastCheckpoint = performance.now();
}

function createOptimizer(
  { parameters }: NeuralModel,
  { optimizer = "adamw", learningRate = 0.01, weightDecay = 0, clipNorm = 1 }: TrainingOptions,
): Optimizer {
  if (optimizer === "sgd") return createSgd(parameters, { learningRate, momentum: 0.9 });
  const decays = (name: string) => parameters.get(name)!.rank > 1; // not biases and gains
  return createAdamW(parameters, { learningRate, weightDecay, clipNorm, decays });
}
