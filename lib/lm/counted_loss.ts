/** The loss of a padded batch, without computing logits for the padding. */
import { embedding, softmaxCrossEntropy, tf } from "../tensor/mod.ts";
import type { TokenBatch } from "./model.ts";

/**
 * Mean of −ln P(target) over the batch's real tokens, as `softmaxCrossEntropy` of all logits gives it.
 * At the size of a vocabulary the output layer is most of the work, so it sees real positions only.
 *
 * @param of.features the last features [B, T, C] of inputs [B, T]
 * @param of.output logits [R, V] of R of these features [R, C]
 */
export function countedLoss(
  batch: TokenBatch,
  of: {
    features: (inputs: tf.Tensor2D) => tf.Tensor3D;
    output: (features: tf.Tensor2D) => tf.Tensor2D;
  },
): tf.Scalar {
  const { size, length } = batch;
  const { positions, labels } = countedPositions(batch);
  return tf.tidy(() => {
    const features = of.features(tf.tensor2d(batch.inputs, [size, length], "int32")); // [B, T, C]
    const width = features.shape[2];
    const all = features.reshape<tf.Tensor2D>([size * length, width]); // [B·T, C]
    const counted = labels.length === size * length
      ? all
      : embedding(all, tf.tensor1d(positions, "int32")) as tf.Tensor2D; // [R, C]
    return softmaxCrossEntropy(of.output(counted), tf.tensor1d(labels, "int32"));
  });
}

/** Where in a batch's rows something is to be predicted, and what: both [R]. */
function countedPositions(
  { targets, tokens }: TokenBatch,
): { positions: Int32Array; labels: Int32Array } {
  const positions = new Int32Array(tokens);
  const labels = new Int32Array(tokens);
  let row = 0;
  targets.forEach((target, position) => {
    if (target < 0) return;
    positions[row] = position;
    labels[row++] = target;
  });
  return { positions, labels };
}
