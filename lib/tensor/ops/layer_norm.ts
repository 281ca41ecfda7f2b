/** Layer norm as one operation. */
import * as tf from "@tensorflow/tfjs";
import * as reference from "../reference.ts";
import { checkShape } from "./checks.ts";
import { inBlocks } from "./blocks.ts";
import { defineKernel, hasFusedKernels, recorded } from "./fused.ts";

/**
 * gain·(x − mean)/√(variance + ε) + bias over the last axis (Ba et al., 2016).
 *
 * @param x [..., C]
 * @param options gain [C], bias [C]
 * @returns [..., C]
 */
export function layerNorm<T extends tf.Tensor>(
  x: T,
  { gain, bias, epsilon = 1e-5 }: {
    gain: tf.Tensor1D;
    bias: tf.Tensor1D;
    epsilon?: number;
  },
): T {
  const wanted = [x.shape.at(-1)!];
  checkShape("a gain", { tensor: gain, wanted });
  checkShape("a bias", { tensor: bias, wanted });
  if (!hasFusedKernels()) return tf.tidy(() => reference.layerNorm(x, { gain, bias, epsilon }));
  return recorded({
    name: "LayerNorm",
    inputs: { x, gain, bias },
    run: () => {
      const [output, stats] = forward({ x, gain, bias }, { epsilon });
      return { output: output!, shared: [x, gain], own: [stats] };
    },
    gradient: (dy, [x, gain, stats]) => {
      const [dx, dGain, dBias] = backward({ dy, x: x!, gain: gain!, stats: stats! }, {});
      return { x: () => dx!, gain: () => dGain!, bias: () => dBias! };
    },
  }) as T;
}

const forward = defineKernel<
  { x: tf.TensorInfo; gain: tf.TensorInfo; bias: tf.TensorInfo },
  { epsilon: number }
>("LayerNorm", ({ inputs: { x, gain, bias }, attributes: { epsilon }, backend }) => {
  const width = gain.shape[0]!;
  const rows = tf.util.sizeFromShape(x.shape) / width;
  const from = [backend.address(x), backend.address(gain), backend.address(bias)] as const;
  const [y, stats] = [backend.allocate(x.shape), backend.allocate([rows, 2])];
  const to = [backend.address(y), backend.address(stats)] as const;
  backend.divide("layerNorm", { length: rows, work: rows * width * 4 }, (begin, n) => {
    const offset = begin * width * 4;
    const [x, gain, bias] = from;
    return [x + offset, gain, bias, to[0] + offset, to[1] + begin * 8, n, width, epsilon];
  });
  return [y, stats];
});

const backward = defineKernel<
  { dy: tf.TensorInfo; x: tf.TensorInfo; gain: tf.TensorInfo; stats: tf.TensorInfo },
  object
>("LayerNormGradient", ({ inputs: { dy, x, gain, stats }, backend }) => {
  const width = gain.shape[0]!;
  const rows = tf.util.sizeFromShape(x.shape) / width;
  const from = [dy, x, gain, stats].map((tensor) => backend.address(tensor));
  const out = [x.shape, [width], [width]].map((shape) => backend.allocate(shape));
  const to = out.map((tensor) => backend.address(tensor));
  inBlocks(backend, { rows, width, sums: to.slice(1) }, (begin, n, sums) => {
    const offset = begin * width * 4;
    const [dy, x, gain, stats] = from as [number, number, number, number];
    return {
      kernel: "layerNormGradient",
      args: [dy + offset, x + offset, gain, stats + begin * 8, to[0]! + offset, ...sums, n, width],
    };
  });
  return out;
});
