/** A whole sequence of the tanh cell as one operation. */
import * as tf from "@tensorflow/tfjs";
import * as reference from "../reference.ts";
import { checkShape } from "./checks.ts";
import { defineKernel, hasFusedKernels, recorded } from "./fused.ts";
import { eachSequences } from "./sequences.ts";

/**
 * hₜ = tanh(xₜ + hₜ₋₁·U) (Elman, 1990).
 *
 * @param x projected inputs [B, T, C]
 * @param options initial state [B, C] and recurrent weights U [C, C]
 * @returns all states [B, T, C]
 */
export function rnnSequence(
  x: tf.Tensor3D,
  { initial, recurrent }: { initial: tf.Tensor2D; recurrent: tf.Tensor2D },
): tf.Tensor3D {
  const [batch, , width] = x.shape;
  checkShape("an initial state", { tensor: initial, wanted: [batch, width] });
  checkShape("recurrent weights", { tensor: recurrent, wanted: [width, width] });
  if (!hasFusedKernels()) {
    return tf.tidy(() => reference.rnnSequence(x, { initial, recurrent }));
  }
  return recorded({
    name: "RnnSequence",
    inputs: { x, initial, recurrent },
    run: () => {
      const [output] = forward({ x, initial, recurrent }, {});
      return { output: output!, shared: [output!, initial, recurrent], own: [] };
    },
    gradient: (dy, [states, initial, recurrent]) => {
      const operands = { dy, states: states!, initial: initial!, recurrent: recurrent! };
      const [dX, dInitial, dRecurrent] = backward(operands, {});
      return { x: () => dX!, initial: () => dInitial!, recurrent: () => dRecurrent! };
    },
  }) as tf.Tensor3D;
}

const forward = defineKernel<
  { x: tf.TensorInfo; initial: tf.TensorInfo; recurrent: tf.TensorInfo },
  object
>("RnnSequence", ({ inputs: { x, initial, recurrent }, backend }) => {
  const [batch, time, width] = x.shape as [number, number, number];
  const [input, start, weights] = [x, initial, recurrent]
    .map((tensor) => backend.address(tensor)) as [number, number, number];
  const states = backend.allocate(x.shape);
  const row = width * 4, sequence = time * row; // bytes
  eachSequences(backend, "rnn", {
    sizes: { batch, time, width, gates: 1 },
    bytes: backend.kernels.rnnScratch(width),
    each: [[input, sequence], [start, row], [weights, 0], [backend.address(states), sequence]],
  });
  return [states];
});

const backward = defineKernel<
  { dy: tf.TensorInfo; states: tf.TensorInfo; initial: tf.TensorInfo; recurrent: tf.TensorInfo },
  object
>("RnnSequenceGradient", ({ inputs: { dy, states, initial, recurrent }, backend }) => {
  const [batch, time, width] = states.shape as [number, number, number];
  const [above, after, start, weights] = [dy, states, initial, recurrent]
    .map((tensor) => backend.address(tensor)) as [number, number, number, number];
  const out = [states.shape, initial.shape, recurrent.shape].map((shape) =>
    backend.allocate(shape)
  );
  const [dX, dInitial, dRecurrent] = out.map((tensor) => backend.address(tensor)) as [
    number,
    number,
    number,
  ];
  backend.withScratch(batch * time * width * 4, (previous) => {
    const row = width * 4, sequence = time * row; // bytes
    eachSequences(backend, "rnnGradient", {
      sizes: { batch, time, width, gates: 1 },
      bytes: backend.kernels.rnnScratch(width),
      each: [
        ...[[above, sequence], [after, sequence], [start, row], [weights, 0]] as const,
        ...[[dX, sequence], [dInitial, row], [previous, sequence]] as const,
      ],
    });
    const product = { M: width, N: width, K: batch * time, transposeA: true };
    backend.gemm({ ...product, a: previous, b: dX, c: dRecurrent });
  });
  return out;
});
