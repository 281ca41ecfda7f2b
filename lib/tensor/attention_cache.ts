/** Attention one step at a time: keys and values of past positions are kept, not computed again. */
import type * as tf from "@tensorflow/tfjs";
import type { CacheSize } from "./cache_steps.ts";
import { createFusedSteps } from "./ops/cached_attention.ts";
import { hasFusedKernels } from "./ops/fused.ts";
import { createComposedSteps } from "./reference_cache.ts";

/** Keys and values of the positions so far, for a batch in step. */
export interface AttentionCache {
  /** How many positions are remembered. */
  readonly length: number;
  /** How many positions fit, L. */
  readonly capacity: number;
  /**
   * Remembers the keys and values of T new positions and attends from each of them to all before it
   * and itself: packed query, key, value [B, T, 3C] → [B, T, C]. Throws when they do not fit.
   * Not differentiable.
   */
  attend(qkv: tf.Tensor3D): tf.Tensor3D;
  /** Keeps only these sequences, in this order. */
  select(rows: Int32Array): void;
  /** Forgets all positions from `length` on. */
  truncate(length: number): void;
  /** Frees the memory. */
  dispose(): void;
}

/** An empty cache on the current backend. */
export function createAttentionCache(size: CacheSize): AttentionCache {
  const { heads, width, capacity } = size;
  if (width % heads !== 0) {
    throw new RangeError(`Expected a width that ${heads} heads divide, got ${width}`);
  }
  const steps = hasFusedKernels() ? createFusedSteps(size) : createComposedSteps(size);
  let { batch } = size;
  let length = 0;
  return {
    get length() {
      return length;
    },
    capacity,
    attend: (qkv) => {
      const [rows, time, packed] = qkv.shape;
      if (rows !== batch || packed !== 3 * width) {
        throw new RangeError(
          `Expected queries, keys and values of shape [${batch}, T, ${
            3 * width
          }], got [${qkv.shape}]`,
        );
      }
      if (length + time > capacity) {
        throw new RangeError(
          `Expected at most ${capacity - length} more positions (${capacity} fit), got ${time}`,
        );
      }
      const attended = steps.attend(qkv, length);
      length += time;
      return attended;
    },
    select: (rows) => {
      const wrong = rows.find((row) => !(row >= 0 && row < batch));
      if (wrong !== undefined) {
        throw new RangeError(`Expected rows of 0 to ${batch - 1}, got ${wrong}`);
      }
      steps.select(rows);
      batch = rows.length;
    },
    truncate: (to) => {
      if (!(Number.isInteger(to) && to >= 0 && to <= length)) {
        throw new RangeError(`Expected a length of 0 to ${length}, got ${to}`);
      }
      steps.truncate(to);
      length = to;
    },
    dispose: () => steps.dispose(),
  };
}
