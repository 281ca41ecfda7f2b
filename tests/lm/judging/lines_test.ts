import {
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { createGrammar, grammarNames } from "../../../lib/grammar/mod.ts";
import { evaluateLoss, linesOnStrings } from "../../../lib/lm/judging/mod.ts";
import { createGrammarModel } from "../../../lib/lm/mod.ts";
import { createRandom } from "../../../lib/random.ts";
import { createIdealModel } from "./window_models.ts";

Deno.test("linesOnStrings() worked out by hand", () => {
  const grammar = createGrammar("runs", 2); // a run of one, then another symbol or the end
  const { floor, idealLoss } = linesOnStrings(grammar, { strings: ["7", "aB"], orders: [1] });
  // P(7) = 1/3 · 1/10 · 1/5; P(aB) = 1/3 · 1/26 · 2/5 · 1/26 · 1/5
  assertAlmostEquals(floor, (Math.log(150) + Math.log(3 * 26 * 2.5 * 26 * 5)) / 5, 1e-12);
  // The unigram: 1/6 for the end, 5/18 for each symbol (see tests/grammar/ideal_test.ts)
  const symbol = Math.log(18 / 5);
  assertAlmostEquals(
    idealLoss[0]!,
    (3 * symbol + Math.log(10) + 2 * Math.log(26) + 2 * Math.log(6)) / 5,
    1e-12,
  );
});

for (const family of grammarNames) {
  Deno.test(`${family}: linesOnStrings() are the losses of the grammar and of the ideal k-grams as models`, async () => {
    const grammar = createGrammar(family, 3);
    const rng = createRandom(1, family);
    const strings = Array.from({ length: 2000 }, () => grammar.sample(rng));
    const { floor, idealLoss } = linesOnStrings(grammar, { strings, orders: [1, 2, 3] });
    const grammarModel = createGrammarModel(grammar);
    const encoded = strings.map((text) => grammarModel.vocabulary.encode(text));
    assertAlmostEquals(floor, await evaluateLoss(grammarModel, encoded), 1e-5);
    for (const k of [1, 2, 3]) {
      const loss = await evaluateLoss(createIdealModel(grammar, k), encoded);
      assertAlmostEquals(idealLoss[k - 1]!, loss, 1e-5);
      assertAlmostEquals(loss, grammar.idealLoss(k), 0.05); // and near the exact one, with luck
    }
    assertNotEquals(floor, grammar.entropyFloor());
  });
}

Deno.test("linesOnStrings() refuses what is not a member, and has a line for each order", () => {
  const grammar = createGrammar("sticky", 3);
  const error = assertThrows(
    () => linesOnStrings(grammar, { strings: ["aa", "aB"], orders: [] }),
    RangeError,
  );
  assertEquals(
    error.message,
    'Expected strings of sticky 3, got "aB": at 1, ' +
      "a run of lower-case letters must last at least 2 characters, this one lasted 1",
  );
  const { idealLoss, floor } = linesOnStrings(grammar, { strings: ["aaBB"], orders: [3, 1, 7] });
  assertEquals(idealLoss.length, 3);
  assertAlmostEquals(idealLoss[0]!, floor, 1e-12);
  assertAlmostEquals(idealLoss[2]!, floor, 1e-12);
  assertLess(floor, idealLoss[1]!);
});
