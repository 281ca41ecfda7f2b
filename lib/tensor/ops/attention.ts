/** Causal self-attention over all heads as one operation. */
import * as tf from "@tensorflow/tfjs";
import * as reference from "../reference.ts";
import { defineKernel, hasFusedKernels, recorded } from "./fused.ts";
import type { SimdBackend } from "../simd/mod.ts";

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

/** Runs a kernel over the sequences of a batch; `addresses` are those of one sequence's tensors. */
function eachSequence(
  backend: SimdBackend,
  { kernel, sizes: [batch, time, heads, depth] }: {
    kernel: "attention" | "attentionGradient";
    sizes: [number, number, number, number];
  },
  addresses: (begin: number) => number[],
): void {
  const bytes = backend.kernels.attentionScratch(time, depth);
  const size = { length: batch, work: batch * heads * time * time * depth };
  backend.withScratch(
    bytes * backend.partsOf(size),
    (scratch) =>
      backend.divide(kernel, size, (begin, n, part) => [
        ...addresses(begin),
        ...[n, time, heads, depth, scratch + part * bytes],
      ]),
  );
}

const forward = defineKernel<{ qkv: tf.TensorInfo }, { heads: number; keepWeights: boolean }>(
  "CausalSelfAttention",
  ({ inputs: { qkv }, attributes: { heads, keepWeights }, backend }) => {
    const [batch, time, , depth] = sizes(qkv, heads);
    const from = backend.address(qkv);
    const out = backend.allocate([batch, time, heads * depth]);
    const padded = Math.ceil(time / 4) * 4;
    const weights = keepWeights ? backend.allocate([batch, heads, padded, padded]) : undefined;
    const [to, kept] = [backend.address(out), weights ? backend.address(weights) : 0];
    const image = time * heads * depth * 4; // bytes of one sequence
    eachSequence(backend, { kernel: "attention", sizes: sizes(qkv, heads) }, (begin) => [
      from + 3 * begin * image,
      to + begin * image,
      kept && kept + begin * heads * padded ** 2 * 4,
    ]);
    return weights ? [out, weights] : [out];
  },
);

const backward = defineKernel<
  { dy: tf.TensorInfo; qkv: tf.TensorInfo; weights: tf.TensorInfo },
  { heads: number }
>(
  "CausalSelfAttentionGradient",
  ({ inputs: { dy, qkv, weights }, attributes: { heads }, backend }) => {
    const [, time, , depth] = sizes(qkv, heads);
    const [above, from, kept] = [dy, qkv, weights].map((tensor) => backend.address(tensor));
    const dQkv = backend.allocate(qkv.shape);
    const to = backend.address(dQkv);
    const [image, square] = [time * heads * depth * 4, heads * (Math.ceil(time / 4) * 4) ** 2 * 4];
    eachSequence(backend, { kernel: "attentionGradient", sizes: sizes(qkv, heads) }, (begin) => [
      above! + begin * image,
      from! + 3 * begin * image,
      kept! + begin * square,
      to + 3 * begin * image,
    ]);
    return [dQkv];
  },
);
