import { assertEquals, assertThrows } from "@std/assert";
import { embedding, ready, tf, valueAndGradients } from "../../../lib/tensor/mod.ts";
import { BACKENDS, checkOperation } from "./check.ts";

const cases = [
  { table: [1, 1], indices: [0], shape: [1] },
  { table: [5, 3], indices: [4, 0, 4, 4, 1, 0], shape: [2, 3] },
  { table: [17, 7], indices: [16, 3, 3], shape: [3] },
  { table: [3, 17], indices: [2, 1, 2, 0], shape: [1, 2, 2] },
];

for (const { table, indices, shape } of cases) {
  checkOperation(`embedding() of [${shape}] in a table [${table}]`, {
    shapes: [table],
    operation: (ops, [rows]) =>
      ops.embedding(rows as tf.Tensor2D, tf.tensor(indices, shape, "int32")),
  });
}

for (const backend of BACKENDS) {
  Deno.test(`embedding() names an index outside the table on ${backend}`, async () => {
    await ready(backend);
    const table = tf.zeros([3, 2]) as tf.Tensor2D;
    for (const wrong of [3, -1, 2 ** 31 - 1]) {
      assertThrows(
        () => embedding(table, tf.tensor2d([[0, wrong]], [1, 2], "int32")),
        RangeError,
        `Expected indices of 0 to 2, got ${wrong} at position 1`,
      );
    }
  });
}

Deno.test("embedding() adds the gradients of an index that occurs twice", async () => {
  await ready("simd");
  const table = tf.variable(tf.tensor2d([[1, 2], [3, 4]]));
  const indices = tf.tensor1d([1, 1], "int32");
  const { value, gradients } = valueAndGradients(
    () => embedding(table as tf.Tensor2D, indices).sum() as tf.Scalar,
    [table],
  );
  assertEquals(value.dataSync()[0], 14);
  assertEquals([...gradients[0]!.dataSync()], [0, 0, 2, 2]);
});
