import { assertEquals, assertLess, assertNotEquals } from "@std/assert";
import { createRandom } from "../../lib/random.ts";
import { shuffledBatches, sortedBatches } from "../../lib/lm/batches.ts";
import type { TokenBatch } from "../../lib/lm/model.ts";

const strings = Array.from({ length: 500 }, (_, i) => {
  const rng = createRandom(1, i);
  return Int32Array.from({ length: rng.integer(20) }, () => 1 + rng.integer(9));
});

/** The strings that a batch's targets spell. */
function spelled(batches: TokenBatch[]): string[] {
  return batches.flatMap(({ size, length, targets }) =>
    Array.from({ length: size }, (_, row) => {
      const real = targets.subarray(row * length, (row + 1) * length).filter((token) => token >= 0);
      assertEquals(real.at(-1), 0, "the end is predicted last");
      return real.subarray(0, -1).join();
    })
  );
}

Deno.test("sortedBatches() lays two strings out as worked by hand", () => {
  const [batch] = sortedBatches([Int32Array.of(5, 6, 7), Int32Array.of(8)], { batchSize: 2 });
  assertEquals(batch, {
    size: 2,
    length: 4,
    inputs: Int32Array.of(0, 8, 0, 0, 0, 5, 6, 7),
    targets: Int32Array.of(8, 0, -1, -1, 5, 6, 7, 0),
    tokens: 6,
  });
});

Deno.test("shuffledBatches() holds every string once, in an order that the stream decides", () => {
  const options = (seed: number) => ({ batchSize: 16, rng: createRandom(seed) });
  const once = shuffledBatches(strings, options(1));
  const inOrder = strings.map((string) => string.join());
  assertEquals(spelled(once).sort(), inOrder.toSorted());
  assertEquals(shuffledBatches(strings, options(1)), once);
  assertNotEquals(spelled(shuffledBatches(strings, options(2))), spelled(once));
  assertEquals(once.map(({ size }) => size).sort((a, b) => a - b).slice(0, 2), [4, 16]);
});

Deno.test("shuffledBatches() computes little padding", () => {
  const batches = shuffledBatches(strings, { batchSize: 16, rng: createRandom(1) });
  const places = batches.reduce((sum, { size, length }) => sum + size * length, 0);
  const tokens = strings.reduce((sum, { length }) => sum + length + 1, 0);
  assertEquals(batches.reduce((sum, { tokens }) => sum + tokens, 0), tokens);
  assertLess(1 - tokens / places, 0.1);
});

Deno.test("batches of strings beyond the context predict every token once", () => {
  const long = [Int32Array.from({ length: 11 }, (_, i) => i + 1)];
  const batches = sortedBatches(long, { batchSize: 8, longestInput: 4 });
  const targets = batches.flatMap(({ targets }) => [...targets.filter((token) => token >= 0)]);
  assertEquals(targets.sort((a, b) => a - b), [0, ...long[0]!]);
  assertEquals(batches[0]!.length, 4);
});
