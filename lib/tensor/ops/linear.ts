/** A dense layer: matrix product, bias and activation as one operation. */
import * as tf from "@tensorflow/tfjs";
import * as reference from "../reference.ts";
import type { Activation } from "../reference.ts";
import { checkShape } from "./checks.ts";
import type { Gradients } from "./engine.ts";
import { inBlocks } from "./blocks.ts";
import { defineKernel, hasFusedKernels, recorded } from "./fused.ts";
import { multiplyPacked } from "../simd/mod.ts";

/** In the order of the numbers that the kernels know them by. */
const ACTIVATIONS: readonly Activation[] = ["none", "relu", "gelu", "tanh", "sigmoid"];
const GELU = ACTIVATIONS.indexOf("gelu");

/**
 * activation(x·W + b).
 *
 * @param x [..., I]
 * @param options weight [I, O], bias [O], and an activation, none by default
 * @returns [..., O]
 */
export function linear<T extends tf.Tensor>(
  x: T,
  { weight, bias, activation = "none" }: {
    weight: tf.Tensor2D;
    bias?: tf.Tensor1D | undefined;
    activation?: Activation;
  },
): T {
  const [inputs, outputs] = weight.shape;
  if (x.shape.at(-1) !== inputs) {
    throw new RangeError(`Expected x of shape [..., ${inputs}], got [${x.shape}]`);
  }
  if (bias) checkShape("a bias", { tensor: bias, wanted: [outputs] });
  if (!hasFusedKernels()) return tf.tidy(() => reference.linear(x, { weight, bias, activation }));
  const kind = ACTIVATIONS.indexOf(activation);
  const operands = bias ? { x, weight, bias } : { x, weight };
  return recorded({
    name: "Linear",
    inputs: operands as tf.NamedTensorMap,
    run: (wanted) => {
      const keepSlope = wanted && kind === GELU;
      const [output, slope] = forward(operands, { kind, keepSlope });
      const own = keepSlope ? [slope] : [];
      const kept = kind === 0 || keepSlope ? [] : [output!];
      return { output: output!, shared: [x, weight, ...kept], own };
    },
    gradient: (dy, [x, weight, saved]) =>
      gradient(dy, { x: x!, weight: weight as tf.Tensor2D, saved, kind, hasBias: !!bias }),
  }) as T;
}

function gradient(
  dy: tf.Tensor,
  { x, weight, saved, kind, hasBias }: {
    x: tf.Tensor;
    weight: tf.Tensor2D;
    saved: tf.Tensor | undefined;
    kind: number;
    hasBias: boolean;
  },
): Gradients {
  const columns = weight.shape[1];
  const [dSums, dBias] = saved
    ? activationGradient({ dy, saved }, { kind, columns }) as [tf.Tensor, tf.Tensor]
    : [dy, undefined];
  const gradients: Gradients = {
    x: () => inputGradient({ dSums, weight }, {})[0]!,
    weight: () => weightGradient({ x, dSums }, {})[0]!,
  };
  if (hasBias) gradients.bias = () => dBias ?? columnSums({ x: dSums }, { columns })[0]!;
  return gradients;
}

const forward = defineKernel<
  { x: tf.TensorInfo; weight: tf.TensorInfo; bias?: tf.TensorInfo },
  { kind: number; keepSlope: boolean }
>("Linear", ({ inputs: { x, weight, bias }, attributes: { kind, keepSlope }, backend }) => {
  const [K, N] = weight.shape as [number, number];
  const M = tf.util.sizeFromShape(x.shape) / K;
  const shape = [...x.shape.slice(0, -1), N];
  const a = backend.address(x);
  const packed = backend.packed(weight);
  const b = packed?.turned ? 0 : backend.address(weight);
  const offset = bias ? backend.address(bias) : 0;
  const y = backend.allocate(shape);
  const slope = keepSlope ? backend.allocate(shape) : undefined;
  const [c, slopeTo] = [backend.address(y), slope ? backend.address(slope) : 0];
  if (packed?.turned) multiplyPacked(backend, { M, x: a, packed, c });
  else backend.gemm({ M, N, K, a, b, c });
  if (bias || kind !== 0) {
    backend.divide(
      "biasActivation",
      { length: M, work: M * N * (kind > 1 ? 10 : 2) },
      (row, rows) => {
        const begin = row * N * 4;
        return [c + begin, offset, slopeTo && slopeTo + begin, rows, N, kind];
      },
    );
  }
  return slope ? [y, slope] : [y];
});

const activationGradient = defineKernel<
  { dy: tf.TensorInfo; saved: tf.TensorInfo },
  { kind: number; columns: number }
>(
  "LinearActivationGradient",
  ({ inputs: { dy, saved }, attributes: { kind, columns }, backend }) => {
    const [above, state] = [backend.address(dy), backend.address(saved)];
    const [dSums, dBias] = [backend.allocate(dy.shape), backend.allocate([columns])];
    const rows = tf.util.sizeFromShape(dy.shape) / columns;
    const [to, sums] = [backend.address(dSums), backend.address(dBias)];
    inBlocks(backend, { rows, width: columns, sums: [sums] }, (begin, n, [partial]) => ({
      kernel: "activationGradient",
      args: [
        ...[above, state, to].map((address) => address + begin * columns * 4),
        ...[partial!, n, columns, kind],
      ],
    }));
    return [dSums, dBias];
  },
);

const columnSums = defineKernel<{ x: tf.TensorInfo }, { columns: number }>(
  "ColumnSums",
  ({ inputs: { x }, attributes: { columns }, backend }) => {
    const from = backend.address(x);
    const sums = backend.allocate([columns]);
    const rows = tf.util.sizeFromShape(x.shape) / columns;
    const to = backend.address(sums);
    inBlocks(backend, { rows, width: columns, sums: [to] }, (begin, n, [partial]) => ({
      kernel: "columnSums",
      args: [from + begin * columns * 4, partial!, n, columns],
    }));
    return [sums];
  },
);

/** dX = dSums·Wᵀ. */
const inputGradient = defineKernel<{ dSums: tf.TensorInfo; weight: tf.TensorInfo }, object>(
  "LinearInputGradient",
  ({ inputs: { dSums, weight }, backend }) => {
    const [N, K] = weight.shape as [number, number];
    const M = tf.util.sizeFromShape(dSums.shape) / K;
    const operands = { a: backend.address(dSums), b: backend.address(weight) };
    const dX = backend.allocate([...dSums.shape.slice(0, -1), N]);
    backend.gemm({ M, N, K, ...operands, transposeB: true, c: backend.address(dX) });
    return [dX];
  },
);

/** dW = xᵀ·dSums. */
const weightGradient = defineKernel<{ x: tf.TensorInfo; dSums: tf.TensorInfo }, object>(
  "LinearWeightGradient",
  ({ inputs: { x, dSums }, backend }) => {
    const [M, N] = [x.shape.at(-1)!, dSums.shape.at(-1)!];
    const K = tf.util.sizeFromShape(x.shape) / M;
    const operands = { a: backend.address(x), b: backend.address(dSums) };
    const dW = backend.allocate([M, N]);
    backend.gemm({ M, N, K, ...operands, transposeA: true, c: backend.address(dW) });
    return [dW];
  },
);
