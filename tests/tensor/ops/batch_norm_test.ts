import { assertEquals, assertThrows } from "@std/assert";
import { batchNorm, createRunningStatistics, ready, tf } from "../../../lib/tensor/mod.ts";
import recorded from "./batch_norm.json" with { type: "json" };
import { assertClose, BACKENDS } from "./check.ts";

for (const backend of BACKENDS) {
  Deno.test(`batchNorm() is PyTorch's: values, gradients, running statistics on ${backend}`, async () => {
    await ready(backend);
    const running = createRunningStatistics(3);
    const [gain, bias] = [tf.tensor1d(recorded.gain), tf.tensor1d(recorded.bias)];
    const above = tf.range(0, 15).sin().reshape<tf.Tensor2D>([5, 3]);
    for (const step of recorded.steps) {
      const x = tf.tensor2d(step.x, [5, 3]);
      const train = (x: tf.Tensor, gain: tf.Tensor, bias: tf.Tensor) =>
        batchNorm(x as tf.Tensor2D, {
          gain: gain as tf.Tensor1D,
          bias: bias as tf.Tensor1D,
          running,
          training: true,
        });
      const { value, grads } = tf.valueAndGrads(train)([x, gain, bias], above);
      assertClose(value.dataSync(), step.y, "value");
      [step.dx, step.dGain, step.dBias].forEach((expected, i) =>
        assertClose(grads[i]!.dataSync(), expected, `gradient ${i}`)
      );
      assertClose(running.mean.dataSync(), step.mean, "running mean");
      assertClose(running.variance.dataSync(), step.variance, "running variance");
    }
    const x = tf.tensor2d(recorded.steps[0]!.x, [5, 3]);
    const later = batchNorm(x, { gain, bias, running, training: false });
    assertClose(later.dataSync(), recorded.afterwards, "value after training");
  });
}

Deno.test("batchNorm() gives every column of a batch mean 0 and variance 1, whatever it was", async () => {
  await ready("simd");
  const x = tf.randomNormal([50, 4], 0, 1, "float32", 1).mul<tf.Tensor2D>([1, 10, 0.1, 3]).add([
    0,
    5,
    -2,
    7,
  ]) as tf.Tensor2D;
  const one = { gain: tf.ones([4]) as tf.Tensor1D, bias: tf.zeros([4]) as tf.Tensor1D };
  const y = batchNorm(x, { ...one, running: createRunningStatistics(4), training: true });
  const { mean, variance } = tf.moments(y, 0);
  assertClose(mean.dataSync(), [0, 0, 0, 0], "mean", 1e-4);
  assertClose(variance.dataSync(), [1, 1, 1, 1], "variance", 2e-3);
});

Deno.test("batchNorm() couples the examples of a batch while training, and not afterwards", async () => {
  await ready("simd");
  const one = { gain: tf.ones([1]) as tf.Tensor1D, bias: tf.zeros([1]) as tf.Tensor1D };
  const first = (other: number, training: boolean) =>
    batchNorm(tf.tensor2d([[2], [other]]), {
      ...one,
      running: createRunningStatistics(1),
      training,
      epsilon: 0,
    }).dataSync()[0];
  assertEquals([first(6, true), first(-6, true)], [-1, 1]);
  assertEquals([first(6, false), first(-6, false)], [2, 2]);
});

Deno.test("batchNorm() refuses one row to train on, and shapes that do not fit", async () => {
  await ready("simd");
  const one = { gain: tf.ones([3]) as tf.Tensor1D, bias: tf.zeros([3]) as tf.Tensor1D };
  const options = { ...one, running: createRunningStatistics(3), training: true };
  assertThrows(() => batchNorm(tf.zeros([1, 3]), options), RangeError, "two rows");
  assertThrows(() => batchNorm(tf.zeros([2, 4]), options), RangeError, "a gain of shape [4]");
});
