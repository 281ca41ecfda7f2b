/** Shortcuts in tfjs's own gradients on our backends, for programs that know nothing of the fused operations. */
import * as tf from "@tensorflow/tfjs";
import { engine } from "./ops/engine.ts";
import { defineKernel, hasFusedKernels, reference } from "./ops/fused.ts";

type ActivationKernel = "reluGradient" | "sigmoidGradient" | "tanhGradient";

/** Activations whose gradient is one kernel of dy and of what tfjs saves, its argument or its result. */
const ACTIVATIONS = {
  Relu: "reluGradient",
  Sigmoid: "sigmoidGradient",
  Tanh: "tanhGradient",
} as const;

const activationGradient = defineKernel<
  { dy: tf.TensorInfo; saved: tf.TensorInfo },
  { kernel: ActivationKernel }
>("ActivationGradient", ({ inputs: { dy, saved }, attributes: { kernel }, backend }) => {
  const from = [backend.address(dy), backend.address(saved)] as const;
  const dx = backend.allocate(dy.shape);
  const size = tf.util.sizeFromShape(dy.shape);
  backend.kernels[kernel](...from, backend.address(dx), 1, 0, 0, 1, 0, 0, size, 1, 1);
  return [dx];
});

const clipGradient = defineKernel<
  { dy: tf.TensorInfo; x: tf.TensorInfo },
  { low: number; high: number }
>("ClipGradient", ({ inputs: { dy, x }, attributes: { low, high }, backend }) => {
  const from = [backend.address(dy), backend.address(x)] as const;
  const dx = backend.allocate(dy.shape);
  backend.kernels.clipGradient(
    ...from,
    ...[backend.address(dx), tf.util.sizeFromShape(dy.shape), low, high] as const,
  );
  return [dx];
});

const stockSave = engine().saveTensorsForBackwardMode;

/**
 * Lets tfjs compute some gradients by one kernel, and keep what gradients need by a second reference to its data
 * where tfjs would run an Identity kernel and put it on the tape, a third of all kernels of a step.
 *
 * subtle: only where the gradient itself is not recorded; the gradient of a gradient needs all of it on the tape.
 */
export function shortenStockGradients(): void {
  if (engine().saveTensorsForBackwardMode !== stockSave) return;
  engine().saveTensorsForBackwardMode = function (tensors) {
    const once = hasFusedKernels() && this.state.gradientDepth === 1;
    return once ? tensors.map(reference) : stockSave.call(this, tensors);
  };
  for (const [kernelName, kernel] of Object.entries(ACTIVATIONS)) {
    shorten(kernelName, (dy, saved) => activationGradient({ dy, saved }, { kernel })[0]!);
  }
  shorten("ClipByValue", (dy, x, { clipValueMin, clipValueMax }) => {
    const bounds = { low: Number(clipValueMin), high: Number(clipValueMax) };
    return clipGradient({ dy, x }, bounds)[0]!;
  });
}

/** Computes the gradient of a kernel of one argument from dy and what tfjs saves, where that will do. */
function shorten(
  kernelName: string,
  byX: (dy: tf.Tensor, saved: tf.Tensor, attributes: tf.NamedAttrMap) => tf.Tensor,
): void {
  const stock = tf.getGradient(kernelName);
  tf.registerGradient({
    ...stock,
    gradFunc: (dy, saved, attributes) =>
      hasFusedKernels() && !engine().isTapeOn() && isFloat(dy) && saved.every(isFloat)
        ? { x: () => byX(dy as tf.Tensor, saved[0]!, attributes) }
        : stock.gradFunc(dy, saved, attributes),
  });
}

function isFloat(tensor: tf.Tensor | tf.Tensor[]): boolean {
  return !Array.isArray(tensor) && tensor.dtype === "float32";
}
