import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import { createGrammar } from "../../../lib/grammar/mod.ts";
import {
  analyseCharacters,
  analyseEmbeddings,
  attentionByDistance,
  attentionOn,
  compareBigrams,
  correlation,
  observePositions,
  positionSimilarity,
  probeLabels,
  projectToPlane,
  recoverAutomaton,
  separation,
  withoutHeads,
} from "../../../lib/lm/analysis/mod.ts";
import { createGrammarCorpus } from "../../../lib/lm/data/corpus.ts";
import { createCountModel } from "../../../lib/lm/models/count_ngram.ts";
import { createGrammarModel } from "../../../lib/lm/models/grammar.ts";
import { createGru } from "../../../lib/lm/models/gru.ts";
import { evaluateAgainstGrammar } from "../../../lib/lm/judging/evaluate.ts";
import { createTransformer } from "../../../lib/lm/models/transformer_model.ts";
import { createRandom } from "../../../lib/random.ts";
import { ready, tf } from "../../../lib/tensor/mod.ts";
import { createExactModel } from "./exact_model.ts";

await ready();
const grammar = createGrammar("sticky", 3);
const corpus = createGrammarCorpus(grammar, { train: 300, valid: 120, seed: 1 });
const { vocabulary } = corpus;
const encoded = corpus.valid.encoded;
const newTransformer = (seed: number) =>
  createTransformer({ layers: 2 }, { vocabulary, rng: createRandom(seed) });

Deno.test("projectToPlane() finds the plane that points were put into", () => {
  const rng = createRandom(2);
  const plane = Array.from({ length: 200 }, () => [3 * rng.normal(), rng.normal()]);
  const rows = plane.map(([a, b]) => [a! + b!, a! - b!, 5, 2 * a!]);
  const { x, y, explained } = projectToPlane(rows);
  assertAlmostEquals(explained, 1, 1e-9);
  const distance = (p: ArrayLike<number>, q: ArrayLike<number>) =>
    Math.hypot(...Array.from(p, (value, i) => value - q[i]!));
  for (let i = 1; i < rows.length; i++) {
    assertAlmostEquals(
      distance([x[0]!, y[0]!], [x[i]!, y[i]!]),
      distance(rows[0]!, rows[i]!),
      1e-6,
    );
  }
});

Deno.test("separation() is 1 for classes that are points, and near 0 for names drawn by lot", () => {
  assertAlmostEquals(separation([[0, 1], [0, 1], [4, 2], [4, 2]], [0, 0, 1, 1]), 1, 1e-12);
  const rng = createRandom(3);
  const rows = Array.from({ length: 400 }, () => [rng.normal(), rng.normal()]);
  assertLess(separation(rows, rows.map(() => rng.integer(2))), 0.02);
});

Deno.test("probeLabels() reads a linear label, and no better than guessing one drawn by lot", () => {
  const rng = createRandom(4);
  const rows = Array.from({ length: 600 }, () => [rng.normal(), rng.normal(), rng.normal()]);
  const { accuracy } = probeLabels(rows, rows.map(([a, b]) => a! + 2 * b! > 0 ? 1 : 0));
  assertGreater(accuracy, 0.95);
  const guessed = probeLabels(rows, rows.map(() => rng.integer(4)));
  assertLess(guessed.accuracy, guessed.baseline + 0.08);
});

Deno.test("correlation() of a line is 1 or −1, and by hand", () => {
  assertAlmostEquals(correlation([1, 2, 3], [10, 20, 30]), 1, 1e-12);
  assertAlmostEquals(correlation([1, 2, 3], [3, 2, 1]), -1, 1e-12);
  assertAlmostEquals(correlation([0, 0, 1, 1], [0, 1, 1, 1]), 1 / Math.sqrt(3), 1e-12);
});

Deno.test("analyseCharacters() of the grammar itself shows the truth, and names the mistake", async () => {
  const model = createGrammarModel(grammar);
  for (
    const { character, model: own, truth } of await analyseCharacters("aaBB7712", {
      grammar,
      model,
    })
  ) {
    assertAlmostEquals(own!, truth!, 1e-6, character);
  }
  const wrong = await analyseCharacters("aaBc1", { grammar, model });
  assertEquals(wrong.map(({ reason }) => reason !== null), [
    false,
    false,
    false,
    true,
    false,
    false,
  ]);
  assertEquals(wrong.map(({ truth }) => truth === null), [false, false, false, false, true, true]);
  assertEquals(wrong[3]!.truth, 0);
});

Deno.test("compareBigrams() finds a model equal to itself and near the truth", async () => {
  const counted = createCountModel({ order: 2, vocabulary, strings: corpus.train.encoded });
  const truth = Array.from({ length: vocabulary.size }, (_, last) => {
    const context = last === vocabulary.start ? "" : vocabulary.symbol(last);
    const { end, characters } = grammar.idealPrediction(context, 2);
    return [end, ...grammar.alphabet.map((character) => characters.get(character) ?? 0)];
  });
  const same = await compareBigrams(counted, { counted, truth });
  assertAlmostEquals(same.withCounts, 1, 1e-9);
  assert(same.withTruth > 0.2 && same.withTruth < 1);
  for (const row of same.truth) assertAlmostEquals(row.reduce((sum, p) => sum + p, 0), 1, 1e-9);
});

