/** Cached attention as one kernel, which writes the new keys and values into their place. */
import * as tf from "@tensorflow/tfjs";
import type { CacheSize, CacheSteps } from "../cache_steps.ts";
import { defineKernel } from "./fused.ts";

function roundUp(length: number): number {
  return Math.ceil(length / 4) * 4;
}

/**
 * How many positions there is room for, at least so many.
 *
 * subtle: were it a multiple of 256, a position's numbers, one a row, would all lie at addresses of the same last
 * ten bits, of which a processor's cache holds only a few at a time.
 */
function roomFor(capacity: number): number {
  const room = roundUp(capacity);
  return room % 256 === 0 ? room + 16 : room;
}

/** Keys and values in memory that is taken once, for all positions that fit. */
export function createFusedSteps({ batch, heads, width, capacity }: CacheSize): CacheSteps {
  const depth = width / heads;
  const room = roomFor(capacity);
  let keys = keep(tf.zeros([batch, heads, depth, room]));
  let values = keep(tf.zeros([batch, heads, room, roundUp(depth)]));
  return {
    attend: (qkv, past) => attend({ qkv, keys, values }, { heads, past, room })[0]!,
    select: (rows) => {
      const chosen = tf.tensor1d(rows, "int32");
      [keys, values] = [keys, values].map((old) => {
        const kept = keep(tf.gather(old, chosen));
        old.dispose();
        return kept;
      }) as [tf.Tensor4D, tf.Tensor4D];
      chosen.dispose();
    },
    truncate: () => {}, // what lies beyond the length is overwritten before it is read
    dispose: () => tf.dispose([keys, values]),
  };
}

function keep(tensor: tf.Tensor): tf.Tensor4D {
  return tf.keep(tensor as tf.Tensor4D);
}

const attend = defineKernel<
  { qkv: tf.TensorInfo; keys: tf.TensorInfo; values: tf.TensorInfo },
  { heads: number; past: number; room: number }
>("CachedAttention", ({ inputs: { qkv, keys, values }, attributes, backend }) => {
  const { cachedAttentionScratch } = backend.kernels;
  const { heads, past, room } = attributes;
  const [batch, time, packed] = qkv.shape as [number, number, number];
  const depth = packed / 3 / heads;
  const from = [backend.address(qkv), backend.address(keys), backend.address(values)] as const;
  const out = backend.allocate([batch, time, packed / 3]);
  const to = backend.address(out);
  const sizes = [time, heads, depth, room, past] as const;
  const bytes = cachedAttentionScratch(room, depth);
  const all = { length: batch * heads, work: batch * packed * time * (past + time) };
  backend.withScratch(bytes * backend.partsOf(all), (scratch) => {
    backend.divide("cachedAttention", all, (first, count, part) => [
      ...[...from, to, ...sizes, first, count, scratch + part * bytes],
    ]);
  });
  return [out];
}) as (...args: [object, object]) => tf.Tensor3D[];
