import { assertEquals, assertThrows } from "@std/assert";
import { causalSelfAttention, ready, tf } from "../../../lib/tensor/mod.ts";
import { assertClose, BACKENDS, checkOperation, normal } from "./check.ts";

const cases = [
  { batch: 1, time: 1, heads: 1, depth: 1 },
  { batch: 2, time: 3, heads: 1, depth: 5 },
  { batch: 1, time: 5, heads: 3, depth: 4 },
  { batch: 3, time: 7, heads: 2, depth: 3 },
  { batch: 1, time: 17, heads: 2, depth: 8 },
  { batch: 1, time: 4, heads: 1, depth: 17 },
];

for (const { batch, time, heads, depth } of cases) {
  checkOperation(`causalSelfAttention() of ${batch}×${time}, ${heads} heads of ${depth}`, {
    shapes: [[batch, time, 3 * heads * depth]],
    operation: (ops, [qkv]) => ops.causalSelfAttention(qkv as tf.Tensor3D, { heads }),
  });
}

for (const backend of BACKENDS) {
  Deno.test(`causalSelfAttention() sees no future and weighs the past on ${backend}`, async () => {
    await ready(backend);
    const [batch, time, heads] = [2, 6, 2];
    const qkv = tf.tensor3d(normal([batch, time, 24], 1), [batch, time, 24]);
    causalSelfAttention(qkv, {
      heads,
      observe: (weights) => {
        assertEquals(weights.shape, [batch, heads, time, time]);
        const future = tf.linalg.bandPart(tf.ones([time, time]), 0, -1)
          .sub(tf.eye(time)); // [T, T]
        assertEquals(weights.mul(future).abs().max().dataSync()[0], 0);
        assertClose(weights.sum(-1).dataSync(), Array(batch * heads * time).fill(1), "row sums");
      },
    });
  });
}

Deno.test("weights of the future are 0 where memory was used before", async () => {
  await ready("simd");
  const [batch, time, heads] = [2, 9, 2];
  const used = Array.from({ length: 4 }, () => tf.fill([batch, heads, 12, 12], 7).neg());
  tf.dispose(used); // rows of nine weights are kept as twelve
  causalSelfAttention(tf.zeros([batch, time, 12]), {
    heads,
    observe: (weights) => {
      const past = tf.linalg.bandPart(tf.ones([time, time]), -1, 0);
      assertEquals(weights.sub(weights.mul(past)).abs().max().dataSync()[0], 0);
    },
  });
});

Deno.test("causalSelfAttention() at the first position returns its value", async () => {
  await ready("simd");
  const y = causalSelfAttention(tf.tensor3d([[[9, -9, 3, 1, 5, 7]]]), { heads: 1 });
  assertEquals([...y.dataSync()], [5, 7]);
});

Deno.test("causalSelfAttention() names a width that its heads do not divide", async () => {
  await ready("simd");
  assertThrows(
    () => causalSelfAttention(tf.zeros([1, 2, 12]), { heads: 3 }),
    RangeError,
    "Expected queries, keys and values of a width that 3 heads divide, got [1,2,12]",
  );
});
