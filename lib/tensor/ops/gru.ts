/** A whole sequence of gated recurrent units as one operation. */
import * as tf from "@tensorflow/tfjs";
import * as reference from "../reference.ts";
import { checkShape } from "./checks.ts";
import { defineKernel, hasFusedKernels, recorded } from "./fused.ts";

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

type Sizes = [batch: number, time: number, width: number];

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
    const { gru, gruScratch } = backend.kernels;
    const [batch, time, width] = [x.shape[0]!, x.shape[1]!, recurrent.shape[0]!];
    const from = [x, initial, recurrent, recurrentBias].map((tensor) => backend.address(tensor));
    const states = backend.allocate([batch, time, width]);
    const gates = keepGates
      ? backend.allocate([batch, time, 4, Math.ceil(width / 4) * 4])
      : undefined;
    const to = [backend.address(states), gates ? backend.address(gates) : 0] as const;
    const sizes: Sizes = [batch, time, width];
    backend.withScratch(
      gruScratch(width),
      (scratch) => gru(...from as [number, number, number, number], ...to, ...sizes, scratch),
    );
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
  const { gruGradient, gruScratch, columnSums } = backend.kernels;
  const sizes = states.shape as Sizes;
  const [batch, time, width] = sizes;
  const [rows, packed] = [batch * time, 3 * width];
  const from = [dy, states, initial, recurrent, gates].map((tensor) => backend.address(tensor));
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
    backend.withScratch(gruScratch(width), (scratch) =>
      gruGradient(
        ...from as [number, number, number, number, number],
        dX,
        dInitial,
        dSums,
        previous,
        ...sizes,
        scratch,
      ));
    const product = { M: width, N: packed, K: rows, transposeA: true };
    backend.gemm({ ...product, a: previous, b: dSums, c: dRecurrent });
    columnSums(dSums, dBias, rows, packed);
  });
  return out;
});
