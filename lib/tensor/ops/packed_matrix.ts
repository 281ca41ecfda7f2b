/** Matrices that are only read, in the order of their products and in half the memory if wanted. */
import * as tf from "@tensorflow/tfjs";
import type { PackedKind, Packing } from "../simd/mod.ts";
import { defineKernel, hasFusedKernels } from "./fused.ts";

export type { PackedKind, Packing };

/**
 * A matrix that is there to be multiplied by, such as a weight of a loaded model.
 *
 * On `simd` and `native` it lies in memory as products of a few rows read it fastest, and `linear` (x·W, when it
 * is `turned`), `matMul` (x·W, or x·Wᵀ when it is not) and `embedding` (when it is not) take it as it is. For
 * everything else it is the float32 matrix that it stands for, and becomes one in memory, too. Elsewhere it is one
 * from the start.
 *
 * @param packing its shape [A, B]; its rows, piece by piece; and `kind`: float32, or what rounds them to half the
 * bytes. bfloat16 wants numbers that are bfloat16 already; float16 keeps a matrix with numbers of 128 or more as
 * float32.
 */
export function packedMatrix(packing: Packing): tf.Tensor2D {
  if (hasFusedKernels()) return pack({}, packing)[0] as tf.Tensor2D;
  const [rows, columns] = packing.shape;
  const values = packing.read(0, rows);
  const halves = packing.kind === "float16" && values.every((value) => Math.abs(value) < 128);
  return tf.tensor2d(halves ? Float32Array.from(values, Math.f16round) : values, [rows, columns]);
}

const pack = defineKernel<object, Packing>(
  "PackMatrix",
  ({ attributes, backend }) => [backend.pack(attributes)],
);
