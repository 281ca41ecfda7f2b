/** Training data that stays on the device, handed out in the order of the batches. */
import { tf } from "../tensor/mod.ts";
import type { Dataset } from "./data.ts";

/** Examples on the device. */
export interface TensorData {
  /**
   * Calls `use` with each batch's inputs [B, I] and targets [B, O]. One gather brings all of them
   * into order, so that a batch is a slice.
   */
  forEachBatch(
    batches: readonly Int32Array[],
    use: (inputs: tf.Tensor2D, targets: tf.Tensor2D) => void | Promise<void>,
  ): Promise<void>;
  /** Frees the examples. */
  dispose(): void;
}

/** Puts examples on the device. */
export function tensorData({ rows, inputs, targets }: Dataset): TensorData {
  const all = [inputs, targets].map((values) => tf.tensor2d(values, [rows, values.length / rows]));
  return {
    async forEachBatch(batches, use) {
      const ordered = tf.tidy(() => {
        const order = tf.tensor1d(batches.flatMap((batch) => Array.from(batch)), "int32");
        return all.map((tensor) => tensor.gather(order));
      });
      let start = 0;
      for (const { length } of batches) {
        const [x, y] = ordered.map((tensor) => tensor.slice(start, length));
        await use(x!, y!);
        tf.dispose([x!, y!]);
        start += length;
      }
      tf.dispose(ordered);
    },
    dispose: () => tf.dispose(all),
  };
}
