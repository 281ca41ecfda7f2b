import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { createGrammar, type Grammar } from "../../../lib/grammar/mod.ts";
import {
  accuracyBounds,
  boundedAccuracy,
  exactAccuracy,
  knownAccuracy,
} from "../../../lib/lm/judging/mod.ts";
import {
  createCountModel,
  createGrammarCorpus,
  createGrammarModel,
  createGru,
  createMlp,
  createTransformer,
  evaluateAgainstGrammar,
  type LanguageModel,
  sample,
} from "../../../lib/lm/mod.ts";
import { createRandom } from "../../../lib/random.ts";
import { ready } from "../../../lib/tensor/mod.ts";
import { createRule, solveVisits } from "../../grammar/reference.ts";
import { createIdealModel, createLotModel, createWindow } from "./window_models.ts";

await ready();

/** The exact accuracy and excess loss once more: pairs found by search, visits by elimination. */
async function byElimination(
  model: LanguageModel,
  { grammar, k }: { grammar: Grammar; k: number },
): Promise<{ accuracy: number; excessLoss: number }> {
  const rule = createRule(grammar.family, grammar.n);
  const context = (written: string) => written.slice(Math.max(0, written.length - k + 1));
  const key = (written: string) => `${context(written)}|${rule.shorten(written)}`;
  const found = new Map([[key(""), ""]]);
  for (const written of found.values()) {
    for (const name of rule.next(written).keys()) {
      const longer = written + name;
      if (name !== "" && !found.has(key(longer))) found.set(key(longer), longer);
    }
  }
  const strings = [...found.values()];
  const index = new Map([...found.keys()].map((pair, i) => [pair, i]));
  const { size, start, encode } = model.vocabulary;
  const rows = await Promise.all(strings.map(async (written) => {
    const inputs = Int32Array.of(start, ...encode(written));
    const values = await model.logProbabilities({ size: 1, length: inputs.length, inputs });
    return values.slice(-size);
  }));
  const share = (i: number, name: string) =>
    Math.exp(rows[i]![name === "" ? 0 : encode(name)[0]!]!);
  const visits = (probability: (i: number, name: string) => number) =>
    solveVisits(
      strings.length,
      (i) =>
        [...rule.next(strings[i]!).keys()].filter((name) => name !== "").map((name) => [
          index.get(key(strings[i]! + name))!,
          probability(i, name),
        ]),
    );
  const written = visits(share);
  const read = visits((i, name) => rule.next(strings[i]!).get(name)!);
  let [accuracy, excess, tokens] = [0, 0, 0];
  strings.forEach((past, i) => {
    const truth = rule.next(past);
    if (truth.has("")) accuracy += written[i]! * share(i, "");
    for (const [name, p] of truth) excess += read[i]! * p * Math.log(p / share(i, name));
    tokens += read[i]!;
  });
  return { accuracy, excessLoss: excess / tokens };
}

for (const k of [1, 2, 3]) {
  Deno.test(`exactAccuracy() of models drawn by lot that see ${k - 1} tokens equals Gaussian elimination`, async () => {
    const grammar = createGrammar("brackets", 2);
    for (const seed of [1, 2]) {
      const model = createLotModel(grammar, { k, seed });
      const { accuracy, excessLoss, residual } = (await exactAccuracy(model, { grammar }))!;
      const expected = await byElimination(model, { grammar, k });
      assertAlmostEquals(accuracy, expected.accuracy, 1e-6);
      assertAlmostEquals(excessLoss, expected.excessLoss, 1e-6);
      assertLess(residual, 1e-12);
    }
  });
}

for (
  const [family, n] of [["sticky", 3], ["runs", 3], ["echo", 3], ["parity", 4], ["brackets", 3], [
    "anbn",
    2,
  ]] as const
) {
  Deno.test(`exactAccuracy() of the ideal k-grams of ${family} ${n} is what the grammar says of them`, async () => {
    const grammar = createGrammar(family, n);
    for (const k of [1, 2, 3]) {
      const exact = (await exactAccuracy(createIdealModel(grammar, k), { grammar }))!;
      assertAlmostEquals(exact.accuracy, grammar.idealMembership(k), 1e-5);
      const loss = grammar.entropyFloor() + exact.excessLoss;
      assertAlmostEquals(loss, grammar.idealLoss(k), 1e-6);
    }
  });
}

Deno.test("exactAccuracy() agrees with samples and with validation strings, within their errors", async () => {
  const grammar = createGrammar("sticky", 3);
  const { vocabulary, train, valid } = createGrammarCorpus(grammar, {
    ...{ train: 2000, valid: 1000, seed: 3 },
  });
  for (
    const model of [
      createCountModel({ order: 1, vocabulary, strings: train.encoded }),
      createCountModel({ order: 2, vocabulary, strings: train.encoded }),
      createMlp({ lookBack: 2 }, { vocabulary, rng: createRandom(4) }),
    ]
  ) {
    const exact = (await exactAccuracy(model, { grammar }))!;
    const samples = await sample(model, { count: 4000, seed: 5 });
    const right = samples.filter(({ text, finished }) => finished && grammar.check(text).valid);
    const error = Math.sqrt(exact.accuracy * (1 - exact.accuracy) / 4000);
    assertAlmostEquals(right.length / 4000, exact.accuracy, 4 * error, model.name);
    const { excessLoss, excessError } = await evaluateAgainstGrammar(model, {
      ...{ grammar, strings: valid.encoded },
    });
    assertAlmostEquals(excessLoss, exact.excessLoss, 4 * excessError, model.name);
  }
});

