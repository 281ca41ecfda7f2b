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
  besideUntrained,
  compareBigrams,
  correlation,
  observePositions,
  positionSimilarity,
  probeLabels,
  probeStates,
  projectToPlane,
  recoverAutomaton,
  separation,
  shuffleWeights,
  withoutHeads,
} from "../../../lib/lm/analysis/mod.ts";
import { createGrammarCorpus } from "../../../lib/lm/data/corpus.ts";
import { createAutomatonModel } from "../../../lib/lm/models/automaton.ts";
import { createCountModel } from "../../../lib/lm/models/count_ngram.ts";
import { createGrammarModel } from "../../../lib/lm/models/grammar.ts";
import { createGru } from "../../../lib/lm/models/gru.ts";
import { evaluateAgainstGrammar } from "../../../lib/lm/judging/evaluate.ts";
import { createTransformer } from "../../../lib/lm/models/transformer_model.ts";
import type { NeuralModel } from "../../../lib/lm/language_model.ts";
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

Deno.test("projectToPlane() lets the largest weight of an axis point upward, whatever the points", () => {
  const rng = createRandom(5);
  for (let trial = 0; trial < 20; trial++) {
    const rows = Array.from({ length: 10 }, () => Array.from({ length: 5 }, () => rng.normal()));
    const mean = rows[0]!.map((_, j) => rows.reduce((sum, row) => sum + row[j]!, 0) / rows.length);
    const { x, y } = projectToPlane(rows);
    for (const along of [x, y]) { // an axis is what the places along it weigh the points by
      const axis = mean.map((m, j) =>
        rows.reduce((sum, row, i) => sum + along[i]! * (row[j]! - m), 0)
      );
      assertEquals(Math.max(...axis), Math.max(...axis.map(Math.abs)));
    }
  }
});

Deno.test("probeLabels() reads a linear label, and no better than guessing one drawn by lot", () => {
  const rng = createRandom(4);
  const rows = Array.from({ length: 600 }, () => [rng.normal(), rng.normal(), rng.normal()]);
  const { accuracy } = probeLabels(rows, rows.map(([a, b]) => a! + 2 * b! > 0 ? 1 : 0));
  assertGreater(accuracy, 0.95);
  const guessed = probeLabels(rows, rows.map(() => rng.integer(4)));
  assertLess(guessed.accuracy, guessed.baseline + 0.08);
});

Deno.test("the chance level of a probe is that of the rows that it is scored on", () => {
  const labels = [0, 1, 0, 1, 0, 1, 0, 2]; // the odd ones are scored
  assertEquals(probeLabels(labels.map((label) => [label]), labels).baseline, 3 / 4);
});

Deno.test("probeLabels() is scored on groups that it was not fitted on", () => {
  const rng = createRandom(6);
  // As many numbers as rows to fit: labels drawn by lot could be learned by heart.
  const wide = Array.from({ length: 100 }, () => Array.from({ length: 60 }, () => rng.normal()));
  const byHeart = probeLabels(wide, wide.map(() => rng.integer(2)));
  assertLess(byHeart.accuracy, 0.75);
  // Ten copies of each row: whoever has seen one copy knows the label of the others.
  const copies = wide.flatMap((row) => new Array<number[]>(10).fill(row));
  const groups = copies.map((_, i) => Math.floor(i / 10));
  const lots = wide.map(() => rng.integer(2));
  const labels = groups.map((group) => lots[group]!);
  assertLess(probeLabels(copies, labels, { groups }).accuracy, 0.75);
  assertGreater(probeLabels(copies, labels).accuracy, 0.85);
  const rows = copies.map((row) => Float32Array.from(row));
  const observed = { rows, states: labels, strings: groups, tokens: [], next: [] };
  assertEquals(probeStates(observed), probeLabels(rows, labels, { groups }));
});

