import { assertEquals, assertThrows } from "@std/assert";
import { linear, ready, tf } from "../../../lib/tensor/mod.ts";
import { assertClose, checkOperation } from "./check.ts";

for (const activation of ["none", "relu", "gelu", "tanh", "sigmoid"] as const) {
  checkOperation(`linear() with bias and ${activation}`, {
    shapes: [[5, 3, 7], [7, 17], [17]],
    operation: (ops, [x, weight, bias]) =>
      ops.linear(x!, {
        weight: weight as tf.Tensor2D,
        bias: bias as tf.Tensor1D,
        activation,
      }),
  });
}

for (const [rows, inputs, outputs] of [[1, 1, 1], [3, 5, 1], [17, 1, 5], [1, 17, 3]] as const) {
  checkOperation(`linear() without bias, [${rows}, ${inputs}] to ${outputs}`, {
    shapes: [[rows, inputs], [inputs, outputs]],
    operation: (ops, [x, weight]) => ops.linear(x!, { weight: weight as tf.Tensor2D }),
  });
}

Deno.test("linear() computes a product worked by hand", async () => {
  await ready("simd");
  const y = linear(tf.tensor2d([[1, 2]]), {
    weight: tf.tensor2d([[3, -4], [5, -6]]),
    bias: tf.tensor1d([0.5, 1]),
    activation: "relu",
  });
  assertClose(y.dataSync(), [13.5, 0], "product");
});

Deno.test("linear() names the shapes that do not fit", async () => {
  await ready("simd");
  const weight = tf.zeros([4, 2]) as tf.Tensor2D;
  assertThrows(
    () => linear(tf.zeros([2, 3]), { weight }),
    RangeError,
    "Expected x of shape [..., 4], got [2,3]",
  );
  assertThrows(
    () => linear(tf.zeros([2, 4]), { weight, bias: tf.zeros([3]) }),
    RangeError,
    "Expected a bias of shape [2], got [3]",
  );
});

Deno.test("linear() with gelu keeps its precision from large to small numbers, and NaN", async () => {
  await ready("simd");
  const points = [-100, -9.1, -3, -1, -1e-3, -1e-9, 0, 1e-9, 0.5, 2, 5, 20, 1e4, NaN];
  const y = linear(tf.tensor2d(points, [points.length, 1]), {
    weight: tf.tensor2d([[1]]),
    activation: "gelu",
  });
  const exact = points.map((x) =>
    0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
  );
  assertClose(y.dataSync(), exact, "gelu", 1e-6);
});

Deno.test("sums over many rows end with the last row, whatever lies behind it in memory", async () => {
  await ready("simd");
  const [rows, width] = [1025, 64]; // four blocks of rows, the last one shorter
  const dirty = Array.from({ length: 8 }, () => tf.fill([70_000], 7)); // of the same size class
  tf.dispose(dirty.map((block) => [block, block.neg()]).flat());
  const gradient = tf.grads((x, weight, bias) =>
    linear(x!, { weight: weight as tf.Tensor2D, bias: bias as tf.Tensor1D })
  );
  const [, , dBias] = gradient(
    [tf.ones([rows, 2]), tf.ones([2, width]), tf.zeros([width])],
    tf.ones([rows, width]),
  );
  assertEquals([...dBias!.dataSync()], Array(width).fill(rows));
});
