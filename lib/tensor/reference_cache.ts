/**
 * Cached attention composed from plain tfjs ops: what it means.
 *
 * Letters: B batch, T new positions, C width, H heads, D = C / H, N positions so far.
 */
import * as tf from "@tensorflow/tfjs";
import type { CacheSize, CacheSteps } from "./cache_steps.ts";

interface Past {
  keys: tf.Tensor4D; // [B, H, N, D]
  values: tf.Tensor4D; // [B, H, N, D]
}

/** Keys and values that grow by concatenation. */
export function createComposedSteps(
  { heads, width }: Pick<CacheSize, "heads" | "width">,
): CacheSteps {
  let past: Past | undefined;
  const replace = (next: Past | undefined) => {
    if (past) tf.dispose([past.keys, past.values]);
    past = next && { keys: tf.keep(next.keys), values: tf.keep(next.values) };
  };
  const each = (change: (old: tf.Tensor4D) => tf.Tensor4D) =>
    past && replace({ keys: change(past.keys), values: change(past.values) });
  return {
    attend: (qkv) =>
      tf.tidy(() => {
        const [query, keys, values] = splitHeads(qkv, heads); // [B, H, T, D]
        replace({ keys: append(past?.keys, keys!), values: append(past?.values, values!) });
        return attend(query!, past!).reshape([...qkv.shape.slice(0, 2), width]) as tf.Tensor3D;
      }),
    select: (rows) => void tf.tidy(() => each((old) => tf.gather(old, tf.tensor1d(rows, "int32")))),
    truncate: (length) =>
      length === 0
        ? replace(undefined)
        : void tf.tidy(() => each((old) => old.slice([0, 0, 0, 0], [-1, -1, length, -1]))),
    dispose: () => replace(undefined),
  };
}

function splitHeads(qkv: tf.Tensor3D, heads: number): tf.Tensor4D[] {
  const [batch, time, packed] = qkv.shape;
  return tf.split(qkv, 3, 2).map((part) =>
    part.reshape([batch, time, heads, packed / 3 / heads]).transpose([0, 2, 1, 3]) as tf.Tensor4D
  );
}

function append(old: tf.Tensor4D | undefined, fresh: tf.Tensor4D): tf.Tensor4D {
  return old ? tf.concat([old, fresh], 2) : fresh.clone();
}

function attend(query: tf.Tensor4D, { keys, values }: Past): tf.Tensor {
  const [, , time, depth] = query.shape;
  const length = keys.shape[2];
  const scores = tf.matMul(query, keys, false, true).div(Math.sqrt(depth)); // [B, H, T, N]
  const visible = tf.linalg.bandPart(tf.ones([time, length]), -1, length - time); // [T, N]
  const weights = tf.softmax(scores.add(visible.sub(1).mul(1e9)));
  return tf.matMul(weights, values).transpose([0, 2, 1, 3]); // [B, T, H, D]
}
