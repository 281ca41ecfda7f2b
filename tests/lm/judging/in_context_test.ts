import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { createGrammar, families } from "../../../lib/grammar/mod.ts";
import { createGrammarCorpus } from "../../../lib/lm/data/corpus.ts";
import { sortedBatches } from "../../../lib/lm/data/batches.ts";
import { createVocabulary } from "../../../lib/lm/data/vocabulary.ts";
import { evaluateAgainstGrammar } from "../../../lib/lm/judging/evaluate.ts";
import { referenceCurves, servedCurve } from "../../../lib/lm/judging/in_context.ts";
import { createServedModel } from "../../../lib/lm/judging/served.ts";
import { createCountModel } from "../../../lib/lm/models/count_ngram.ts";
import { createGrammarModel } from "../../../lib/lm/models/grammar.ts";
import { createIdealLearner } from "../../../lib/lm/models/learner.ts";
import { sample } from "../../../lib/lm/sampling/sample.ts";
import { type CharacterScorer, ChatError } from "../../../lib/chat/mod.ts";

const grammar = createGrammar("parity", 3);
const corpus = createGrammarCorpus(grammar, { train: 200, valid: 20, seed: 0 });
const { vocabulary } = corpus;
const setting = {
  ...{ grammar, vocabulary, seed: 0 },
  training: corpus.train.strings,
  strings: corpus.valid.strings,
};

/** What a server would say whose model is the grammar itself. */
const perfect: CharacterScorer = {
  spelling: { name: "abc", start: ["", 0], before: "", after: "", end: "\n", close: ["\n", 1] },
  showsExamples: true,
  served: "perfect",
  save: () => Promise.resolve(),
  next: (_, prefix) => {
    const { characters, end } = grammar.nextDistribution(prefix);
    const values = [...grammar.alphabet.map((character) => characters.get(character) ?? 0), end];
    return Promise.resolve({ logProbabilities: Float64Array.from(values, Math.log), stray: 0.25 });
  },
};

Deno.test("a served model judges and writes as the model behind it", async () => {
  const served = createServedModel(perfect, { name: "perfect", vocabulary, examples: [] });
  const truth = createGrammarModel(grammar);
  const strings = corpus.valid.encoded;
  const there = await evaluateAgainstGrammar(served, { grammar, strings });
  assertEquals(there, await evaluateAgainstGrammar(truth, { grammar, strings }));
  const options = { count: 20, seed: 3 };
  assertEquals(await sample(served, options), await sample(truth, options));
});

Deno.test("servedCurve() tells the excess after each number of examples, and what was removed", async () => {
  const told: number[] = [];
  const { points } = await servedCurve(perfect, {
    ...{ ...setting, name: "perfect", examples: [0, 3] },
    onPoint: ({ examples }) => Promise.resolve(void told.push(examples)),
  });
  assertEquals([told, points.map(({ examples }) => examples)], [[0, 3], [0, 3]]);
  for (const { excessLoss, stray } of points) {
    assertAlmostEquals(excessLoss, 0, 1e-6);
    assertEquals(stray, 0.25);
  }
  const alone = { ...perfect, showsExamples: false };
  const { points: only } = await servedCurve(alone, { ...setting, name: "alone" });
  assertEquals(only.map(({ examples }) => examples), [0]);
});

Deno.test("servedCurve() pools the draws: the loss is that of all strings, each draw has its own examples", async () => {
  const lists = new Map<number, Set<string>>();
  const noting: CharacterScorer = {
    ...perfect,
    next: (examples, prefix) => {
      const { length } = examples;
      lists.set(length, (lists.get(length) ?? new Set()).add(examples.join(" ")));
      return perfect.next(examples, prefix);
    },
  };
  const { points } = await servedCurve(noting, { ...setting, name: "noting", examples: [1, 5] });
  const truth = createGrammarModel(grammar);
  const { loss } = await evaluateAgainstGrammar(truth, { grammar, strings: corpus.valid.encoded });
  for (const point of points) assertAlmostEquals(point.loss, loss, 1e-6);
  assertEquals([lists.get(1)!.size, lists.get(5)!.size], [4, 4]);
  const firsts = new Set([...lists.get(5)!].map((list) => list.split(" ")[0]!));
  assertEquals(firsts, lists.get(1)!, "more examples begin with the fewer");
});

Deno.test("the error of a curve's point is that of its draws together", async () => {
  const [curve] = await referenceCurves({ ...setting, examples: [0] });
  const model = createCountModel({ order: 1, vocabulary, strings: [], alpha: 0.5, backOff: true });
  let [variance, tokens] = [0, 0];
  for (const draw of [0, 1, 2, 3]) {
    const strings = corpus.valid.encoded.filter((_, i) => i % 4 === draw);
    const count = strings.reduce((sum, { length }) => sum + length + 1, 0);
    const { excessError } = await evaluateAgainstGrammar(model, { grammar, strings });
    variance += (count * excessError) ** 2;
    tokens += count;
  }
  assertAlmostEquals(curve!.points[0]!.excessError, Math.sqrt(variance) / tokens, 1e-9);
});

