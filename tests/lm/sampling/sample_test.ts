import {
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { createRandom } from "../../../lib/random.ts";
import { trainBpe } from "../../../lib/tokenizer/mod.ts";
import { createGrammar } from "../../../lib/grammar/mod.ts";
import { feed } from "../../../lib/lm/language_model.ts";
import {
  createTokenSampler,
  type DecodingOptions,
} from "../../../lib/lm/sampling/token_sampler.ts";
import {
  createBpeVocabulary,
  createCountModel,
  createGrammarModel,
  createRandomModel,
  createVocabulary,
  type LanguageModel,
  sample,
} from "../../../lib/lm/mod.ts";

const row = Float32Array.from([0.1, 0.2, 0.3, 0.4, 0], Math.log);

/** Relative frequencies of 20,000 draws. */
function frequencies(options: Parameters<typeof createTokenSampler>[0]): number[] {
  const choose = createTokenSampler(options);
  const rng = createRandom(1);
  const counts = [0, 0, 0, 0, 0];
  for (let i = 0; i < 20_000; i++) counts[choose(row, rng)]!++;
  return counts.map((count) => count / 20_000);
}

for (
  const [options, expected] of [
    [{}, [0.1, 0.2, 0.3, 0.4, 0]],
    [{ temperature: 0.5 }, [1 / 30, 4 / 30, 9 / 30, 16 / 30, 0]],
    [{ temperature: 0 }, [0, 0, 0, 1, 0]],
    [{ topK: 2 }, [0, 0, 3 / 7, 4 / 7, 0]],
    [{ topP: 0.75 }, [0, 2 / 9, 3 / 9, 4 / 9, 0]],
    [{ topP: 0.69 }, [0, 0, 3 / 7, 4 / 7, 0]],
    [{ topK: 3, topP: 0.5 }, [0, 0, 3 / 7, 4 / 7, 0]],
  ] as const
) {
  Deno.test(`createTokenSampler() draws as worked by hand with ${JSON.stringify(options)}`, () => {
    frequencies(options).forEach((share, token) => {
      assertAlmostEquals(share, expected[token]!, expected[token] === 0 ? 0 : 0.015);
    });
  });
}

Deno.test("createTokenSampler() refuses options out of range and rows without a possible token", () => {
  assertThrows(() => createTokenSampler({ temperature: -1 }), RangeError, "at least 0, got -1");
  assertThrows(() => createTokenSampler({ topK: 0 }), RangeError, "top-k of at least 1, got 0");
  assertThrows(() => createTokenSampler({ topP: 1.5 }), RangeError, "at most 1, got 1.5");
  assertThrows(() => createTokenSampler({ topP: NaN }), RangeError, "got NaN");
  const impossible = new Float32Array(3).fill(-Infinity);
  for (const temperature of [0, 1]) {
    const choose = createTokenSampler({ temperature });
    assertThrows(() => choose(impossible, createRandom(0)), RangeError, "Expected a token");
  }
});

const vocabulary = createVocabulary("ab");
const uniform = createRandomModel({ vocabulary });

Deno.test("sample() draws a string from its number and the seed alone", async () => {
  const many = await sample(uniform, { count: 50, seed: 3 });
  assertEquals(await sample(uniform, { count: 10, seed: 3 }), many.slice(0, 10));
  assertEquals(new Set(many.map(({ text }) => text)).size > 8, true);
  assertNotEquals(await sample(uniform, { count: 50, seed: 4 }), many);
});

Deno.test("sample() ends strings as often as the model says", async () => {
  const samples = await sample(uniform, { count: 4000, seed: 0 });
  const empty = samples.filter(({ text }) => text === "").length / 4000;
  const single = samples.filter(({ text }) => text.length === 1).length / 4000;
  assertAlmostEquals(empty, 1 / 3, 0.03);
  assertAlmostEquals(single, 2 / 9, 0.03);
});

Deno.test("sample() goes on from prefixes of different lengths", async () => {
  const strings = ["aab", "b", "abbba"].map((text) => vocabulary.encode(text));
  const model = createCountModel({ order: 6, vocabulary, strings }); // knows these by heart
  const samples = await sample(model, { count: 3, seed: 0, prefix: ["aa", "", "abb"] });
  assertEquals(samples[0], { text: "aab", finished: true });
  assertEquals(samples[2], { text: "abbba", finished: true });
  assertEquals(["aab", "b", "abbba"].includes(samples[1]!.text), true);
});

Deno.test("sample() reads at once what all prefixes have", async () => {
  const strings = ["aab", "b", "abbba"].map((text) => vocabulary.encode(text));
  const model = createCountModel({ order: 6, vocabulary, strings });
  const fed: number[][] = [];
  const watched: LanguageModel = {
    ...model,
    startDecoding: (size) => {
      const { step, select, dispose } = model.startDecoding(size);
      const prefill = (tokens: Int32Array) => {
        fed.push([...tokens]);
        return feed({ step, select, dispose }, { tokens, size });
      };
      const keep = (rows: Int32Array) => select(rows.subarray(0, size = rows.length));
      return { step, prefill, select: keep, dispose };
    },
  };
  const [, a, b] = vocabulary.encode("aab");
  const options = { count: 2, seed: 0, prefix: ["aa", "abb"] };
  assertEquals(await sample(watched, options), await sample(model, options));
  assertEquals(fed[0], [vocabulary.start, a, a, vocabulary.start, a, b]);
});

Deno.test("sample() leaves a string unfinished at the longest length, and finishes one of just that length", async () => {
  const strings = [vocabulary.encode("abab")];
  const model = createCountModel({ order: 5, vocabulary, strings });
  assertEquals(await sample(model, { count: 1, seed: 0, maxLength: 4 }), [
    { text: "abab", finished: true },
  ]);
  assertEquals(await sample(model, { count: 1, seed: 0, maxLength: 3 }), [
    { text: "aba", finished: false },
  ]);
});

Deno.test("sample() refuses a prefix that the model or its vocabulary does not know", async () => {
  const model = createGrammarModel(createGrammar("runs", 3));
  const options = { count: 2, seed: 0 };
  await assertRejects(() => sample(model, { ...options, prefix: "aB" }), RangeError, "none may");
  await assertRejects(() => sample(model, { ...options, prefix: "é" }), RangeError, '"é" at 0');
  await assertRejects(
    () => sample(model, { ...options, prefix: ["aa"] }),
    RangeError,
    "Expected 2 prefixes, one a string, got 1",
  );
  await assertRejects(
    () => sample(model, { ...options, prefix: "aaAA", maxLength: 3 }),
    RangeError,
    "at most 3 tokens, got 4",
  );
});

Deno.test("top-p keeps no more tokens than it takes: of two alike, half is one", () => {
  const choose = createTokenSampler({ topP: 0.5 });
  const rng = createRandom(0);
  const drawn = Array.from({ length: 50 }, () => choose(Float32Array.of(-1, -1, -Infinity), rng));
  assertEquals(new Set(drawn), new Set([0]));
});

/** Which tokens may be drawn, by sorting all of them: the same as the sampler finds faster. */
function keptBySorting(
  row: Float32Array,
  { topK = Infinity, topP = 1 }: DecodingOptions,
): Set<number> {
  const weights = Array.from(
    row,
    (value) => Math.exp(value - row.reduce((a, b) => Math.max(a, b))),
  );
  const total = weights.reduce((a, b) => a + b);
  const order = [...weights.keys()].sort((a, b) => weights[b]! - weights[a]! || a - b);
  const kept = new Set<number>();
  let sum = 0;
  for (const token of order.slice(0, topK)) {
    if (sum >= topP * total) break;
    sum += weights[token]!;
    kept.add(token);
  }
  return kept;
}

Deno.test("top-k and top-p of a large vocabulary keep the tokens that sorting them all does", () => {
  const rng = createRandom(3);
  const ties = Float32Array.from({ length: 100 }, () => Math.log(1 + rng.integer(9)));
  const flat = new Float32Array(100);
  const steep = Float32Array.from({ length: 100 }, () => 5 * rng.normal());
  const settings = [
    { topK: 1 },
    { topK: 30 },
    { topK: 60 },
    { topK: 1000 },
    { topP: 0.3 },
    {
      topP: 0.9,
    },
    { topP: 1 },
    { topK: 30, topP: 0.5 },
    { topK: 200, topP: 0.99 },
  ];
  for (const options of settings) {
    for (const row of [ties, flat, steep]) {
      const choose = createTokenSampler(options);
      const kept = [...keptBySorting(row, options)].sort((a, b) => a - b);
      // a stream of numbers that goes through all that may be drawn, weights being as they are
      const drawn = new Set<number>();
      for (let i = 0; i < 1000; i++) {
        drawn.add(choose(row, { ...rng, uniform: () => (i + 0.5) / 1000 }));
      }
      for (const token of drawn) assertEquals(kept.includes(token), true);
      const least = row[kept.reduce((a, b) => row[a]! <= row[b]! ? a : b)]!;
      if (row !== steep) assertEquals([...drawn].sort((a, b) => a - b), kept);
      else assertEquals(kept.every((token) => row[token]! >= least), true);
    }
  }
});

Deno.test("sample() measures prefixes in tokens, as everything else", async () => {
  const bpe = createBpeVocabulary(trainBpe(["ab".repeat(50)], { size: 259 })); // ab, abab
  const model = createRandomModel({ vocabulary: bpe });
  const prefix = "ab".repeat(6); // three tokens
  const [written] = await sample(model, { count: 1, seed: 0, prefix, maxLength: 3 });
  assertEquals(written!.text, prefix);
  await assertRejects(
    () => sample(model, { count: 1, seed: 0, prefix: "é", maxLength: 1 }), // two bytes
    RangeError,
    "at most 1 tokens, got 2",
  );
});

Deno.test("sample() takes two hundred thousand strings at once", async () => {
  const counted = createCountModel({ order: 1, vocabulary, strings: [] });
  const samples = await sample(counted, { count: 200_000, seed: 0, maxLength: 1 });
  assertEquals(samples.length, 200_000);
});
