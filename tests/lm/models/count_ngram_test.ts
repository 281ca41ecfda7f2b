import { assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { createGrammar } from "../../../lib/grammar/mod.ts";
import { createRandom } from "../../../lib/random.ts";
import {
  createCountModel,
  createGrammarCorpus,
  createNgramCounts,
  createVocabulary,
  judgeSamples,
  sample,
} from "../../../lib/lm/mod.ts";

const strings = Array.from({ length: 300 }, (_, i) => {
  const rng = createRandom(2, i);
  return Int32Array.from({ length: rng.integer(12) }, () => 1 + rng.integer(4));
});

/** How often each token comes after a context, by looking at every place. */
function naiveSuccessors(context: number[]): number[] {
  const counts = new Array<number>(5).fill(0);
  for (const string of strings) {
    const text = [...context.map(() => 0), ...string, 0];
    for (let end = context.length; end < text.length; end++) {
      if (context.every((token, i) => text[end - context.length + i] === token)) {
        counts[text[end]!]!++;
      }
    }
  }
  return counts;
}

for (const dense of [true, false]) {
  Deno.test(`${dense ? "dense" : "sparse"} counts are those of looking at every place`, () => {
    for (let order = 1; order <= 5; order++) {
      const counts = createNgramCounts({ order, vocabulary: { size: 5, start: 0, end: 0 }, dense });
      strings.forEach((string) => counts.add(string));
      let total = 0;
      const rng = createRandom(3);
      for (let trial = 0; trial < 60; trial++) {
        const context = Array.from({ length: order - 1 }, () => rng.integer(5));
        const row = new Float64Array(5);
        const sum = counts.successors(context, row);
        assertEquals([...row], naiveSuccessors(context), `after ${context}`);
        assertEquals(sum, row.reduce((sum, count) => sum + count));
        total += sum;
      }
      assertEquals(total > 0, true);
    }
  });
}

Deno.test("dense and sparse counts put the end after a string and the start before it", () => {
  const vocabulary = { size: 5, start: 0, end: 4 }; // two tokens, as some GPT-2 folders have them
  for (const dense of [true, false]) {
    const counts = createNgramCounts({ order: 3, vocabulary, dense });
    counts.add(Int32Array.of(1, 2));
    const grams: string[] = [];
    counts.forEach((gram, count) => grams.push(`${gram} ${count}`));
    assertEquals(grams.sort(), ["0,0,1 1", "0,1,2 1", "1,2,4 1"]);
  }
});

Deno.test("sparse counts hold as many n-grams as there are different ones", () => {
  const counts = createNgramCounts({
    order: 7,
    vocabulary: { size: 5, start: 0, end: 0 },
    dense: false,
  });
  const different = new Set<string>();
  for (const string of strings) {
    counts.add(string);
    const text = [0, 0, 0, 0, 0, 0, ...string, 0];
    for (let end = 7; end <= text.length; end++) different.add(text.slice(end - 7, end).join());
  }
  assertEquals(counts.distinct(), different.size);
});

Deno.test("createCountModel() predicts (c + α) / (Σc + αV), as worked by hand", async () => {
  const vocabulary = createVocabulary("ab");
  const train = ["ab", "abb", "b"].map((text) => vocabulary.encode(text));
  const model = createCountModel({ order: 2, vocabulary, strings: train, alpha: 0.5 });
  const decoder = model.startDecoding(1);
  const start = await decoder.step(Int32Array.of(0)); // followed by a, a, b
  assertAlmostEquals(Math.exp(start[0]!), 0.5 / 4.5, 1e-6);
  assertAlmostEquals(Math.exp(start[1]!), 2.5 / 4.5, 1e-6);
  const afterB = await decoder.step(vocabulary.encode("b")); // followed by the end thrice, b once
  assertAlmostEquals(Math.exp(afterB[0]!), 3.5 / 5.5, 1e-6);
  assertAlmostEquals(Math.exp(afterB[1]!), 0.5 / 5.5, 1e-6);
});

Deno.test("createCountModel() sums to one after every context, seen or not", async () => {
  const vocabulary = createVocabulary("abcd");
  for (const backOff of [false, true]) {
    for (const alpha of [0, 1e-9, 1]) {
      const model = createCountModel({ order: 4, vocabulary, strings, alpha, backOff });
      const inputs = Int32Array.from({ length: 200 }, (_, i) => i * 7919 % 5);
      const rows = await model.logProbabilities({ size: 10, length: 20, inputs });
      for (let i = 0; i < rows.length; i += 5) {
        const sum = rows.subarray(i, i + 5).reduce((sum, value) => sum + Math.exp(value), 0);
        assertAlmostEquals(sum, 1, 1e-5);
      }
    }
  }
});

Deno.test("createCountModel() without back-off is uniform after an unseen context, with it not", async () => {
  const vocabulary = createVocabulary("abc");
  const train = [vocabulary.encode("ab")];
  const predict = async (backOff: boolean) => {
    const model = createCountModel({ order: 3, vocabulary, strings: train, alpha: 0, backOff });
    const decoder = model.startDecoding(1);
    await decoder.step(vocabulary.encode("c"));
    return Array.from(await decoder.step(vocabulary.encode("a")), Math.exp); // after "ca"
  };
  (await predict(false)).forEach((value) => assertAlmostEquals(value, 1 / 4, 1e-6));
  assertEquals(await predict(true), [0, 0, 1, 0]); // as after "a"
});

for (const family of ["sticky", "runs", "echo", "parity"]) {
  Deno.test(`count-N of ${family} writes members only, count-(N−1) does not`, async () => {
    for (const n of family === "sticky" ? [3, 4, 5] : [2, 3, 4]) {
      const grammar = createGrammar(family, n);
      const corpus = createGrammarCorpus(grammar, { train: 5000, valid: 1, seed: 0 });
      const known = new Set(corpus.train.strings);
      const accuracy = async (order: number) => {
        const { vocabulary, train } = corpus;
        const model = createCountModel({ order, vocabulary, strings: train.encoded });
        const samples = await sample(model, { count: 1000, seed: 0 });
        const { generated } = judgeSamples(samples, { grammar, known });
        assertGreater(generated.new, 100, "enough new strings to judge");
        return generated.accuracy!;
      };
      assertEquals(await accuracy(n), 1, `N = ${n}`);
      assertLess(await accuracy(n - 1), 0.6, `N = ${n}`);
    }
  });
}
