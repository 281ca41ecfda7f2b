/** Softmax cross-entropy with rows that do not count, as one operation. */
import * as tf from "@tensorflow/tfjs";
import * as reference from "../reference.ts";
import { checkIndices, checkShape, outOfRange, toInt32 } from "./checks.ts";
import { defineKernel, hasFusedKernels, recorded } from "./fused.ts";

/**
 * The mean of −ln softmax(logits)[label] over the rows whose label is not −1, in nats; 0 when there are
 * none. A label outside −1 … V − 1 is an error (on webgpu, where labels cannot be looked at in time, one
 * of V or more adds a loss of 0).
 *
 * @param logits [R, V]
 * @param labels [R], int32
 */
export function softmaxCrossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  const size = logits.shape[1];
  checkShape("labels", { tensor: labels, wanted: [logits.shape[0]] });
  if (!hasFusedKernels()) {
    checkIndices("labels", { indices: labels, least: -1, size });
    return tf.tidy(() => reference.softmaxCrossEntropy(logits, labels));
  }
  return recorded({
    name: "SoftmaxCrossEntropy",
    inputs: { logits },
    run: (wanted) => {
      const whole = toInt32(labels);
      const [output, gradient] = forward({ logits, labels: whole }, { keepGradient: wanted });
      if (whole !== labels) whole.dispose();
      return { output: output!, shared: [], own: [gradient] };
    },
    gradient: (dy, [gradient]) => ({
      logits: () => backward({ dy, gradient: gradient! }, {})[0]!,
    }),
  }) as tf.Scalar;
}

/** About as many multiplications as a power takes. */
const POWER = 10;

/** The loss, and with it already its gradient by the logits: both need the same exponentials. */
const forward = defineKernel<
  { logits: tf.TensorInfo; labels: tf.TensorInfo },
  { keepGradient: boolean }
>("SoftmaxCrossEntropy", ({ inputs: { logits, labels }, attributes, backend }) => {
  const [rows, size] = logits.shape as [number, number];
  const [from, chosen] = [backend.address(logits), backend.address(labels)];
  const at = backend.kernels.firstBadLabel(chosen, rows, size);
  if (at >= 0) {
    const value = new Int32Array(backend.heap.memory.buffer, chosen)[at]!;
    throw outOfRange("labels", { value, at, least: -1, size });
  }
  const loss = backend.allocate([]);
  const gradient = attributes.keepGradient ? backend.allocate(logits.shape) : undefined;
  const to = gradient ? backend.address(gradient) : 0;
  const counted = backend.kernels.countedRows(chosen, rows);
  const share = Math.fround(1 / Math.max(counted, 1));
  backend.withScratch(rows * 8, (losses) => {
    backend.divide("crossEntropy", { length: rows, work: rows * size * POWER }, (begin, n) => [
      ...[from + begin * size * 4, chosen + begin * 4, losses + begin * 8],
      ...[to && to + begin * size * 4, n, size, share],
    ]);
    backend.kernels.meanLoss(losses, backend.address(loss), rows, counted);
  });
  return gradient ? [loss, gradient] : [loss];
});

const backward = defineKernel<{ dy: tf.TensorInfo; gradient: tf.TensorInfo }, object>(
  "SoftmaxCrossEntropyGradient",
  ({ inputs: { dy, gradient }, backend }) => {
    const above = backend.address(dy);
    // most often the loss is what is differentiated, and this is all
    const [factor] = new Float32Array(backend.heap.memory.buffer, above, 1);
    if (factor === 1) return [backend.share(gradient, gradient.shape)];
    const from = backend.address(gradient);
    const out = backend.allocate(gradient.shape);
    const count = tf.util.sizeFromShape(gradient.shape);
    backend.kernels.scaleBy(from, above, backend.address(out), count);
    return [out];
  },
);
