/** From logits on the device to ln P in an array. */
import { tf } from "../tensor/mod.ts";

/** ln softmax(logits) over the last axis as an array; everything computed on the way is freed. */
export async function readLogSoftmax(logits: () => tf.Tensor): Promise<Float32Array> {
  const result = tf.tidy(() => tf.logSoftmax(logits()));
  const values = await result.data<"float32">(); // `dataSync` does not exist on webgpu
  result.dispose();
  return values;
}
