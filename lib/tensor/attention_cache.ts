/**
 * Attention one step at a time: keys and values of past positions are kept, not computed again.
 *
 * Letters: B batch, T new positions, C width, H heads, D = C / H, L capacity.
 */
import * as tf from "@tensorflow/tfjs";

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

/** An empty cache for `batch` sequences of up to `capacity` positions. */
export function createAttentionCache(
  { batch, heads, width, capacity }: {
    batch: number;
    heads: number;
    width: number;
    capacity: number;
  },
): AttentionCache {
  const depth = width / heads;
  let past: { keys: tf.Tensor4D; values: tf.Tensor4D } | undefined; // [B, H, length, D]
  let length = 0;
  let size = batch;
  const replace = (
    make: (old: tf.Tensor4D | undefined, name: "keys" | "values") => tf.Tensor4D,
  ) => {
    const next = { keys: make(past?.keys, "keys"), values: make(past?.values, "values") };
    if (past) tf.dispose([past.keys, past.values]);
    past = next;
    tf.keep(past.keys);
    tf.keep(past.values);
  };
  return {
    get length() {
      return length;
    },
    capacity,
    attend: (qkv) => {
      const [rows, time, threeWidths] = qkv.shape;
      if (rows !== size || threeWidths !== 3 * width) {
        throw new RangeError(
          `Expected queries, keys and values of shape [${size}, T, ${
            3 * width
          }], got [${qkv.shape}]`,
        );
      }
      if (length + time > capacity) {
        throw new RangeError(
          `Expected at most ${capacity - length} more positions (${capacity} fit), got ${time}`,
        );
      }
      return tf.tidy(() => {
        const split = (part: number) =>
          qkv.slice([0, 0, part * width], [rows, time, width])
            .reshape([rows, time, heads, depth]).transpose([0, 2, 1, 3]) as tf.Tensor4D; // [B, H, T, D]
        const fresh = { keys: split(1), values: split(2) };
        replace((old, name) => old ? tf.concat([old, fresh[name]], 2) : fresh[name].clone());
        length += time;
        const scores = tf.matMul(split(0), past!.keys, false, true)
          .mul(1 / Math.sqrt(depth)); // [B, H, T, length]
        const visible = tf.linalg.bandPart(tf.ones([time, length]), -1, length - time);
        const weights = tf.softmax(scores.add(visible.sub(1).mul(1e9)));
        return tf.matMul(weights, past!.values).transpose([0, 2, 1, 3]) // [B, T, H, D]
          .reshape([rows, time, width]) as tf.Tensor3D;
      });
    },
    select: (rows) => {
      size = rows.length;
      if (past) {
        tf.tidy(() => replace((old) => tf.gather(old!, tf.tensor1d(rows, "int32"))));
      }
    },
    truncate: (to) => {
      if (!(Number.isInteger(to) && to >= 0 && to <= length)) {
        throw new RangeError(`Expected a length of 0 to ${length}, got ${to}`);
      }
      if (to === 0 && past) {
        tf.dispose([past.keys, past.values]);
        past = undefined;
      } else if (past && to < length) {
        tf.tidy(() => replace((old) => old!.slice([0, 0, 0, 0], [size, heads, to, depth])));
      }
      length = to;
    },
    dispose: () => {
      if (past) tf.dispose([past.keys, past.values]);
      past = undefined;
      length = 0;
    },
  };
}
