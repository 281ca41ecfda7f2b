/** Rows of a table by index, and the gradient that adds up where an index occurs twice. */
import * as tf from "@tensorflow/tfjs";
import * as reference from "../reference.ts";
import { checkIndices, outOfRange, toInt32 } from "./checks.ts";
import { defineKernel, hasFusedKernels, recorded } from "./fused.ts";
import { gatherPacked } from "../simd/mod.ts";

/**
 * Rows of a table. An index outside 0 … V − 1 is an error (on webgpu, where indices cannot be looked at
 * in time, it gives a row of zeros).
 *
 * @param table [V, C]
 * @param indices [...], int32
 * @returns [..., C]
 */
export function embedding(table: tf.Tensor2D, indices: tf.Tensor): tf.Tensor {
  const [size] = table.shape;
  if (!hasFusedKernels()) {
    checkIndices("indices", { indices, least: 0, size });
    return tf.tidy(() => reference.embedding(table, indices));
  }
  return recorded({
    name: "Embedding",
    inputs: { table },
    run: () => {
      const whole = toInt32(indices);
      const [output] = forward({ table, indices: whole }, {});
      const [shared, own] = whole === indices ? [[whole], []] : [[], [whole]];
      return { output: output!, shared, own };
    },
    gradient: (dy, [indices]) => ({
      table: () => backward({ dy, indices: indices! }, { size })[0]!,
    }),
  });
}

const forward = defineKernel<{ table: tf.TensorInfo; indices: tf.TensorInfo }, object>(
  "Embedding",
  ({ inputs: { table, indices }, backend }) => {
    const [size, width] = table.shape as [number, number];
    const count = tf.util.sizeFromShape(indices.shape);
    const chosen = backend.address(indices);
    const packed = backend.packed(table);
    const from = packed && !packed.turned ? 0 : backend.address(table);
    const at = backend.kernels.firstBadIndex(chosen, count, size);
    if (at >= 0) {
      const value = new Int32Array(backend.heap.memory.buffer, chosen)[at]!;
      throw outOfRange("indices", { value, at, least: 0, size });
    }
    const out = backend.allocate([...indices.shape, width]);
    const to = backend.address(out);
    if (from === 0) gatherPacked(backend, { packed: packed!, indices: chosen, count, to });
    else backend.kernels.embedding(from, chosen, to, count, width);
    return [out];
  },
);

const backward = defineKernel<{ dy: tf.TensorInfo; indices: tf.TensorInfo }, { size: number }>(
  "EmbeddingGradient",
  ({ inputs: { dy, indices }, attributes: { size }, backend }) => {
    const [count, width] = [tf.util.sizeFromShape(indices.shape), dy.shape.at(-1)!];
    const [above, chosen] = [backend.address(dy), backend.address(indices)];
    const dTable = backend.allocate([size, width]);
    const to = backend.address(dTable);
    backend.kernels.embeddingGradient(above, chosen, to, count, size, width);
    return [dTable];
  },
);