Deno.test("exactAccuracy() is null where memory has no bound, and for a model that never ends", async () => {
  const dyck = createGrammar("dyck", 2);
  assertEquals(await exactAccuracy(createIdealModel(dyck, 2), { grammar: dyck }), null);
  const grammar = createGrammar("parity", 2);
  const endless = createWindow(grammar, {
    k: 1, // it writes lower-case letters for ever, and all of them may follow
    rowOf: () => ["end", ...grammar.alphabet].map((name) => name === "a" ? 1 : 0),
  });
  assertEquals(await exactAccuracy(endless, { grammar }), null);
});

Deno.test("boundedAccuracy() holds what elimination finds, the closer the more it may follow", async () => {
  const grammar = createGrammar("brackets", 2);
  for (const seed of [1, 2]) {
    const model = createLotModel(grammar, { k: 3, seed });
    const expected = await byElimination(model, { grammar, k: 3 });
    const widths: number[] = [];
    for (const mostArrows of [20, 100, 1 << 16]) {
      const { lower, upper } = (await boundedAccuracy(model, { grammar, mostArrows }))!;
      assert(lower <= expected.accuracy + 1e-6, `${lower} ${expected.accuracy}`);
      assert(upper >= expected.accuracy - 1e-6, `${upper} ${expected.accuracy}`);
      widths.push(upper - lower);
    }
    assert(widths[0]! > widths[1]! && widths[1]! > widths[2]!, `${widths}`);
    assertLess(widths[2]!, 1e-9);
  }
});

Deno.test("boundedAccuracy() in dyck agrees with the search over beginnings and with samples", async () => {
  const grammar = createGrammar("dyck", 2);
  for (const k of [1, 2, 3]) {
    const model = createLotModel(grammar, { k, seed: 7, end: 0.5 });
    const bounds = (await boundedAccuracy(model, { grammar, mostArrows: 1 << 16 }))!;
    assertLess(bounds.upper - bounds.lower, 0.01);
    const { lower, upper } = await accuracyBounds(model, { grammar, most: 5000 });
    assert(lower <= bounds.upper && bounds.lower <= upper, `${lower} ${bounds.lower} ${upper}`);
    const samples = await sample(model, { count: 5000, seed: 8 });
    const right = samples.filter(({ text, finished }) => finished && grammar.check(text).valid);
    const share = right.length / 5000;
    const error = Math.sqrt(share * (1 - share) / 5000);
    assert(share >= bounds.lower - 4 * error && share <= bounds.upper + 4 * error, `${share}`);
  }
  const ideal = (await boundedAccuracy(createIdealModel(grammar, 2), {
    ...{ grammar, mostArrows: 1 << 16 },
  }))!;
  const truth = grammar.idealMembership(2);
  assert(ideal.lower <= truth + 1e-6 && truth <= ideal.upper + 1e-6);
  assertLess(ideal.upper - ideal.lower, 0.05);
});

Deno.test("a Transformer is no window, however short its context: it forgets by halves", async () => {
  const grammar = createGrammar("brackets", 2);
  const { vocabulary } = createGrammarModel(grammar);
  const model = createTransformer({ contextLength: 4 }, { vocabulary, rng: createRandom(1) });
  assertEquals(await exactAccuracy(model, { grammar }), null);
  assertEquals(await boundedAccuracy(model, { grammar }), null);
  const { bounds, estimate, exact } = await knownAccuracy(model, { grammar, seed: 1 });
  assertEquals(exact, null);
  const samples = await sample(model, { count: 4000, seed: 2 });
  const right = samples.filter(({ text, finished }) => finished && grammar.check(text).valid);
  const share = right.length / 4000;
  const error = Math.sqrt(share * (1 - share) / 4000);
  assertAlmostEquals(estimate!.accuracy, share, 4 * (error + estimate!.error));
  assert(bounds.lower <= share + 4 * error && share - 4 * error <= bounds.upper);
  model.dispose();
});

Deno.test("exactAccuracy() of the grammar is 1, and null where the context is infinite or too large", async () => {
  const grammar = createGrammar("sticky", 3);
  const { vocabulary, train } = createGrammarCorpus(grammar, { train: 10, valid: 1, seed: 0 });
  const exact = (await exactAccuracy(createGrammarModel(grammar), { grammar }))!;
  assertAlmostEquals(exact.accuracy, 1, 1e-5);
  assertAlmostEquals(exact.excessLoss, 0, 1e-6);
  const gru = createGru({}, { vocabulary, rng: createRandom(1) });
  const large = createCountModel({ order: 6, vocabulary, strings: train.encoded });
  assertEquals(await exactAccuracy(gru, { grammar }), null);
  assertEquals(await exactAccuracy(large, { grammar }), null);
  gru.dispose();
});

Deno.test("accuracyBounds() hold the exact accuracy between them, and meet where strings are short", async () => {
  const grammar = createGrammar("brackets", 2);
  for (const seed of [1, 2, 3]) {
    const model = createLotModel(grammar, { k: 2, seed, end: 2 });
    const { accuracy } = (await exactAccuracy(model, { grammar }))!;
    const widths: number[] = [];
    for (const most of [1, 100, 10_000]) {
      const { lower, upper, opened } = await accuracyBounds(model, { grammar, most });
      assert(lower <= accuracy + 1e-6 && upper >= accuracy - 1e-6, `${lower} ${accuracy} ${upper}`);
      assert(opened <= most);
      widths.push(upper - lower);
    }
    assert(widths[0]! > widths[1]! && widths[1]! > widths[2]!, `${widths}`);
    assertLess(widths[2]!, 1e-4);
  }
});
