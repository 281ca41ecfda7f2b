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
    const stock = tf.getGradient(kernelName);
    tf.registerGradient({
      ...stock,
      gradFunc: (dy, saved, attributes) =>
        hasFusedKernels() && !engine().isTapeOn() && isFloat(dy) && saved.every(isFloat)
          ? {
            x: () => activationGradient({ dy: dy as tf.Tensor, saved: saved[0]! }, { kernel })[0]!,
          }
          : stock.gradFunc(dy, saved, attributes),
    });
  }
}

function isFloat(tensor: tf.Tensor | tf.Tensor[]): boolean {
  return !Array.isArray(tensor) && tensor.dtype === "float32";
}
