import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { dropout, ready, tf } from "../../../lib/tensor/mod.ts";
import { BACKENDS } from "./check.ts";

for (const backend of BACKENDS) {
  Deno.test(`dropout() drops the same elements for the same seed on ${backend}`, async () => {
    const drop = (seed: number) => [...dropout(tf.ones([40]), { rate: 0.5, seed }).dataSync()];
    await ready("cpu");
    const expected = drop(0);
    await ready(backend);
    assertEquals(drop(0), expected);
    assertNotEquals(drop(1), expected);
  });
}

Deno.test("dropout() drops the given share and keeps the mean", async () => {
  await ready("simd");
  const kept = dropout(tf.ones([10_000]), { rate: 0.2, seed: 3 });
  const { 0: mean } = kept.mean().dataSync();
  assert(Math.abs(mean! - 1) < 0.02);
  assertEquals(new Set(kept.dataSync()).size, 2);
});

Deno.test("dropout() of nothing is the tensor itself, and of everything an error", async () => {
  await ready("simd");
  const x = tf.ones([2]);
  assertEquals(dropout(x, { rate: 0, seed: 0 }), x);
  assertThrows(
    () => dropout(x, { rate: 1, seed: 0 }),
    RangeError,
    "Expected a dropout rate of at least 0 and below 1, got 1",
  );
});
