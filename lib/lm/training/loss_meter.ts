/** Losses that stay on the device and are read together, for reading waits for the device. */
import { tf } from "../../tensor/mod.ts";

/** Collects the losses of batches. */
export interface LossMeter {
  /** How many losses wait to be read. */
  readonly waiting: number;
  /** Takes over a batch's mean loss a token. */
  add(loss: tf.Scalar, tokens: number): void;
  /** Reads what waits: each batch's loss, and the mean over all their tokens. */
  read(): Promise<{ losses: Float32Array; mean: number; tokens: number }>;
}

/** A meter with nothing in it. */
export function createLossMeter(): LossMeter {
  let scalars: tf.Scalar[] = [];
  let weights: number[] = [];
  return {
    get waiting() {
      return scalars.length;
    },
    add: (loss, tokens) => {
      scalars.push(loss);
      weights.push(tokens);
    },
    read: async () => {
      const stacked = tf.stack(scalars);
      const losses = await stacked.data<"float32">();
      tf.dispose([stacked, ...scalars]);
      const tokens = weights.reduce((sum, weight) => sum + weight, 0);
      const sum = weights.reduce((sum, weight, i) => sum + weight * losses[i]!, 0);
      scalars = [];
      weights = [];
      return { losses, mean: sum / tokens, tokens };
    },
  };
}
