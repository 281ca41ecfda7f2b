/** The training loop behind the notebooks' snapshots: AdamW, warm-up and cosine, clipping. */
import { learningRateAt, type NeuralModel, type TokenBatch } from "../../../lib/lm/mod.ts";
import { createAdamW, tf, valueAndGradients } from "../../../lib/tensor/mod.ts";

/** How long, on how much, and how fast. */
export interface Training {
  /** Number of steps altogether. */
  steps: number;
  /** Windows, or strings, of one step. */
  batch: number;
  /** The largest learning rate. */
  peak: number;
  /** Steps until it is reached. */
  warmUp: number;
  /** Steps that it then stays, before half a cosine takes it down to 0. */
  hold: number;
  /** How fast matrices shrink; gains and biases do not. */
  weightDecay: number;
  /** The longest gradient. */
  clipNorm: number;
}

/** Where the loop asks and tells. */
export interface Surroundings {
  /** The batch of the next step. */
  nextBatch(): TokenBatch;
  /** Called before the steps 0, 1, … and once after the last. */
  onStep?(step: number): void | Promise<void>;
}

/** Steps of which one mean training loss is kept. */
const lossEvery = 25;

/** Trains the model in place and resolves to its training loss, a mean for every 25 steps. */
export async function train(
  model: NeuralModel,
  training: Training,
  { nextBatch, onStep }: Surroundings,
): Promise<{ step: number; train: number }[]> {
  const { steps, peak, weightDecay, clipNorm } = training;
  const optimizer = createAdamW(model.parameters, {
    learningRate: peak,
    beta2: 0.99,
    weightDecay,
    clipNorm,
    decays: (name) => model.parameters.get(name)!.rank > 1,
  });
  const losses: { step: number; train: number }[] = [];
  let recent = 0;
  for (let step = 0; step < steps; step++) {
    await onStep?.(step);
    const batch = nextBatch();
    const { value, gradients } = valueAndGradients(
      () => model.loss(batch, { dropoutSeed: step }),
      [...model.parameters.values()],
    );
    optimizer.step(gradients, { learningRate: rateAt(step, training) });
    recent += value.dataSync()[0]! / lossEvery;
    tf.dispose([value, ...gradients]);
    if ((step + 1) % lossEvery > 0) continue;
    losses.push({ step: step + 1, train: Number(recent.toFixed(4)) });
    recent = 0;
  }
  await onStep?.(steps);
  optimizer.dispose();
  return losses;
}

/** The learning rate of a step: up, level, down. */
export function rateAt(step: number, { steps, peak, warmUp, hold }: Training): number {
  const moving = step < warmUp ? step : Math.max(warmUp, step - hold);
  return learningRateAt(moving, { peak, steps: steps - hold, warmUp });
}
