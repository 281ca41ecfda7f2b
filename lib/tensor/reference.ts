/**
 * The operations of a language model, composed from plain tfjs ops: what each one means.
 *
 * Letters: B batch, T time, C width, H heads, D = C / H, V classes, R rows.
 */
import * as tf from "@tensorflow/tfjs";

/** What a layer ends with. */
export type Activation = "none" | "relu" | "gelu" | "tanh" | "sigmoid";

/** GELU in GPT-2's tanh form: ½x(1 + tanh(√(2/π)(x + 0.044715x³))) (Hendrycks and Gimpel, 2016). */
export function gelu<T extends tf.Tensor>(x: T): T {
  const inner = x.mul(Math.sqrt(2 / Math.PI)).mul(
    x.square().mul(0.044715).add(1),
  ) as T;
  return x.mul(0.5).mul(inner.tanh().add(1)) as T;
}

function activate(x: tf.Tensor, activation: Activation): tf.Tensor {
  if (activation === "none") return x;
  if (activation === "gelu") return gelu(x);
  return tf[activation](x);
}

/** activation(x·W + b): x [..., I], weight [I, O], bias [O] → [..., O]. */
export function linear<T extends tf.Tensor>(
  x: T,
  { weight, bias, activation = "none" }: {
    weight: tf.Tensor2D;
    bias?: tf.Tensor1D | undefined;
    activation?: Activation;
  },
): T {
  const width = x.shape.at(-1)!;
  const rows = x.reshape([-1, width]).matMul(weight); // [R, O]
  const shifted = bias ? rows.add(bias) : rows;
  return activate(shifted, activation).reshape([
    ...x.shape.slice(0, -1),
    weight.shape[1],
  ]) as T;
}

/** gain·(x − mean)/√(variance + ε) + bias over the last axis (Ba et al., 2016): x [..., C] → [..., C]. */
export function layerNorm<T extends tf.Tensor>(
  x: T,
  { gain, bias, epsilon = 1e-5 }: {
    gain: tf.Tensor1D;
    bias: tf.Tensor1D;
    epsilon?: number;
  },
): T {
  const { mean, variance } = tf.moments(x, -1, true); // [..., 1]
  return x.sub(mean).mul(variance.add(epsilon).rsqrt()).mul(gain).add(
    bias,
  ) as T;
}

/** 1 at the index of each row, 0 elsewhere, [R, V]; tfjs's own wants a V of at least 2. */
function oneHot(indices: tf.Tensor, size: number): tf.Tensor2D {
  if (size === 1) return tf.ones([indices.size, 1]);
  return tf.oneHot(indices as tf.Tensor1D, size).toFloat() as tf.Tensor2D;
}

/**
 * Mean of −ln softmax(logits)[label] over rows whose label is not −1, 0 when there are none:
 * logits [R, V], labels [R] int32.
 */
export function softmaxCrossEntropy(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
): tf.Scalar {
  const counted = labels.greaterEqual(0);
  const safe = labels.maximum(tf.scalar(0, "int32")).toInt();
  const chosen = tf.logSoftmax(logits).mul(oneHot(safe, logits.shape[1])).sum(-1); // [R]
  return chosen.mul(counted.toFloat()).sum().neg().div(
    counted.toFloat().sum().maximum(1),
  ) as tf.Scalar;
}

/** Rows of a table: table [V, C], indices [...] int32 → [..., C]. */
export function embedding(table: tf.Tensor2D, indices: tf.Tensor): tf.Tensor {
  const [size, width] = table.shape;
  const chosen = oneHot(indices.flatten().toInt(), size).matMul(table);
  return chosen.reshape([...indices.shape, width]);
}

/**
 * softmax(q·kᵀ/√D + causal mask)·v for every head (Vaswani et al., 2017): qkv [B, T, 3C] → [B, T, C].
 * `observe` is given the weights [B, H, T, T].
 */
export function causalSelfAttention(
  qkv: tf.Tensor3D,
  { heads, observe }: {
    heads: number;
    observe?: ((weights: tf.Tensor4D) => void) | undefined;
  },
): tf.Tensor3D {
  const [batch, time, threeWidths] = qkv.shape;
  const width = threeWidths / 3;
  const split = (part: number) =>
    qkv.slice([0, 0, part * width], [batch, time, width])
      .reshape([batch, time, heads, width / heads]).transpose([0, 2, 1, 3]); // [B, H, T, D]
  const [query, key, value] = [split(0), split(1), split(2)];
  const scores = tf.matMul(query, key, false, true).mul(
    Math.sqrt(heads / width),
  ); // [B, H, T, T]
  const past = tf.linalg.bandPart(tf.ones([time, time]), -1, 0); // [T, T]
  const weights = tf.softmax(scores.add(past.sub(1).mul(1e9))) as tf.Tensor4D;
  observe?.(weights);
  const mixed = tf.matMul(weights, value); // [B, H, T, D]
  return mixed.transpose([0, 2, 1, 3]).reshape([batch, time, width]);
}

/** x [B, T, C] as T tensors [B, C]; tfjs's own unstack has no gradient for T = 1. */
function steps(x: tf.Tensor3D): tf.Tensor2D[] {
  const [batch, time, width] = x.shape;
  return Array.from(
    { length: time },
    (_, t) => x.slice([0, t, 0], [batch, 1, width]).reshape([batch, width]),
  );
}

/** hₜ = tanh(xₜ + hₜ₋₁·U): projected inputs x [B, T, C], initial [B, C], recurrent U [C, C] → all h [B, T, C]. */
export function rnnSequence(
  x: tf.Tensor3D,
  { initial, recurrent }: { initial: tf.Tensor2D; recurrent: tf.Tensor2D },
): tf.Tensor3D {
  let hidden = initial;
  const states = steps(x).map((input) =>
    hidden = input.add(hidden.matMul(recurrent)).tanh() as tf.Tensor2D
  );
  return tf.stack(states, 1) as tf.Tensor3D;
}

/**
 * Gated recurrent unit (Cho et al., 2014; gate order and reset as in PyTorch): projected inputs
 * x [B, T, 3C] in the order reset, update, new; recurrent [C, 3C], recurrentBias [3C] → all h [B, T, C].
 *
 * r = σ(xʳ + h·Uʳ + bʳ), z = σ(xᶻ + h·Uᶻ + bᶻ), n = tanh(xⁿ + r∘(h·Uⁿ + bⁿ)), h' = (1 − z)∘n + z∘h
 */
export function gruSequence(
  x: tf.Tensor3D,
  { initial, recurrent, recurrentBias }: {
    initial: tf.Tensor2D;
    recurrent: tf.Tensor2D;
    recurrentBias: tf.Tensor1D;
  },
): tf.Tensor3D {
  let hidden = initial;
  const states = steps(x).map((input) => {
    const [xReset, xUpdate, xNew] = tf.split(input, 3, 1);
    const [hReset, hUpdate, hNew] = tf.split(
      hidden.matMul(recurrent).add(recurrentBias),
      3,
      1,
    );
    const reset = xReset!.add(hReset!).sigmoid();
    const update = xUpdate!.add(hUpdate!).sigmoid();
    const candidate = xNew!.add(reset.mul(hNew!)).tanh();
    return hidden = candidate.add(
      update.mul(hidden.sub(candidate)),
    ) as tf.Tensor2D;
  });
  return tf.stack(states, 1) as tf.Tensor3D;
}
