import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import {
  createCountModel,
  createKneserNey,
  createVocabulary,
  evaluateLoss,
} from "../../../lib/lm/mod.ts";
import { createRandom } from "../../../lib/random.ts";

Deno.test("createKneserNey() is what one gets by hand", () => {
  // "aba": each of ⏎a, ab, ba comes once, so D = 1; a comes after two tokens and b after one, D = 1/3.
  const vocabulary = createVocabulary("ab");
  const strings = [vocabulary.encode("aba")];
  const { probability } = createKneserNey({ order: 2, vocabulary, strings, ends: false });
  assertAlmostEquals(probability([], 1), (2 - 1 / 3) / 3 + 2 / 27, 1e-12);
  assertAlmostEquals(probability([], 0), 2 / 27, 1e-12);
  assertAlmostEquals(probability([1], 2), (1 - 1 / 3) / 3 + 2 / 27, 1e-12);
});

const alphabet = "abcd";
const vocabulary = createVocabulary(alphabet);
const rng = createRandom(3);
const texts = Array.from({ length: 40 }, () => {
  const length = 1 + rng.integer(8);
  return Array.from({ length }, () => alphabet[Math.floor(4 * rng.uniform() ** 2)]!).join("");
});
const strings = texts.map((text) => vocabulary.encode(text));

/** The formula of the paper on strings, counted anew for each question. */
function bySearch(context: string, token: string, order: number): number {
  const padded = texts.map((text) => "^".repeat(order - 1) + text + "$");
  const grams = (length: number) =>
    padded.flatMap((text) =>
      Array.from(
        { length: text.length - order + 1 },
        (_, i) => text.slice(i + order - length, i + order),
      )
    );
  const countsOf = (length: number): Map<string, number> => {
    const all = length === order
      ? grams(order)
      : [...new Set(grams(length + 1))].map((gram) => gram.slice(1));
    const counts = new Map<string, number>();
    for (const gram of all) counts.set(gram, (counts.get(gram) ?? 0) + 1);
    return counts;
  };
  const probability = (context: string): number => {
    const counts = countsOf(context.length + 1);
    const after = [...counts].filter(([gram]) => gram.slice(0, -1) === context);
    const shorter = context === "" ? 1 / vocabulary.size : probability(context.slice(1));
    if (after.length === 0) return shorter;
    const many = (wanted: number) =>
      [...counts.values()].filter((count) => count === wanted).length;
    const discount = many(1) > 0 ? many(1) / (many(1) + 2 * many(2)) : 0.5;
    const total = after.reduce((sum, [, count]) => sum + count, 0);
    const own = Math.max(0, (counts.get(context + token) ?? 0) - discount);
    return (own + discount * after.length * shorter) / total;
  };
  return probability(context);
}

for (const order of [1, 2, 3, 4]) {
  Deno.test(`createKneserNey() of order ${order} equals the formula counted by search`, () => {
    const model = createKneserNey({ order, vocabulary, strings });
    const border = vocabulary.start;
    for (const text of ["", "a", "ba", "dd", "abc", "dcb", "ddddd"]) {
      const context = [...Array<number>(order - 1).fill(border), ...vocabulary.encode(text)];
      const written = ("^".repeat(order - 1) + text).slice(text.length);
      for (const [id, symbol] of [[0, "$"], [1, "a"], [4, "d"]] as const) {
        const expected = bySearch(order === 1 ? "" : written, symbol, order);
        assertAlmostEquals(model.probability(context, id), expected, 1e-12, `${text} → ${symbol}`);
      }
    }
  });
}

Deno.test("createKneserNey() sums to one, and predicts as a language model what it says", async () => {
  const model = createKneserNey({ order: 3, vocabulary, strings });
  const decoder = model.startDecoding(1);
  const read: number[] = [0, 0];
  for (const token of [0, 2, 2, 4, 1]) {
    read.push(token);
    const row = await decoder.step(Int32Array.of(token));
    assertAlmostEquals(row.reduce((sum, value) => sum + Math.exp(value), 0), 1, 1e-6);
    row.forEach((value, id) =>
      assertAlmostEquals(Math.exp(value), model.probability(read, id), 1e-6)
    );
  }
});

Deno.test("createKneserNey() predicts unseen strings better than the longest match", async () => {
  const [seen, unseen] = [strings.slice(0, 30), strings.slice(30)];
  const options = { order: 4, vocabulary, strings: seen };
  const mixed = await evaluateLoss(createKneserNey(options), unseen);
  const longest = await evaluateLoss(createCountModel({ ...options, backOff: true }), unseen);
  assert(mixed < longest - 0.1, `${mixed} against ${longest}`);
});

Deno.test("createKneserNey() refuses an order of nothing", () => {
  assertThrows(() => createKneserNey({ order: 0, vocabulary, strings }), RangeError, "got 0");
});
