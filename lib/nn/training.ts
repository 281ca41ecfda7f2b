/** The loop that all three stacks are trained by. */
import { UsageError } from "../command/mod.ts";
import type { Random } from "../random.ts";
import { checkBatch, epochBatches } from "./batches.ts";
import type { Network } from "./network.ts";

/** A descent that went the wrong way. */
export class DivergedError extends UsageError {
  /** Tells it from other errors. */
  override name = "DivergedError";

  /** An error that names the run, the step and the loss. */
  constructor(
    /** The step, from 1, at which the loss gave it away. */
    readonly step: number,
    /** That step's loss. */
    readonly loss: number,
    who: string,
  ) {
    super(
      `Expected the loss of ${who} to fall, got ${loss} at step ${step}: ` +
        `the descent diverges, a smaller learning rate may help`,
    );
  }
}

/** A loss this many times the first one has diverged, though it may be finite. */
const divergence = 1000;

/** What {@linkcode trainNetwork} takes. */
export interface TrainingOptions {
  /** Number of training examples. */
  readonly rows: number;
  /** Examples a step. */
  readonly batch: number;
  /** How often every example is seen. */
  readonly epochs: number;
  /** Draws the order of the examples: the same stream, the same batches. */
  readonly rng: Random;
  /** Is told each epoch's loss: the mean over its examples, as they were when it was their turn. */
  readonly onEpoch?: (epoch: number, loss: number) => void | Promise<void>;
}

/**
 * Trains a network and resolves to the loss of every step, before that step.
 *
 * @throws DivergedError when a loss is not finite or 1,000 times the first
 */
export async function trainNetwork(network: Network, options: TrainingOptions): Promise<number[]> {
  const { rows, batch, epochs, rng, onEpoch } = options;
  checkTraining(options);
  const losses: number[] = [];
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const batches = epochBatches({ rows, batch, rng });
    const fresh = await network.train(batches);
    for (const loss of fresh) {
      losses.push(loss);
      if (!(loss <= divergence * losses[0]!)) {
        throw new DivergedError(losses.length, loss, `the ${network.stack} stack`);
      }
    }
    await onEpoch?.(epoch, meanOverExamples(fresh, batches));
  }
  return losses;
}

/** Refuses a training that would not take a step. */
export function checkTraining({ batch, epochs }: Pick<TrainingOptions, "batch" | "epochs">): void {
  checkBatch(batch);
  if (!Number.isInteger(epochs) || epochs < 1) {
    throw new RangeError(`Expected at least 1 epoch, got ${epochs}`);
  }
}

/** subtle: a smaller last batch counts for less. */
function meanOverExamples(losses: number[], batches: Int32Array[]): number {
  const examples = batches.reduce((sum, { length }) => sum + length, 0);
  return losses.reduce((sum, loss, i) => sum + loss * batches[i]!.length, 0) / examples;
}
