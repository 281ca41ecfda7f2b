import { assertEquals } from "@std/assert";
import {
  causalSelfAttention,
  embedding,
  gruSequence,
  layerNorm,
  linear,
  ready,
  rnnSequence,
  softmaxCrossEntropy,
  tf,
} from "../../../lib/tensor/mod.ts";
import { BACKENDS } from "./check.ts";

for (const backend of BACKENDS) {
  Deno.test(`operations outside of tidy leave only their result on ${backend}`, async () => {
    await ready(backend);
    const matrix = tf.ones([3, 3]) as tf.Tensor2D;
    const wide = tf.ones([3, 9]) as tf.Tensor2D;
    const [row, long] = [tf.ones([3]), tf.ones([9])] as [tf.Tensor1D, tf.Tensor1D];
    const [x, packed] = [tf.ones([3, 2, 3]), tf.ones([3, 2, 9])] as [tf.Tensor3D, tf.Tensor3D];
    const floats = tf.tensor1d([0, 1, 2]); // to be cast
    const operations = [
      () => linear(x, { weight: matrix, bias: row, activation: "gelu" }),
      () => layerNorm(x, { gain: row, bias: row }),
      () => softmaxCrossEntropy(matrix, floats),
      () => embedding(matrix, floats),
      () => causalSelfAttention(packed, { heads: 1 }),
      () => rnnSequence(x, { initial: matrix, recurrent: matrix }),
      () => gruSequence(packed, { initial: matrix, recurrent: wide, recurrentBias: long }),
    ];
    for (const operation of operations) {
      const before = tf.memory().numTensors;
      const result = operation();
      assertEquals(tf.memory().numTensors, before + 1, `tensors after ${operation}`);
      result.dispose();
    }
  });
}
