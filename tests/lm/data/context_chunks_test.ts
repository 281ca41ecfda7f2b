import { assertEquals } from "@std/assert";
import { chunksOf } from "../../../lib/lm/data/context_chunks.ts";

Deno.test("chunksOf() reads a string that fits at once", () => {
  assertEquals(chunksOf(4, 4), [{ start: 0, from: 0, end: 4 }]);
  assertEquals(chunksOf(100, Infinity), [{ start: 0, from: 0, end: 100 }]);
});

Deno.test("chunksOf() forgets the older half of a full context, as worked by hand", () => {
  assertEquals(chunksOf(8, 5), [
    { start: 0, from: 0, end: 5 },
    { start: 3, from: 5, end: 8 },
  ]);
  assertEquals(chunksOf(9, 5).at(-1), { start: 6, from: 8, end: 9 });
});

Deno.test("chunksOf() predicts every position once, from at least half a context", () => {
  for (let context = 1; context <= 9; context++) {
    for (let length = 1; length <= 40; length++) {
      const chunks = chunksOf(length, context);
      const predicted = chunks.flatMap(({ from, end }) =>
        Array.from({ length: end - from }, (_, i) => from + i)
      );
      assertEquals(predicted, Array.from({ length }, (_, i) => i), `${length} in ${context}`);
      for (const { start, from, end } of chunks) {
        assertEquals(end - start <= context, true, `${length} in ${context}`);
        assertEquals(start === 0 || from - start >= Math.floor(context / 2), true);
      }
    }
  }
});
