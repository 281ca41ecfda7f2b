/**
 * The one training loop: epochs of mini-batches, AdamW, a learning rate that warms up and cools down.
 *
 * From the outside in: {@linkcode train} goes through the epochs and keeps the best weights,
 * `trainEpoch` through the batches of one, `trainStep` takes one step of gradient descent.
 */
import { StoppedError, UsageError } from "../../errors.ts";
import { createRandom, type Random } from "../../random.ts";
import { createAdamW, createSgd, type Optimizer, tf, valueAndGradients } from "../../tensor/mod.ts";
import type { BatchSource } from "../data/batches.ts";
import type { NeuralModel, TokenBatch } from "../language_model.ts";
import { createLossMeter } from "./loss_meter.ts";
import { learningRateAt } from "./schedule.ts";
import {
  assignTensors,
  captureRun,
  type EpochUnderWay,
  readTensors,
  startRun,
  type TrainingHistory,
  type TrainingRun,
  type TrainingState,
} from "./state.ts";

/** How a model is trained. */
export interface TrainingOptions {
  /** What is learned from, and what chooses the best weights. */
  batches: BatchSource;
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
  /** Is told how far it is and the mean loss of the last few steps; the next step waits for it. */
  onProgress?: (progress: { step: number; steps: number; loss: number }) => void | Promise<void>;
  /** Lets the model write something after each epoch, to be kept in the history. */
  writeSample?: ((model: NeuralModel) => Promise<string>) | undefined;
  /** Is told of each epoch; the next one waits for it. */
  onEpoch?:
    | ((done: { epoch: number; step: number; validLoss: number }) => Promise<void>)
    | undefined;
  /** Is given the state after each epoch, and within long ones, to be stored. */
  onCheckpoint?: ((state: TrainingState) => Promise<void>) | undefined;
  /** Is asked at least once a second; then training stops, with a checkpoint. */
  stopRequested?: (() => Promise<boolean>) | undefined;
  /** Goes on from there instead of from the start. */
  resume?: TrainingState | undefined;
  /** Seconds without a checkpoint after which an epoch is interrupted for one. */
  checkpointSeconds?: number;
  /** After how many steps losses are read, asked anew at each step; 20, for reading waits for the device. */
  stepsBetweenReadings?: (() => number) | undefined;
}

/** A training loss that is not a number any more: the step and the loss are in the message. */
export class TrainingError extends UsageError {
  /** Tells it from errors that are our fault. */
  override name = "TrainingError";
}

/**
 * Trains a model in place and leaves it with the weights of the epoch that was best on the
 * validation strings. The same seed gives the same weights, resumed or not.
 *
 * A batch's gradient counts as much as it has tokens, so that tokens of short strings (which share
 * batches) and of the last, partial batch weigh no more than others.
 *
 * @throws TrainingError when a loss is not finite
 * @throws StoppedError when `stopRequested` says so
 */
export async function train(
  model: NeuralModel,
  options: TrainingOptions,
): Promise<TrainingHistory> {
  const { epochs = 20, batchSize = 64, patience = Infinity } = options;
  const validBatches = options.batches.valid({ batchSize, reading: model });
  const optimizer = createOptimizer(model, options);
  try {
    const run = await startRun(model, { optimizer, resume: options.resume });
    while (run.epoch < epochs && run.epoch - run.best.epoch < patience) {
      const trainLoss = await trainEpoch(model, { ...options, run });
      const validLoss = await meanLoss(model, validBatches);
      requireFinite(validLoss, { model, step: run.step });
      const sample = await options.writeSample?.(model);
      run.history.epochs.push({
        ...{ epoch: run.epoch, trainLoss, validLoss },
        ...sample === undefined ? {} : { sample },
      });
      if (validLoss < run.best.validLoss) {
        run.best = { epoch: run.epoch, validLoss };
        run.bestWeights = await readTensors(model.parameters);
      }
      await checkpoint(model, { ...options, run });
      await options.onEpoch?.({ epoch: run.epoch, step: run.step, validLoss });
      if (await options.stopRequested?.()) throw stopped(model, run.step);
    }
    assignTensors(model.parameters, run.bestWeights);
    return run.history;
  } finally {
    optimizer.dispose();
  }
}

/** One epoch; moves `run` forward and resolves to the mean loss a token on the way. */
async function trainEpoch(
  model: NeuralModel,
  { run, ...options }: TrainingOptions & { run: TrainingRun },
): Promise<number> {
  const { epochs = 20, batchSize = 64, learningRate: peak = 0.01, seed } = options;
  const { checkpointSeconds = 10 } = options;
  const rng = createRandom(seed, "epoch", run.epoch);
  const batches = options.batches.draw({ batchSize, rng, reading: model });
  const steps = epochs * batches.length;
  const loss = await takeSteps(model, {
    ...{ batches, seed, optimizer: run.optimizer, underWay: run.underWay },
    firstStep: run.step - run.underWay.steps,
    learningRate: (step) => learningRateAt(step, { peak, steps }),
    stopRequested: options.stopRequested,
    stepsBetweenReadings: options.stepsBetweenReadings,
    onReading: async ({ step, loss, underWay, stop }) => {
      run.step = step;
      run.underWay = underWay;
      if (loss !== undefined) {
        run.history.steps.push({ step, loss });
        await options.onProgress?.({ step, steps, loss });
      }
      if (stop) {
        await checkpoint(model, { ...options, run });
        throw stopped(model, step);
      }
      const seconds = (performance.now() - run.lastCheckpoint) / 1000;
      if (seconds >= checkpointSeconds) await checkpoint(model, { ...options, run });
    },
  });
  run.epoch++;
  run.underWay = { steps: 0, lossSum: 0 };
  return loss;
}