Deno.test("a served model is asked once for each place of each string, and for no padding", async () => {
  const asked: string[] = [];
  const noting: CharacterScorer = {
    ...perfect,
    next: (_, prefix) => {
      asked.push(prefix);
      return perfect.next([], "");
    },
  };
  const served = createServedModel(noting, { name: "noting", vocabulary, examples: [] });
  const strings = ["", "ab"].map((text) => vocabulary.encode(text));
  for (const batch of sortedBatches(strings, { batchSize: 2, vocabulary })) {
    await served.logProbabilities(batch);
  }
  assertEquals(asked, ["", "", "a", "ab"]);
});

Deno.test("servedCurve() goes as far as the server's context reaches, without the strings that are too long", async () => {
  const small: CharacterScorer = {
    ...perfect,
    next: (examples, prefix) => {
      const full = examples.join("").length + prefix.length > 12;
      if (full) throw new ChatError("the context is full", { status: 400 });
      return perfect.next(examples, prefix);
    },
  };
  const { points } = await servedCurve(small, { ...setting, name: "small" });
  const fitting = setting.strings.filter(({ length }) => length <= 12).length;
  assertLess(fitting, setting.strings.length);
  assertEquals(points[0]!.strings, fitting);
  assertLess(points.at(-1)!.examples, 10);
});

Deno.test("createIdealLearner() predicts the mixture that Bayes' rule gives, worked by hand", async () => {
  const row = await createIdealLearner([], { vocabulary }).startDecoding(1)
    .step(Int32Array.of(vocabulary.start));
  // the first character is uniform over the alphabet's symbols in each grammar of each family
  let expected = 0;
  for (const { name, least, most } of families) {
    const largest = Math.min(most, 6);
    for (let n = least; n <= largest; n++) {
      const first = createGrammar(name, n).nextDistribution("").characters.get("a") ?? 0;
      expected += first / families.length / (largest - least + 1);
    }
  }
  assertAlmostEquals(Math.exp(row[vocabulary.encode("a")[0]!]!), expected, 1e-6);
});

Deno.test("createIdealLearner() weighs grammars by whole strings, their ends included", async () => {
  const examples = ["ab", "aB"];
  const row = await createIdealLearner(examples, { vocabulary }).startDecoding(1)
    .step(Int32Array.of(vocabulary.start));
  let [weights, mixture] = [0, 0];
  for (const { name, least, most } of families) {
    const largest = Math.min(most, 6);
    for (let n = least; n <= largest; n++) {
      const grammar = createGrammar(name, n);
      if (!examples.every((text) => grammar.check(text).valid)) continue;
      const expected = examples.map((text) =>
        Array.from({ length: text.length + 1 }, (_, t) => {
          const { characters, end } = grammar.nextDistribution(text.slice(0, t));
          return t === text.length ? end : characters.get(text[t]!)!;
        })
      ).flat();
      const weight = expected.reduce((all, one) => all * one, 1 / (largest - least + 1));
      weights += weight;
      mixture += weight * (grammar.nextDistribution("").characters.get("a") ?? 0);
    }
  }
  assertAlmostEquals(Math.exp(row[vocabulary.encode("a")[0]!]!), mixture / weights, 1e-6);
});

Deno.test("createIdealLearner() knows the grammar after a few strings, and a fresh string resets it", async () => {
  const strings = corpus.valid.encoded;
  const learned = createIdealLearner(setting.training.slice(0, 30), { vocabulary });
  const { excessLoss } = await evaluateAgainstGrammar(learned, { grammar, strings });
  assertLess(Math.abs(excessLoss), 1e-3);
  const both = await learned.logProbabilities({
    ...{ size: 1, length: 3 },
    inputs: Int32Array.from([vocabulary.start, ...vocabulary.encode("a"), vocabulary.start]),
  });
  const { size } = vocabulary;
  assertEquals(both.subarray(2 * size), both.subarray(0, size));
});

Deno.test("createIdealLearner() deems everything impossible after what no grammar writes", async () => {
  const brackets = createVocabulary("()[]{}");
  const learner = createIdealLearner(["(]"], { vocabulary: brackets });
  const row = await learner.startDecoding(1).step(Int32Array.of(brackets.start));
  assert(row.every((value) => value === -Infinity));
});

Deno.test("no learner beats the ideal one on average, and all gain from examples", async () => {
  const curves = await referenceCurves({ ...setting, examples: [0, 10, 100] });
  const ideal = curves.find(({ name }) => name === "ideal learner")!;
  assertEquals(curves.map(({ name }) => name), ["count-1", "count-2", "count-3", "ideal learner"]);
  for (const { points } of curves) {
    points.forEach(({ excessLoss }, i) => {
      assert(excessLoss >= ideal.points[i]!.excessLoss - 1e-6);
    });
    assertLess(points[2]!.excessLoss, points[0]!.excessLoss);
  }
});
