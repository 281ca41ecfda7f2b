/** Normalising each channel by numbers that are given. */
import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { SimdBackend } from "./backend.ts";
import type { Override } from "./override.ts";

/** offset + (x − mean)·scale/√(variance + ε), along the last axis. */
export const fusedBatchNorm: Override = ({ inputs, attrs, backend }) => {
  const { x, mean, variance, scale, offset } = inputs as
    & { x: TensorInfo; mean: TensorInfo; variance: TensorInfo }
    & { scale?: TensorInfo; offset?: TensorInfo };
  const given = [mean, variance, scale, offset];
  const channels = x.shape.at(-1) ?? 1;
  const fits = (each: TensorInfo | undefined) =>
    !each || (each.dtype === "float32" && util.sizeFromShape(each.shape) === channels);
  if (x.dtype !== "float32" || !given.every(fits)) return undefined;
  const epsilon = attrs["varianceEpsilon"] as number | undefined ?? 0.001;
  const from = [backend.address(x), backend.address(mean)] as const;
  const numbers = (each: TensorInfo | undefined, otherwise: number) =>
    each ? valuesOf(backend, each) : new Float32Array(channels).fill(otherwise);
  const [variances, scales] = [numbers(variance, 1), numbers(scale, 1)];
  const factors = scales.map((by, i) => by / Math.sqrt(variances[i]! + epsilon));
  const offsets = numbers(offset, 0);
  const y = backend.allocate(x.shape);
  const rows = util.sizeFromShape(x.shape) / channels || 0;
  backend.withScratch(channels * 8, (scratch) => {
    const { buffer } = backend.heap.memory;
    new Float32Array(buffer, scratch, channels).set(factors);
    new Float32Array(buffer, scratch + channels * 4, channels).set(offsets);
    const [by, shift] = [scratch, scratch + channels * 4];
    backend.kernels.normalise(...from, by, shift, backend.address(y), rows, channels);
  });
  return y;
};

function valuesOf(backend: SimdBackend, tensor: TensorInfo): Float32Array {
  return backend.data.get(tensor.dataId).values as Float32Array;
}