function stopped({ name }: NeuralModel, step: number): StoppedError {
  return new StoppedError(`Stopped ${name} after step ${step}`);
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
  const decays = (name: string) => (parameters.get(name)?.rank ?? 0) > 1; // not biases and gains
  return createAdamW(parameters, { learningRate, weightDecay, clipNorm, decays });
}

/** The loss is read back once in so many steps: reading waits for the device. */
const STEPS_BETWEEN_READINGS = 20;

/** Whoever wants training to stop waits no longer than this and a step. */
const MILLISECONDS_UNASKED = 500;

/** What an epoch goes through and how. */
export interface StepsOptions {
  /** The batches, each as rectangles. */
  batches: readonly (readonly TokenBatch[])[];
  optimizer: Optimizer;
  /** Steps done before the epoch. */
  firstStep: number;
  /** What was done of the epoch before, in an earlier run; nothing when it starts. */
  underWay?: EpochUnderWay;
  learningRate: (step: number) => number;
  /** Seeds dropout, with the step. */
  seed: number;
  /** Is told of every few steps; the next one waits for it. */
  onReading?: (read: StepsRead) => Promise<void>;
  /** Whether to read at once, so that one can stop. */
  stopRequested?: (() => Promise<boolean>) | undefined;
  /** After how many steps losses are read, {@linkcode TrainingOptions.stepsBetweenReadings}. */
  stepsBetweenReadings?: (() => number) | undefined;
}

/** What is known when losses were read: their mean a token over the few steps up to `step`. */
export interface StepsRead {
  readonly step: number;
  /** Undefined between two readings, where it was asked to stop. */
  readonly loss: number | undefined;
  readonly underWay: EpochUnderWay;
  /** Whether it was asked to stop here. */
  readonly stop: boolean;
}

/**
 * Takes one step for each batch; resolves to the mean loss a token on the way.
 *
 * A batch's gradient counts as much as it has tokens, so that those of the last, partial batch weigh
 * no more than others.
 *
 * @throws TrainingError when a loss is not finite
 */
export async function takeSteps(
  model: NeuralModel,
  { batches, optimizer, firstStep, underWay, learningRate, seed, ...hooks }: StepsOptions,
): Promise<number> {
  const tokens = tokensOf(batches.flat());
  const meter = createLossMeter(underWay?.waiting);
  let lossSum = underWay?.lossSum ?? 0;
  const { stepsBetweenReadings = () => STEPS_BETWEEN_READINGS } = hooks;
  let asked = performance.now();
  for (const [index, batch] of batches.entries()) {
    if (index < (underWay?.steps ?? 0)) continue;
    const step = firstStep + index;
    const loss = trainStep(model, {
      ...{ batch, optimizer },
      weight: tokensOf(batch) * batches.length / tokens,
      learningRate: learningRate(step),
      rng: createRandom(seed, "dropout", step),
    });
    meter.add(loss, tokensOf(batch));
    const due = meter.waiting >= stepsBetweenReadings() || index === batches.length - 1;
    const late = performance.now() - asked > MILLISECONDS_UNASKED;
    const stop = (due || late) && (await hooks.stopRequested?.() ?? false);
    if (due || late) asked = performance.now();
    if (!due && !stop) continue;
    const waiting = await meter.look();
    const readFrom = step + 1 - waiting.length;
    waiting.forEach(({ loss }, i) => requireFinite(loss, { model, step: readFrom + i + 1 }));
    const told = { step: step + 1, stop };
    if (due) {
      const { mean: loss, tokens } = await meter.read();
      lossSum += loss * tokens;
      await hooks.onReading?.({ ...told, loss, underWay: { steps: index + 1, lossSum } });
    } else {
      const underWay = { steps: index + 1, lossSum, waiting };
      await hooks.onReading?.({ ...told, loss: undefined, underWay });
    }
  }
  return lossSum / tokens;
}

function tokensOf(batches: readonly TokenBatch[]): number {
  return batches.reduce((sum, { tokens }) => sum + tokens, 0);
}

/** What one step learns from, and how far it goes. */
interface Step {
  batch: readonly TokenBatch[];
  optimizer: Optimizer;
  /** How much the batch's gradient counts. */
  weight: number;
  learningRate: number;
  /** Decides what is dropped. */
  rng: Random;
}

/** One step of gradient descent; the mean loss a token stays on the device. */
function trainStep(
  model: NeuralModel,
  { batch, optimizer, weight, learningRate, rng }: Step,
): tf.Scalar {
  return tf.tidy(() => {
    const share = weight / tokensOf(batch);
    const { value, gradients } = valueAndGradients(() => {
      const losses = batch.map((part) => {
        const loss = model.loss(part, { dropoutSeed: rng.integer(2 ** 31) });
        return loss.mul<tf.Scalar>(part.tokens * share);
      });
      return losses.length === 1 ? losses[0]! : tf.addN(losses);
    }, [...model.parameters.values()]);
    optimizer.step(gradients, { learningRate });
    return value.div<tf.Scalar>(weight);
  });
}

/** Mean of −ln P over all tokens of the batches. */
async function meanLoss(
  model: NeuralModel,
  batches: readonly TokenBatch[],
): Promise<number> {
  const meter = createLossMeter();
  for (const batch of batches) meter.add(model.loss(batch), batch.tokens);
  return (await meter.read()).mean;
}

/** Throws a TrainingError that names the step unless the loss is a finite number. */
function requireFinite(
  loss: number,
  { model, step }: { model: NeuralModel; step: number },
): void {
  if (Number.isFinite(loss)) return;
  throw new TrainingError(
    `Expected a finite loss from ${model.name}, got ${loss} at step ${step}: ` +
      `try a smaller learning rate`,
  );
}