Deno.test("recoverAutomaton() finds the grammar's own states in a model made of them", async () => {
  for (const [family, n, states] of [["sticky", 3, 7], ["runs", 3, 7], ["parity", 2, 3]] as const) {
    const grammar = createGrammar(family, n);
    const { valid } = createGrammarCorpus(grammar, { train: 1, valid: 150, seed: 1 });
    const model = createExactModel(grammar);
    const found = await recoverAutomaton(model, {
      grammar,
      encoded: valid.encoded,
      name: "hidden",
    });
    assertEquals(found.agreement, 1);
    assertEquals(found.automaton.states.length, states);
    for (const state of found.automaton.states) {
      const sum = state.arrows.reduce((sum, { probability }) => sum + probability, state.end);
      assertAlmostEquals(sum, 1, 0.01);
    }
    for (const row of found.overlap) assertGreater(row.reduce((sum, share) => sum + share), 0);
  }
});

Deno.test("observePositions() pairs each vector with the state of the grammar", async () => {
  const model = createExactModel(grammar);
  const found = await observePositions(model, { grammar, encoded, name: "hidden" });
  assertEquals(found.rows.length, corpus.valid.tokens);
  for (const [i, row] of found.rows.entries()) assertEquals(row.indexOf(1), found.states[i]);
  assertEquals(probeLabels(found.rows, found.states).accuracy, 1);
});

Deno.test("an untrained model does not look as if it had learned", async () => {
  const model = createGru({}, { vocabulary, rng: createRandom(5) });
  const embeddings = await analyseEmbeddings(model, grammar);
  assertLess(embeddings!.separation, 0.2);
  assertLess(embeddings!.nearestMean, 0.7);
  const recovered = await recoverAutomaton(model, { grammar, encoded, name: "hidden" });
  assertLess(recovered.agreement, 0.5);
  model.dispose();
});

Deno.test("attentionByDistance() is that of uniform attention where queries are zero", async () => {
  const model = newTransformer(6);
  for (const [name, parameter] of model.parameters) {
    if (name.includes("c_attn")) parameter.assign(tf.zerosLike(parameter));
  }
  const [first, ...others] = await attentionByDistance(model, [vocabulary.encode("aabb")]);
  // Position t gives 1/(t+1) to each it sees; t runs from 0 to 4.
  const expected = [0, 1, 2, 3, 4].map((back) => {
    const weights = [0, 1, 2, 3, 4].filter((t) => t >= back).map((t) => 1 / (t + 1));
    return weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  });
  expected.forEach((weight, back) => assertAlmostEquals(first!.byDistance[back]!, weight, 1e-6));
  assertEquals(others.length, 3);
  model.dispose();
});

Deno.test("attentionOn() gives rows that sum to one and look at no later token", async () => {
  const model = newTransformer(7);
  const maps = await attentionOn(model, "aaBB");
  assertEquals(maps.map(({ layer, head }) => [layer, head]), [[0, 0], [0, 1], [1, 0], [1, 1]]);
  for (const { weights } of maps) {
    weights.forEach((row, to) => {
      assertAlmostEquals(row.reduce((sum, weight) => sum + weight, 0), 1, 1e-5);
      assert(row.slice(to + 1).every((weight) => weight === 0));
    });
  }
  model.dispose();
});

Deno.test("withoutHeads() changes what is measured, and puts every weight back", async () => {
  const model = newTransformer(8);
  const weights = () => Promise.all([...model.parameters.values()].map((one) => one.data()));
  const before = (await weights()).map((values) => [...values]);
  const strings = encoded.slice(0, 20);
  const measure = async () => (await evaluateAgainstGrammar(model, { grammar, strings })).loss;
  const whole = await measure();
  const results = await withoutHeads(model, measure);
  assertEquals(results.length, 4);
  for (const { result } of results) assertNotEquals(result, whole);
  assertEquals((await weights()).map((values) => [...values]), before);
  await assertRejects(() => withoutHeads(model, () => Promise.reject(new Error("on purpose"))));
  assertEquals((await weights()).map((values) => [...values]), before);
  model.dispose();
});

Deno.test("positionSimilarity() is 1 on the diagonal and symmetric", async () => {
  const model = newTransformer(9);
  const cosines = await positionSimilarity(model, 6);
  cosines.forEach((row, i) =>
    row.forEach((value, j) => {
      assertAlmostEquals(value, cosines[j]![i]!, 1e-6);
      if (i === j) assertAlmostEquals(value, 1, 1e-6);
    })
  );
  model.dispose();
});

Deno.test("analyses say of another model something else, and refuse what is not there", async () => {
  const [one, other] = [newTransformer(10), newTransformer(11)];
  assertNotEquals(await analyseEmbeddings(one, grammar), await analyseEmbeddings(other, grammar));
  assertNotEquals(
    await attentionByDistance(one, encoded),
    await attentionByDistance(other, encoded),
  );
  const gru = createGru({}, { vocabulary, rng: createRandom(5) });
  await assertRejects(() => attentionByDistance(gru, encoded), RangeError, "attention heads");
  await assertRejects(
    () => observePositions(gru, { grammar, encoded, name: "nothing" }),
    RangeError,
    '"nothing"',
  );
  for (const model of [one, other, gru]) model.dispose();
});