Deno.test("correlation() of a line is 1 or −1, and by hand", () => {
  assertAlmostEquals(correlation([1, 2, 3], [10, 20, 30]), 1, 1e-12);
  assertAlmostEquals(correlation([1, 2, 3], [3, 2, 1]), -1, 1e-12);
  assertAlmostEquals(correlation([0, 0, 1, 1], [0, 1, 1, 1]), 1 / Math.sqrt(3), 1e-12);
  assertEquals(correlation([1, 2, 3], [5, 5, 5]), 0);
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

Deno.test("compareBigrams() asks nothing about pairs that were never counted", async () => {
  const counted = createCountModel({ order: 2, vocabulary, strings: corpus.train.encoded });
  const imaginative = createAutomatonModel<number>({
    ...{ name: "imaginative", vocabulary, parameterCount: 0, contextLength: 1, start: 0 },
    next: (_, token) => token,
    predict: (last, row) => {
      row.set(counts.subarray(last * vocabulary.size, (last + 1) * vocabulary.size));
      row.forEach((logarithm, i) => row[i] = logarithm < -15 ? -(1 + i % 7) : logarithm);
    },
  });
  const inputs = Int32Array.from({ length: vocabulary.size }, (_, token) => token);
  const counts = await counted.logProbabilities({ size: inputs.length, length: 1, inputs });
  const unknown = Array.from(inputs, () => [...inputs].fill(0)); // the truth does not matter here
  const { withCounts } = await compareBigrams(imaginative, { counted, truth: unknown });
  assertAlmostEquals(withCounts, 1, 1e-6);
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
    const { states: seen } = await observePositions(model, {
      ...{ grammar, encoded: valid.encoded, name: "hidden" },
    });
    const alike = Map.groupBy(seen, (state) => {
      const { arrows, end } = grammar.automaton.states[state]!;
      return JSON.stringify([arrows.map(({ symbol }) => symbol).sort(), end > 0]);
    });
    const most = Math.max(...[...alike.values()].map(({ length }) => length));
    assertEquals(found.baseline, most / seen.length, "symbols and the end, the commonest set");
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
  assertEquals(probeStates(found).accuracy, 1);
});

Deno.test("observePositions() leaves out strings that the model cannot read in one pass", async () => {
  const model = createTransformer({ contextLength: 5 }, { vocabulary, rng: createRandom(0) });
  const texts = ["aaBB", "aaBB7", "aaBB77"].map((text) => vocabulary.encode(text));
  const { rows } = await observePositions(model, { grammar, encoded: texts, name: "embedding" });
  assertEquals(rows.length, 5, "four characters after the start");
  model.dispose();
});

Deno.test("observePositions() numbers strings by what they read, wherever they stand", async () => {
  const model = createExactModel(grammar);
  const texts = ["aa", "BB", "aa", "123", "BB"].map((text) => vocabulary.encode(text));
  const { strings, tokens, rows } = await observePositions(model, {
    ...{ grammar, encoded: texts, name: "hidden" },
  });
  assertEquals([strings.length, rows.length], [16, 16]);
  // The shorter ones are read first.
  assertEquals(strings, [0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2]);
  assertEquals(tokens.filter((token) => token === vocabulary.start).length, 5);
});

Deno.test("an untrained model does not look as if it had learned", async () => {
  const model = createGru({}, { vocabulary, rng: createRandom(5) });
  const embeddings = (await analyseEmbeddings(model, grammar))!;
  const { separation, separationByChance, nearestMean, nearestMeanByChance } = embeddings;
  assertAlmostEquals(separationByChance, 2 / 61, 1e-15); // 62 characters in 3 classes
  assertAlmostEquals(separation, separationByChance, 0.08);
  assertAlmostEquals(nearestMean, nearestMeanByChance, 0.25);
  const recovered = await recoverAutomaton(model, { grammar, encoded, name: "hidden" });
  assertLess(recovered.agreement, recovered.baseline);
  model.dispose();
});

Deno.test("chance levels are what dealing by lot gives, and far below what is there", async () => {
  const model = createGru({}, { vocabulary, rng: createRandom(12) });
  const table = model.parameters.get("embedding")!;
  const rng = createRandom(13);
  const [size, width] = table.shape as [number, number];
  const assign = (place: (id: number) => number) => {
    const values = Array.from(
      { length: size },
      (_, id) => Array.from({ length: width }, () => place(id) + rng.normal()),
    );
    table.assign(tf.tensor2d(values));
  };
  const analyse = async () => (await analyseEmbeddings(model, grammar))!;
  let [separations, nearest, chance] = [0, 0, 0];
  for (let round = 0; round < 40; round++) {
    assign(() => 0);
    const { separation, nearestMean, nearestMeanByChance } = await analyse();
    separations += separation / 40;
    nearest += nearestMean / 40;
    chance += nearestMeanByChance / 40;
  }
  assertAlmostEquals(separations, 2 / 61, 0.01);
  assertAlmostEquals(nearest, chance, 0.05);
  const classOf = (id: number) => id === 0 ? 0 : Math.floor((id - 1) / 26); // a … z, A … Z, 0 … 9
  assign((id) => 10 * classOf(id));
  const apart = await analyse();
  assertEquals(apart.nearestMean, 1);
  assertLess(apart.nearestMeanByChance, 0.6);
  assertGreater(apart.separation, 0.9);
  model.dispose();
});

Deno.test("analyseEmbeddings() of classes of one finds nothing, which is what chance gives", async () => {
  const brackets = createGrammar("brackets", 2);
  const model = createGru({}, {
    ...{ vocabulary: createGrammarModel(brackets).vocabulary, rng: createRandom(1) },
  });
  const found = (await analyseEmbeddings(model, brackets))!;
  assertAlmostEquals(found.separation, 1, 1e-9);
  assertEquals(found.separationByChance, 1);
  assertEquals([found.nearestMean, found.nearestMeanByChance], [0, 0]); // none is left but itself
  model.dispose();
});

Deno.test("recoverAutomaton() knows how often one and the same guess is right", async () => {
  // In runs 3 the start allows three symbols, a first letter of a run one: by hand from these two strings.
  const runs = createGrammar("runs", 3);
  const model = createExactModel(runs);
  const texts = ["aa", "bbCC"].map((text) => model.vocabulary.encode(text));
  const { baseline } = await recoverAutomaton(model, {
    ...{ grammar: runs, encoded: texts, name: "hidden" },
  });
  // Places: 2 starts, 2 behind one letter a, 2 behind aa, 1 behind one letter A, 1 behind AA.
  assertAlmostEquals(baseline, 2 / 8, 1e-15);
});

Deno.test("shuffleWeights() gives a model the same numbers in another order, and leaves the other as it was", async () => {
  const model = createGru({}, { vocabulary, rng: createRandom(1) });
  const into = createGru({}, { vocabulary, rng: createRandom(2) });
  const values = async ({ parameters }: NeuralModel) =>
    await Promise.all(Array.from(parameters.values(), async (one) => [...await one.data()]));
  const before = await values(model);
  await shuffleWeights(model, { into, rng: createRandom(3) });
  const after = await values(into);
  assertEquals(await values(model), before);
  assertNotEquals(after, before);
  assertEquals(after.map((one) => one.sort()), before.map((one) => one.sort()));
  await shuffleWeights(model, { into: model, rng: createRandom(3) });
  assertEquals((await values(model)).map((one) => one.sort()), after);
  model.dispose();
  into.dispose();
});

Deno.test("besideUntrained() analyses all three, and frees the untrained one even after a failure", async () => {
  const trained = createGru({}, { vocabulary, rng: createRandom(1) });
  const made: ReturnType<typeof createGru>[] = [];
  const untrained = () => {
    made.push(createGru({}, { vocabulary, rng: createRandom(2) }));
    return made.at(-1)!;
  };
  const analyse = async (model: NeuralModel) => (await analyseEmbeddings(model, grammar))!.x[0]!;
  const both = await besideUntrained(trained, { untrained, analyse });
  assertEquals(both.trained, await analyse(trained));
  assertNotEquals(both.trained, both.untrained);
  assertNotEquals(both.trained, both.shuffled);
  assertNotEquals(both.untrained, both.shuffled);
  await assertRejects(() =>
    besideUntrained(trained, {
      untrained,
      analyse: (model) => model === trained ? 0 : Promise.reject(new Error("on purpose")),
    })
  );
  for (const model of made) {
    assert([...model.parameters.values()].every(({ isDisposed }) => isDisposed));
  }
  trained.dispose();
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
  expected.forEach((weight, back) => {
    assertAlmostEquals(first!.byDistance[back]!, weight, 1e-6);
    assertAlmostEquals(first!.uniform[back]!, weight, 1e-12);
  });
  assertEquals(others.length, 3);
  for (const { beyondUniform } of [first!, ...others]) assertAlmostEquals(beyondUniform, 0, 1e-6);
  model.dispose();
});

Deno.test("attentionByDistance() is the mean of each diagonal of the attention maps", async () => {
  const model = newTransformer(13);
  const rng = createRandom(14);
  for (const [name, parameter] of model.parameters) {
    if (!name.includes("c_attn")) continue;
    const shake = Array.from({ length: parameter.size }, () => rng.normal());
    parameter.assign(parameter.add(tf.tensor(shake, parameter.shape)));
  }
  const heads = await attentionByDistance(model, [vocabulary.encode("aabb77CC")]);
  for (const { layer, head, weights } of await attentionOn(model, "aabb77CC")) {
    const found = heads.find((one) => one.layer === layer && one.head === head)!;
    const diagonals = weights.map((_, back) => {
      const diagonal = weights.slice(back).map((row, i) => row[i]!); // to = i + back
      return diagonal.reduce((sum, weight) => sum + weight, 0) / diagonal.length;
    });
    diagonals.forEach((mean, back) => assertAlmostEquals(found.byDistance[back]!, mean, 1e-6));
    const beyond = diagonals.map((mean, back) => mean - found.uniform[back]!);
    assertEquals(found.favourite, beyond.indexOf(Math.max(...beyond)));
    assertGreater(found.beyondUniform, 0.01);
  }
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

Deno.test("withoutHeads() takes away just what a head of no values would give", async () => {
  const [model, other] = [newTransformer(8), newTransformer(8)];
  const strings = encoded.slice(0, 20);
  const lossOf = async (model: NeuralModel) =>
    (await evaluateAgainstGrammar(model, { grammar, strings })).loss;
  const results = await withoutHeads(model, () => lossOf(model));
  const { heads } = model.config as { heads: number };
  for (const { layer, head, result } of results) {
    const names = ["weight", "bias"].map((kind) => `transformer.h.${layer}.attn.c_attn.${kind}`);
    const kept = names.map((name) => other.parameters.get(name)!.clone());
    names.forEach((name, i) => {
      const parameter = other.parameters.get(name)!; // [C, 3C] and [3C]: queries, keys, values
      const width = parameter.shape.at(-1)! / 3;
      const mask = Array.from(
        { length: 3 * width },
        (_, column) => Math.floor((column - 2 * width) * heads / width) === head ? 0 : 1,
      );
      parameter.assign(kept[i]!.mul(tf.tensor1d(mask)));
    });
    assertAlmostEquals(result, await lossOf(other), 1e-6);
    names.forEach((name, i) => other.parameters.get(name)!.assign(kept[i]!));
  }
  assertEquals(results.length, 4);
  model.dispose();
  other.dispose();
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
