import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { histogram } from "../../lib/plot/mod.ts";

Deno.test("histogram() counts shares that sum to one, what lies outside in the outermost bins", () => {
  const { x, y } = histogram([-5, 0, 0.25, 0.5, 0.99, 1, 8], { low: 0, high: 1, bins: 4 });
  assertEquals(x, [0.125, 0.375, 0.625, 0.875]);
  assertEquals(y.map((share) => Math.round(7 * share)), [2, 1, 1, 3]);
  assertAlmostEquals(y.reduce((sum, share) => sum + share), 1);
});

Deno.test("histogram() refuses borders that are none", () => {
  assertThrows(() => histogram([1], { low: 1, high: 1 }), RangeError, "low below high");
  assertThrows(() => histogram([1], { low: 0, high: 1, bins: 0 }), RangeError, "at least 1 bin");
});
