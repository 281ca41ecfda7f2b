import { assertEquals, assertGreater, assertNotEquals } from "@std/assert";
import { createRandom } from "../../../lib/random.ts";
import {
  cheapestCuts,
  shuffledBatches,
  sortedBatches,
  stringBatches,
} from "../../../lib/lm/data/batches.ts";
import type { TokenBatch } from "../../../lib/lm/language_model.ts";

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

const vocabulary = { start: 0, end: 0 };

Deno.test("sortedBatches() lays two strings out as worked by hand", () => {
  const [batch] = sortedBatches([Int32Array.of(5, 6, 7), Int32Array.of(8)], {
    batchSize: 2,
    vocabulary,
  });
  assertEquals(batch, {
    size: 2,
    length: 4,
    inputs: Int32Array.of(0, 8, 0, 0, 0, 5, 6, 7),
    targets: Int32Array.of(8, 0, -1, -1, 5, 6, 7, 0),
    tokens: 6,
  });
});

Deno.test("batches of beginnings ask for what follows their last place, and for nothing behind it", () => {
  const cut = sortedBatches([Int32Array.of(5, 6, 7), Int32Array.of(8)], {
    ...{ batchSize: 2, vocabulary, longest: 2 },
  });
  assertEquals(cut, [{
    size: 2,
    length: 2,
    inputs: Int32Array.of(0, 5, 0, 8),
    targets: Int32Array.of(5, 6, 8, 0), // the end only where the string ends
    tokens: 4,
  }]);
  const source = stringBatches({ train: strings, valid: strings, vocabulary, longest: 4 });
  const reading = { longestInput: Infinity, ignoresPadding: false };
  const drawn = source.draw({ batchSize: 16, rng: createRandom(1), reading }).flat();
  const places = strings.reduce((sum, { length }) => sum + Math.min(4, length + 1), 0);
  for (const batches of [drawn, source.valid({ batchSize: 16, reading })]) {
    assertEquals(batches.reduce((sum, { tokens }) => sum + tokens, 0), places);
  }
});

Deno.test("shuffledBatches() holds every string once, in an order that the stream decides", () => {
  const options = (seed: number) => ({ batchSize: 16, vocabulary, rng: createRandom(seed) });
  const once = shuffledBatches(strings, options(1));
  const inOrder = strings.map((string) => string.join());
  assertEquals(spelled(once.flat()).sort(), inOrder.toSorted());
  assertEquals(shuffledBatches(strings, options(1)), once);
  assertNotEquals(spelled(shuffledBatches(strings, options(2)).flat()), spelled(once.flat()));
  const sizes = once.map((batch) => batch.reduce((sum, { size }) => sum + size, 0));
  assertEquals(sizes, [...new Array(31).fill(16), 4]);
});

Deno.test("shuffledBatches() divides the same batches the finer the cheaper a rectangle is", () => {
  const padding = (rectangleCost: number) => {
    const options = { batchSize: 16, vocabulary, rng: createRandom(1), rectangleCost };
    const batches = shuffledBatches(strings, options).flat();
    const tokens = batches.reduce((sum, { tokens }) => sum + tokens, 0);
    assertEquals(tokens, strings.reduce((sum, { length }) => sum + length + 1, 0));
    return batches.reduce((sum, { size, length }) => sum + size * length, 0) - tokens;
  };
  assertEquals(padding(0), 0);
  assertGreater(padding(20), 0);
  assertGreater(padding(Infinity), 2 * padding(20));
});

Deno.test("cheapestCuts() cuts where it saves most, as worked by hand and by trying all cuts", () => {
  assertEquals(cheapestCuts([1, 1, 1, 9, 9], 5), [0, 3]); // 3 + 18 + 5 = 26, uncut 45
  assertEquals(cheapestCuts([1, 1, 1, 9, 9], 30), [0]);
  assertEquals(cheapestCuts([1, 4, 9], Infinity), [0]);
  const rng = createRandom(8);
  for (let trial = 0; trial < 50; trial++) {
    const lengths = Array.from({ length: 7 }, () => 1 + rng.integer(30)).sort((a, b) => a - b);
    const costs = Array.from(
      { length: 2 ** 6 },
      (_, cuts) =>
        cost(lengths, [0, ...[1, 2, 3, 4, 5, 6].filter((place) => cuts & (1 << (place - 1)))]),
    );
    assertEquals(cost(lengths, cheapestCuts(lengths, 12)), Math.min(...costs));
  }

  function cost(lengths: number[], starts: number[]): number {
    return starts.reduce((sum, start, i) => {
      const end = starts[i + 1] ?? lengths.length;
      return sum + (end - start) * lengths[end - 1]!;
    }, 12 * (starts.length - 1));
  }
});

Deno.test("batches of strings beyond the context predict every token once", () => {
  const long = [Int32Array.from({ length: 11 }, (_, i) => i + 1)];
  const batches = sortedBatches(long, { batchSize: 8, longestInput: 4, vocabulary });
  const targets = batches.flatMap(({ targets }) => [...targets.filter((token) => token >= 0)]);
  assertEquals(targets.sort((a, b) => a - b), [0, ...long[0]!]);
  assertEquals(batches[0]!.length, 4);
  for (const { targets, tokens } of batches) {
    assertEquals(tokens, targets.filter((target) => target >= 0).length, "what counts, once");
  }
});
