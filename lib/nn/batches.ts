/** In which order the examples are seen. */
import type { Random } from "../random.ts";

/**
 * One epoch's batches as row indices: every row once, in a new random order. The last batch is
 * smaller when `batch` does not divide `rows`.
 */
export function epochBatches(
  { rows, batch, rng }: { rows: number; batch: number; rng: Random },
): Int32Array[] {
  checkBatch(batch);
  const order = rng.shuffle(Int32Array.from({ length: rows }, (_, row) => row));
  return Array.from(
    { length: Math.ceil(rows / batch) },
    (_, i) => order.subarray(i * batch, (i + 1) * batch),
  );
}

/** Refuses a batch that is none. */
export function checkBatch(batch: number): void {
  if (!Number.isInteger(batch) || batch < 1) {
    throw new RangeError(`Expected a batch of at least 1 example, got ${batch}`);
  }
}
