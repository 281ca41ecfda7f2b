import { assertThrows } from "@std/assert";
import { layerNorm, ready, tf } from "../../../lib/tensor/mod.ts";
import { assertClose, checkOperation } from "./check.ts";

for (const shape of [[3, 17], [1, 3], [2, 5, 7], [4, 8], [1, 5]]) {
  const width = shape.at(-1)!;
  checkOperation(`layerNorm() of [${shape}]`, {
    shapes: [shape, [width], [width]],
    operation: (ops, [x, gain, bias]) =>
      ops.layerNorm(x!, { gain: gain as tf.Tensor1D, bias: bias as tf.Tensor1D, epsilon: 0.1 }),
  });
}

Deno.test("layerNorm() normalises a row worked by hand", async () => {
  await ready("simd");
  const gain = tf.tensor1d([1, 1, 2]);
  const y = layerNorm(tf.tensor2d([[1, 2, 3]]), { gain, bias: tf.tensor1d([0, 5, 0]), epsilon: 0 });
  const unit = Math.sqrt(1.5);
  assertClose(y.dataSync(), [-unit, 5, 2 * unit], "row");
});

Deno.test("layerNorm() does not lose a small spread around a large mean", async () => {
  await ready("simd");
  const gain = tf.ones([4]) as tf.Tensor1D;
  const bias = tf.zeros([4]) as tf.Tensor1D;
  const y = layerNorm(tf.tensor2d([[1e4, 1e4 + 1, 1e4 + 2, 1e4 + 3]]), { gain, bias, epsilon: 0 });
  assertClose(y.dataSync(), [-3, -1, 1, 3].map((x) => x / Math.sqrt(5)), "row", 1e-3);
});

Deno.test("layerNorm() names a gain that does not fit", async () => {
  await ready("simd");
  const bias = tf.zeros([3]) as tf.Tensor1D;
  assertThrows(
    () => layerNorm(tf.zeros([2, 3]), { gain: tf.zeros([4]), bias }),
    RangeError,
    "Expected a gain of shape [3], got [4]",
  );
});
