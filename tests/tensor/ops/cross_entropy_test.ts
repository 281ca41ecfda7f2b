import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { ready, softmaxCrossEntropy, tf, valueAndGradients } from "../../../lib/tensor/mod.ts";
import { BACKENDS, checkOperation } from "./check.ts";

const cases = [
  { size: 1, labels: [0] },
  { size: 3, labels: [2] },
  { size: 5, labels: [-1, 4, 0, -1, 3, 3, 1] },
  { size: 17, labels: [16, -1, 0] },
  { size: 7, labels: [-1, -1, -1] },
];

for (const { size, labels } of cases) {
  checkOperation(`softmaxCrossEntropy() over ${size} classes with labels ${labels}`, {
    shapes: [[labels.length, size]],
    operation: (ops, [logits]) =>
      ops.softmaxCrossEntropy(logits as tf.Tensor2D, tf.tensor1d(labels, "int32")),
  });
}

for (const backend of BACKENDS) {
  Deno.test(`softmaxCrossEntropy() of even logits is ln V on ${backend}`, async () => {
    await ready(backend);
    const loss = softmaxCrossEntropy(tf.zeros([3, 8]), tf.tensor1d([7, 0, -1], "int32"));
    assertAlmostEquals(loss.dataSync()[0]!, Math.log(8), 1e-6);
  });

  Deno.test(`softmaxCrossEntropy() stays finite for extreme logits on ${backend}`, async () => {
    await ready(backend);
    const logits = tf.tensor2d([[1000, 0], [-1000, 1000]]);
    const loss = softmaxCrossEntropy(logits, tf.tensor1d([0, 0], "int32"));
    assertEquals(loss.dataSync()[0], 1000);
  });

  Deno.test(`softmaxCrossEntropy() names a label outside its range on ${backend}`, async () => {
    await ready(backend);
    const logits = tf.zeros([2, 4]) as tf.Tensor2D;
    for (const wrong of [4, -2]) {
      assertThrows(
        () => softmaxCrossEntropy(logits, tf.tensor1d([0, wrong], "int32")),
        RangeError,
        `Expected labels of -1 to 3, got ${wrong} at position 1`,
      );
    }
  });
}

Deno.test("softmaxCrossEntropy() as part of a larger loss has a scaled gradient", async () => {
  await ready("simd");
  const logits = tf.variable(tf.zeros([1, 2]) as tf.Tensor2D);
  const labels = tf.tensor1d([0], "int32");
  const { gradients } = valueAndGradients(
    () => softmaxCrossEntropy(logits as tf.Tensor2D, labels).mul(10) as tf.Scalar,
    [logits],
  );
  assertEquals([...gradients[0]!.dataSync()], [-5, 5]);
});
