/** Losses that stay on the device and are read together, for reading waits for the device. */
import { tf } from "../../tensor/mod.ts";

/** What a batch came to. */
export interface BatchLoss {
  /** Its mean loss a token. */
  readonly loss: number;
  /** How many tokens it has. */
  readonly tokens: number;
}

/** Collects the losses of batches. */
export interface LossMeter {
  /** How many losses wait to be read. */
  readonly waiting: number;
  /** Takes over a batch's mean loss a token. */
  add(loss: tf.Scalar, tokens: number): void;
  /** What waits to be read, and goes on waiting. */
  look(): Promise<readonly BatchLoss[]>;
  /** Reads what waits: each batch's loss, and the mean over all their tokens. */
  read(): Promise<{ losses: readonly number[]; mean: number; tokens: number }>;
}

/** A meter in which nothing waits, or what another one had waiting. */
export function createLossMeter(before: readonly BatchLoss[] = []): LossMeter {
  let waiting = [...before];
  let scalars: tf.Scalar[] = [];
  let counts: number[] = []; // their tokens
  const look = async () => {
    if (scalars.length === 0) return waiting;
    const stacked = tf.stack(scalars);
    const losses = await stacked.data<"float32">();
    tf.dispose([stacked, ...scalars]);
    waiting = waiting.concat(counts.map((tokens, i) => ({ loss: losses[i]!, tokens })));
    scalars = [];
    counts = [];
    return waiting;
  };
  return {
    get waiting() {
      return waiting.length + scalars.length;
    },
    add: (loss, tokens) => {
      scalars.push(loss);
      counts.push(tokens);
    },
    look,
    read: async () => {
      const all = await look();
      waiting = [];
      const tokens = all.reduce((sum, { tokens }) => sum + tokens, 0);
      const sum = all.reduce((sum, { loss, tokens }) => sum + tokens * loss, 0);
      return { losses: all.map(({ loss }) => loss), mean: sum / tokens, tokens };
    },
  };
}
