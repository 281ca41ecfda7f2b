import { assertAlmostEquals, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { createRandom, restoreRandom } from "../lib/random.ts";

Deno.test("createRandom() gives the same stream for the same seed and names", () => {
  const draw = (seed: number, ...names: string[]) => {
    const rng = createRandom(seed, ...names);
    return [rng.uniform(), rng.integer(10), rng.normal(), rng.choice("abc")];
  };
  assertEquals(draw(1, "a"), draw(1, "a"));
  assertNotEquals(draw(1, "a"), draw(2, "a"));
  assertNotEquals(draw(1, "a"), draw(1, "b"));
});

Deno.test("createRandom() tells a seed from a name that continues it", () => {
  const draw = (...names: [number, ...number[]]) => createRandom(...names).uniform();
  assertNotEquals(draw(1, 12), draw(11, 2));
  assertNotEquals(draw(1, 1, 2), draw(1, 12));
});

Deno.test("normal() is finite for a uniform draw of 0, of which the logarithm is not", () => {
  const zero = () => restoreRandom({ c: 0, s0: 0, s1: 0.5, s2: 0.5 }); // its next draw is 0
  assertEquals(zero().uniform(), 0);
  assertEquals(Number.isFinite(zero().normal()), true);
});

Deno.test("restoreRandom() goes on where the state was taken", () => {
  const rng = createRandom(7);
  rng.normal();
  const state = JSON.parse(JSON.stringify(rng.state()));
  const expected = [rng.uniform(), rng.uniform()];
  const restored = restoreRandom(state);
  assertEquals([restored.uniform(), restored.uniform()], expected);
});

Deno.test("normal() has mean 0 and variance 1", () => {
  const rng = createRandom(3);
  const draws = Array.from({ length: 100_000 }, () => rng.normal());
  const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
  const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length;
  assertAlmostEquals(mean, 0, 0.02);
  assertAlmostEquals(variance, 1, 0.02);
});

Deno.test("shuffle() permutes every order alike, choice() refuses an empty list", () => {
  const rng = createRandom(5);
  const counts = new Map<string, number>();
  for (let i = 0; i < 60_000; i++) {
    const order = rng.shuffle(["a", "b", "c"]).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assertEquals(counts.size, 6);
  for (const count of counts.values()) assertAlmostEquals(count, 10_000, 400);
  assertThrows(() => rng.choice([]), RangeError, "got none");
});
