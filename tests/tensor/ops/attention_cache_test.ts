import { assertEquals, assertThrows } from "@std/assert";
import { causalSelfAttention, createAttentionCache, ready, tf } from "../../../lib/tensor/mod.ts";
import { assertClose, BACKENDS, normal } from "./check.ts";

const cases = [
  { batch: 1, heads: 1, depth: 1, pieces: [1, 1, 1] },
  { batch: 3, heads: 2, depth: 3, pieces: [1, 1, 5, 1] },
  { batch: 2, heads: 3, depth: 4, pieces: [7, 1, 2] },
  { batch: 1, heads: 1, depth: 17, pieces: [19, 1] },
  { batch: 2, heads: 2, depth: 8, pieces: [3, 14, 2, 13] },
];

/** Positions from … to of packed queries, keys and values. */
function positions(qkv: tf.Tensor3D, [from, count]: [number, number]): tf.Tensor3D {
  return qkv.slice([0, from, 0], [-1, count, -1]);
}

for (const backend of BACKENDS) {
  for (const { batch, heads, depth, pieces } of cases) {
    Deno.test(`createAttentionCache() in pieces of ${pieces} equals full attention on ${backend}`, async () => {
      await ready(backend);
      const time = pieces.reduce((a, b) => a + b, 0);
      const shape: [number, number, number] = [batch, time, 3 * heads * depth];
      const qkv = tf.tensor3d(normal(shape, 1), shape);
      const cache = createAttentionCache({
        ...{ batch, heads, width: heads * depth, capacity: time },
      });
      const outputs = pieces.map((count) => cache.attend(positions(qkv, [cache.length, count])));
      const expected = causalSelfAttention(qkv, { heads });
      assertClose(tf.concat(outputs, 1).dataSync(), expected.dataSync(), "attention", 1e-5);
      cache.dispose();
    });
  }

  Deno.test(`createAttentionCache() goes on with selected and forgotten positions on ${backend}`, async () => {
    await ready(backend);
    const [batch, time, heads, width] = [4, 6, 2, 6];
    const shape: [number, number, number] = [batch, time, 3 * width];
    const qkv = tf.tensor3d(normal(shape, 2), shape);
    const before = tf.memory().numTensors;
    const cache = createAttentionCache({ batch, heads, width, capacity: 8 });
    const chosen = Int32Array.of(3, 1);
    const [last, expected] = tf.tidy(() => {
      cache.attend(positions(qkv, [0, 5]));
      cache.select(chosen);
      cache.truncate(3);
      const rows = tf.gather(qkv, chosen) as tf.Tensor3D;
      const outputs = cache.attend(positions(rows, [3, 3]));
      const full = causalSelfAttention(rows, { heads });
      return [outputs.dataSync(), positions(full, [3, 3]).dataSync()];
    });
    assertClose(last!, expected!, "attention", 1e-5);
    assertEquals(cache.length, 6);
    cache.truncate(0);
    cache.dispose();
    assertEquals(tf.memory().numTensors, before);
  });
}

Deno.test("createAttentionCache() says what does not fit", async () => {
  await ready("simd");
  const cache = createAttentionCache({ batch: 2, heads: 1, width: 4, capacity: 3 });
  cache.attend(tf.zeros([2, 2, 12]));
  assertThrows(
    () => cache.attend(tf.zeros([2, 2, 12])),
    RangeError,
    "Expected at most 1 more positions (3 fit), got 2",
  );
  assertThrows(
    () => cache.attend(tf.zeros([3, 1, 12])),
    RangeError,
    "Expected queries, keys and values of shape [2, T, 12], got [3,1,12]",
  );
  assertThrows(
    () => cache.select(Int32Array.of(2)),
    RangeError,
    "Expected rows of 0 to 1, got 2",
  );
  assertThrows(() => cache.truncate(5), RangeError, "Expected a length of 0 to 2, got 5");
  cache.dispose();
});
