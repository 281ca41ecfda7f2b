import { assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { createGrammar } from "../../../lib/grammar/mod.ts";
import {
  createCountModel,
  createGrammarCorpus,
  createGrammarModel,
  createRandomModel,
  evaluateAgainstGrammar,
  evaluateLoss,
  judgeSamples,
  measuredOrder,
  wilsonInterval,
} from "../../../lib/lm/mod.ts";

const grammar = createGrammar("runs", 3); // runs of exactly two characters
const finished = (text: string) => ({ text, finished: true });

Deno.test("judgeSamples() counts as worked by hand", () => {
  const samples = [
    ...["abAB", "abAB", "ab", "aB", ""].map(finished),
    { text: "aaBB00", finished: false },
    finished("AB"),
  ];
  const { generated, failures } = judgeSamples(samples, { grammar, known: new Set(["AB"]) });
  const { ci95, ...counts } = generated;
  assertEquals(counts, {
    ...{ total: 7, unique: 6, new: 5, valid: 2, unfinished: 1, accuracy: 2 / 5 },
  });
  assertEquals(ci95, wilsonInterval(2, 5));
  assertEquals(failures.map(({ text, position }) => [text, position]), [
    ["aB", 1],
    ["", 0],
    ["aaBB00", 6],
  ]);
  assertEquals(failures[2]!.reason, "the string did not end within 6 characters");
});

Deno.test("judgeSamples() has no accuracy when nothing is new, and at most ten failures", () => {
  const nothing = judgeSamples([finished("ab")], { grammar, known: new Set(["ab"]) }).generated;
  assertEquals([nothing.accuracy, nothing.ci95], [null, null]);
  const wrong = Array.from({ length: 30 }, (_, i) => finished("a".repeat(i + 3)));
  const { generated, failures } = judgeSamples(wrong, { grammar, known: new Set() });
  assertEquals([generated.new, generated.valid, failures.length], [30, 0, 10]);
});

Deno.test("wilsonInterval() gives the values of the published formula", () => {
  // Newcombe (1998, "Two-sided confidence intervals for the single proportion"), table I, method 3
  for (
    const [successes, trials, low, high] of [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const
  ) {
    const [from, to] = wilsonInterval(successes, trials)!;
    assertAlmostEquals(from, low, 6e-5);
    assertAlmostEquals(to, high, 6e-5);
  }
  assertEquals(wilsonInterval(0, 0), null);
  assertEquals(wilsonInterval(9, 9)![1], 1);
});

Deno.test("measuredOrder() counts the ideal models that are beaten beyond doubt", () => {
  const idealLosses = [4, 3, 2.5, 2];
  const order = (loss: number, error = 0) => measuredOrder({ loss, error, idealLosses });
  assertEquals([4.2, 3.5, 2.7, 2.2, 2].map((loss) => order(loss)), [1, 2, 3, 4, 4]);
  assertEquals(order(2.9, 0.02), 3);
  assertEquals(order(2.9, 0.05), 2, "0.1 below, but not by three standard errors");
});

const { vocabulary, train, valid } = createGrammarCorpus(grammar, {
  ...{ train: 3000, valid: 500, seed: 0 },
});
const against = { grammar, strings: valid.encoded };

Deno.test("the grammar's own excess loss is 0 and its loss is near the entropy floor", async () => {
  const losses = await evaluateAgainstGrammar(createGrammarModel(grammar), against);
  assertAlmostEquals(losses.excessLoss, 0, 1e-6);
  assertAlmostEquals(losses.loss, grammar.entropyFloor(), 0.02);
});

Deno.test("the excess loss of equal probabilities is ln V minus the mean entropy", async () => {
  const losses = await evaluateAgainstGrammar(createRandomModel({ vocabulary }), against);
  let entropy = 0;
  for (const text of valid.strings) {
    for (let length = 0; length <= text.length; length++) {
      const { end, characters } = grammar.nextDistribution(text.slice(0, length));
      for (const p of [end, ...characters.values()]) if (p > 0) entropy -= p * Math.log(p);
    }
  }
  const expected = Math.log(vocabulary.size) - entropy / valid.tokens;
  assertAlmostEquals(losses.excessLoss, expected, 1e-5);
  assertAlmostEquals(losses.loss, Math.log(vocabulary.size), 1e-5);
});

Deno.test("the standard error of the excess loss is what other strings make of it", async () => {
  const model = createCountModel({ order: 2, vocabulary, strings: train.encoded });
  const excesses: number[] = [];
  let claimed = 0;
  for (let seed = 1; seed <= 30; seed++) {
    const { valid } = createGrammarCorpus(grammar, { train: 1, valid: 200, seed });
    const losses = await evaluateAgainstGrammar(model, { grammar, strings: valid.encoded });
    excesses.push(losses.excessLoss);
    claimed += losses.excessError / 30;
  }
  const mean = excesses.reduce((sum, excess) => sum + excess, 0) / 30;
  const variance = excesses.reduce((sum, excess) => sum + (excess - mean) ** 2, 0) / 29;
  assertGreater(claimed, 0.6 * Math.sqrt(variance));
  assertLess(claimed, 1.6 * Math.sqrt(variance));
});

Deno.test("the standard error of the excess loss is Cochran's, worked out string by string", async () => {
  const grammar = createGrammar("sticky", 3);
  const { vocabulary, valid } = createGrammarCorpus(grammar, { train: 1, valid: 5, seed: 3 });
  const model = createRandomModel({ vocabulary });
  const evaluate = (strings: readonly Int32Array[]) =>
    evaluateAgainstGrammar(model, { grammar, strings });
  const { excessLoss, excessError } = await evaluate(valid.encoded);
  let [squares, tokens] = [0, 0];
  for (const string of valid.encoded) {
    const own = await evaluate([string]);
    squares += ((own.excessLoss - excessLoss) * (string.length + 1)) ** 2;
    tokens += string.length + 1;
  }
  assertAlmostEquals(excessError, Math.sqrt(squares * 5 / 4) / tokens, 1e-9);
});

Deno.test("evaluateLoss() is the mean of −ln P over characters and ends", async () => {
  const model = createGrammarModel(grammar);
  const texts = ["abAB", "00"].map((text) => vocabulary.encode(text));
  // first characters, seconds, then whether to end (1/5) or go on (4/5) with another kind
  const first = -Math.log(1 / 3 / 26) - Math.log(1 / 26) - Math.log(4 / 5 / 2 / 26) -
    Math.log(1 / 26) - Math.log(1 / 5);
  const second = -Math.log(1 / 3 / 10) - Math.log(1 / 10) - Math.log(1 / 5);
  assertAlmostEquals(await evaluateLoss(model, texts), (first + second) / 8, 1e-5);
});
