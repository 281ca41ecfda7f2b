/** One pass through the training strings, step by step. */
import { UsageError } from "../command/mod.ts";
import { createRandom, type Random } from "../random.ts";
import { type Optimizer, tf, valueAndGradients } from "../tensor/mod.ts";
import { createLossMeter } from "./training/loss_meter.ts";
import type { NeuralModel, TokenBatch } from "./model.ts";

/** A training loss that is not a number any more: the step and the loss are in the message. */
export class TrainingError extends UsageError {
  /** Tells it from errors that are our fault. */
  override name = "TrainingError";
}

/** The loss is read back once in so many steps: reading waits for the device. */
const STEPS_BETWEEN_READINGS = 20;

/** What an epoch goes through and how. */
export interface EpochOptions {
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
  onReading?: (reading: Reading) => Promise<void>;
}

/** How far an epoch is: the steps taken, and the sum of their tokens' losses. */
export interface EpochUnderWay {
  readonly steps: number;
  readonly lossSum: number;
}

/** What is known when losses were read: their mean a token over the few steps up to `step`. */
export interface Reading {
  readonly step: number;
  readonly loss: number;
  readonly underWay: EpochUnderWay;
}

/**
 * Takes one step for each batch; resolves to the mean loss a token on the way.
 *
 * A batch's gradient counts as much as it has tokens, so that those of the last, partial batch weigh
 * no more than others.
 *
 * @throws TrainingError when a loss is not finite
 */
export async function trainEpoch(
  model: NeuralModel,
  { batches, optimizer, firstStep, underWay, learningRate, seed, onReading }: EpochOptions,
): Promise<number> {
  const tokens = tokensOf(batches.flat());
  const meter = createLossMeter();
  let lossSum = underWay?.lossSum ?? 0;
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
    if (meter.waiting < STEPS_BETWEEN_READINGS && index < batches.length - 1) continue;
    const read = await meter.read();
    const readFrom = step + 1 - read.losses.length;
    read.losses.forEach((loss, i) => requireFinite(loss, { model, step: readFrom + i + 1 }));
    lossSum += read.mean * read.tokens;
    await onReading?.({
      ...{ step: step + 1, loss: read.mean },
      underWay: { steps: index + 1, lossSum },
    });
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
export async function meanLoss(
  model: NeuralModel,
  batches: readonly TokenBatch[],
): Promise<number> {
  const meter = createLossMeter();
  for (const batch of batches) meter.add(model.loss(batch), batch.tokens);
  return (await meter.read()).mean;
}

/** Throws a TrainingError that names the step unless the loss is a finite number. */
export function requireFinite(
  loss: number,
  { model, step }: { model: NeuralModel; step: number },
): void {
  if (Number.isFinite(loss)) return;
  throw new TrainingError(
    `Expected a finite loss from ${model.name}, got ${loss} at step ${step}: ` +
      `try a smaller learning rate`,
  );
}
