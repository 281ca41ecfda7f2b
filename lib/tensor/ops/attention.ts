/** Causal self-attention over all heads as one operation. */
import * as tf from "@tensorflow/tfjs";
import * as reference from "../reference.ts";
import { defineKernel, hasFusedKernels, recorded } from "./fused.ts";

/**
 * softmax(q·kᵀ/√D + causal mask)·v for every head (Vaswani et al., 2017).
 *
 * @param qkv queries, keys and values side by side, [B, T, 3C]
 * @param options the number of heads, a divisor of C, and `observe`, which is given the weights
 * [B, H, T, T]; no gradient flows through what it sees
 * @returns [B, T, C]
 */
export function causalSelfAttention(
  qkv: tf.Tensor3D,
  { heads, observe }: {
    heads: number;
    observe?: ((weights: tf.Tensor4D) => void) | undefined;
  },
): tf.Tensor3D {
  const [batch, time, packed] = qkv.shape;
  if (packed % (3 * heads) !== 0) {
    throw new RangeError(
      `Expected queries, keys and values of a width that ${heads} heads divide, got [${qkv.shape}]`,
    );
  }
  if (!hasFusedKernels()) {
    const compose = () => reference.causalSelfAttention(qkv, { heads, observe });
    return observe ? compose() : tf.tidy(compose); // what is observed outlives the operation
  }
  return recorded({
    name: "CausalSelfAttention",
    inputs: { qkv },
    run: (wanted) => {
      const keepWeights = wanted || observe !== undefined;
      const [output, weights] = forward({ qkv }, { heads, keepWeights });
      observe?.(weights!.slice([0, 0, 0, 0], [batch, heads, time, time]) as tf.Tensor4D);
      return { output: output!, shared: [qkv], own: [weights] };
    },
    gradient: (dy, [qkv, weights]) => ({
      qkv: () => backward({ dy, qkv: qkv!, weights: weights! }, { heads })[0]!,
    }),
  }) as tf.Tensor3D;
}

/** The shape in numbers: B, T, H, D. */
function sizes(qkv: tf.TensorInfo, heads: number): [number, number, number, number] {
  const [batch, time, packed] = qkv.shape as [number, number, number];
  return [batch, time, heads, packed / 3 / heads];
}

const forward = defineKernel<{ qkv: tf.TensorInfo }, { heads: number; keepWeights: boolean }>(
  "CausalSelfAttention",
  ({ inputs: { qkv }, attributes: { heads, keepWeights }, backend }) => {
    const { attention, attentionScratch } = backend.kernels;
    const [batch, time, , depth] = sizes(qkv, heads);
    const from = backend.address(qkv);
    const out = backend.allocate([batch, time, heads * depth]);
    const padded = Math.ceil(time / 4) * 4;
    const weights = keepWeights ? backend.allocate([batch, heads, padded, padded]) : undefined;
    const to = [backend.address(out), weights ? backend.address(weights) : 0] as const;
    backend.withScratch(
      attentionScratch(time, depth),
      (scratch) => attention(from, ...to, ...sizes(qkv, heads), scratch),
    );
    return weights ? [out, weights] : [out];
  },
);

const backward = defineKernel<
  { dy: tf.TensorInfo; qkv: tf.TensorInfo; weights: tf.TensorInfo },
  { heads: number }
>(
  "CausalSelfAttentionGradient",
  ({ inputs: { dy, qkv, weights }, attributes: { heads }, backend }) => {
    const { attentionGradient, attentionScratch } = backend.kernels;
    const [, time, , depth] = sizes(qkv, heads);
    const from = [backend.address(dy), backend.address(qkv), backend.address(weights)] as const;
    const dQkv = backend.allocate(qkv.shape);
    const to = backend.address(dQkv);
    backend.withScratch(
      attentionScratch(time, depth),
      (scratch) => attentionGradient(...from, to, ...sizes(qkv, heads), scratch),
    );
    return [dQkv];
  },
);
