/** The check itself: it must accept the right gradient at any size, and see a wrong one. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { checkGradient, Value } from "../../lib/autograd/mod.ts";

Deno.test("checkGradient() of a·b at (3, 5), by hand", () => {
  const { computed, estimated } = checkGradient(([a, b]) => a!.mul(b!), [3, 5]);
  assertEquals(computed, [5, 3]);
  estimated.forEach((slope, i) => assertAlmostEquals(slope, [5, 3][i]!, 1e-9));
});

Deno.test("checkGradient() sees a gradient that is wrong", () => {
  // the second factor hides from the graph, so half of 2x is missing
  const { error } = checkGradient(([x]) => x!.mul(x!.data), [3]);
  assertAlmostEquals(error, 0.5, 1e-6);
});

Deno.test("checkGradient() sees one wrong input among right ones", () => {
  const { error } = checkGradient(([a, b, c]) => a!.add(c!).add(b!.data), [1, 2, 3]);
  assertAlmostEquals(error, 1, 1e-6);
});

Deno.test("checkGradient() takes steps that fit inputs from 1e-6 to 1e6", () => {
  for (const x of [1e-6, 1e-3, 1, 1e3, 1e6]) {
    const { error } = checkGradient(([x]) => x!.mul(x!).div(x!.add(1)), [x]);
    assert(error < 1e-8, `at ${x}: off by ${error}`);
  }
});

Deno.test("checkGradient() of a function without inputs is exact", () => {
  assertEquals(checkGradient(() => new Value(1).add(1), []), {
    computed: [],
    estimated: [],
    error: 0,
  });
});
