/** A whole sequence of gated recurrent units as one operation. */
import * as tf from "@tensorflow/tfjs";
import * as reference from "../reference.ts";
import { checkShape } from "./checks.ts";
import { defineKernel, hasFusedKernels, recorded } from "./fused.ts";
import { eachSequences } from "./sequences.ts";

/**
 * Gated recurrent units (Cho et al., 2014; gate order and reset as in PyTorch):
 *
 * r = σ(xʳ + h·Uʳ + bʳ), z = σ(xᶻ + h·Uᶻ + bᶻ), n = tanh(xⁿ + r∘(h·Uⁿ + bⁿ)), h' = (1 − z)∘n + z∘h
 *
 * @param x projected inputs [B, T, 3C] in the order reset, update, new
 * @param options initial state [B, C], recurrent weights U [C, 3C] and their bias [3C]
 * @returns all states [B, T, C]
 */
export function gruSequence(
  x: tf.Tensor3D,
  { initial, recurrent, recurrentBias }: {
    initial: tf.Tensor2D;
    recurrent: tf.Tensor2D;
    recurrentBias: tf.Tensor1D;
  },
): tf.Tensor3D {
  const [batch, , packed] = x.shape;
  const width = packed / 3;
  checkShape("an initial state", { tensor: initial, wanted: [batch, width] });
  checkShape("recurrent weights", { tensor: recurrent, wanted: [width, packed] });
  checkShape("a recurrent bias", { tensor: recurrentBias, wanted: [packed] });
  if (!hasFusedKernels()) {
    return tf.tidy(() => reference.gruSequence(x, { initial, recurrent, recurrentBias }));
  }
  return recorded({
    name: "GruSequence",
    inputs: { x, initial, recurrent, recurrentBias },
    run: (keepGates) => {
      const [output, gates] = forward({ x, initial, recurrent, recurrentBias }, { keepGates });
      return { output: output!, shared: [output!, initial, recurrent], own: [gates] };
    },
    gradient: (dy, [states, initial, recurrent, gates]) => {
      const operands = { initial: initial!, recurrent: recurrent!, gates: gates! };
      const [dX, dInitial, dRecurrent, dBias] = backward({ dy, states: states!, ...operands }, {});
      return {
        x: () => dX!,
        initial: () => dInitial!,
        recurrent: () => dRecurrent!,
        recurrentBias: () => dBias!,
      };
    },
  }) as tf.Tensor3D;
}

const forward = defineKernel<
  {
    x: tf.TensorInfo;
    initial: tf.TensorInfo;
    recurrent: tf.TensorInfo;
    recurrentBias: tf.TensorInfo;
  },
  { keepGates: boolean }
>(
  "GruSequence",
  ({ inputs: { x, initial, recurrent, recurrentBias }, attributes: { keepGates }, backend }) => {
    const [batch, time, width] = [x.shape[0]!, x.shape[1]!, recurrent.shape[0]!];
    const [input, start, weights, biases] = [x, initial, recurrent, recurrentBias]
      .map((tensor) => backend.address(tensor)) as [number, number, number, number];
    const states = backend.allocate([batch, time, width]);
    const gates = keepGates
      ? backend.allocate([batch, time, 4, Math.ceil(width / 4) * 4])
      : undefined;
    const row = width * 4, sequence = time * row; // bytes
    eachSequences(backend, "gru", {
      sizes: { batch, time, width, gates: 3 },
      bytes: backend.kernels.gruScratch(width),
      each: [
        ...[[input, 3 * sequence], [start, row], [weights, 0], [biases, 0]] as const,
        [backend.address(states), sequence],
        [gates ? backend.address(gates) : 0, time * 4 * Math.ceil(width / 4) * 16],
      ],
    });
    return gates ? [states, gates] : [states];
  },
);

const backward = defineKernel<
  {
    dy: tf.TensorInfo;
    states: tf.TensorInfo;
    initial: tf.TensorInfo;
    recurrent: tf.TensorInfo;
    gates: tf.TensorInfo;
  },
  object
>("GruSequenceGradient", ({ inputs: { dy, states, initial, recurrent, gates }, backend }) => {
  const [batch, time, width] = states.shape as [number, number, number];
  const [rows, packed] = [batch * time, 3 * width];
  const [above, after, start, weights, kept] = [dy, states, initial, recurrent, gates]
    .map((tensor) => backend.address(tensor)) as [number, number, number, number, number];
  const out = [[batch, time, packed], initial.shape, recurrent.shape, [packed]]
    .map((shape) => backend.allocate(shape));
  const [dX, dInitial, dRecurrent, dBias] = out.map((tensor) => backend.address(tensor)) as [
    number,
    number,
    number,
    number,
  ];
  backend.withScratch(rows * (width + packed) * 4, (previous) => {
    const dSums = previous + rows * width * 4;
    const row = width * 4, sequence = time * row; // bytes
    eachSequences(backend, "gruGradient", {
      sizes: { batch, time, width, gates: 3 },
      bytes: backend.kernels.gruScratch(width),
      each: [
        ...[[above, sequence], [after, sequence], [start, row], [weights, 0]] as const,
        [kept, time * 4 * Math.ceil(width / 4) * 16],
        ...[[dX, 3 * sequence], [dInitial, row], [dSums, 3 * sequence]] as const,
        [previous, sequence],
      ],
    });
    const product = { M: width, N: packed, K: rows, transposeA: true };
    backend.gemm({ ...product, a: previous, b: dSums, c: dRecurrent });
    backend.kernels.columnSums(dSums, dBias, rows, packed);
  });
  return out;
});
