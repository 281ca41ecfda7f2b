import { assert, assertAlmostEquals, assertEquals, assertLess, assertNotEquals } from "@std/assert";
import { createGrammar } from "../../../lib/grammar/mod.ts";
import { estimateAccuracy, exactAccuracy } from "../../../lib/lm/judging/mod.ts";
import {
  createGrammarModel,
  createGru,
  createMlp,
  createTransformer,
  sample,
} from "../../../lib/lm/mod.ts";
import { createRandom } from "../../../lib/random.ts";
import { ready } from "../../../lib/tensor/mod.ts";
import { createIdealModel, createLotModel, createWindow } from "./window_models.ts";

await ready();

Deno.test("estimateAccuracy() is the exact accuracy within its error", async () => {
  const grammar = createGrammar("brackets", 2);
  const models = [1, 2, 3].map((seed) => createLotModel(grammar, { k: 2, seed, end: 2 }));
  for (const model of [...models, createIdealModel(grammar, 3)]) {
    const { accuracy } = (await exactAccuracy(model, { grammar }))!;
    const estimate = await estimateAccuracy(model, { grammar, count: 2000 });
    assertAlmostEquals(estimate.accuracy, accuracy, 4 * estimate.error);
    assertLess(estimate.error, Math.sqrt(accuracy * (1 - accuracy) / 2000));
  }
});

Deno.test("estimateAccuracy() claims the error that other seeds show", async () => {
  const grammar = createGrammar("sticky", 3);
  const { vocabulary } = createGrammarModel(grammar);
  const model = createMlp({ lookBack: 2 }, { vocabulary, rng: createRandom(1) });
  const { accuracy } = (await exactAccuracy(model, { grammar }))!;
  const estimates = [];
  for (let seed = 0; seed < 15; seed++) {
    estimates.push(await estimateAccuracy(model, { grammar, count: 300, seed }));
  }
  const spread = Math.sqrt(
    estimates.reduce((sum, one) => sum + (one.accuracy - accuracy) ** 2, 0) / 15,
  );
  const claimed = estimates.reduce((sum, { error }) => sum + error, 0) / 15;
  assert(claimed > 0.6 * spread && claimed < 1.7 * spread, `${claimed} against ${spread}`);
  assertEquals(await estimateAccuracy(model, { grammar, count: 300, seed: 7 }), estimates[7]);
  assertNotEquals(estimates[7], estimates[8]);
});

Deno.test("estimateAccuracy() of a model that errs once in a hundred tokens is close with few strings", async () => {
  const grammar = createGrammar("runs", 2);
  // The grammar, but one token in a hundred is any.
  const model = createWindow(grammar, {
    k: 2,
    rowOf: (seen) => {
      const { end, characters } = grammar.nextDistribution(seen);
      const truth = [end, ...grammar.alphabet.map((character) => characters.get(character) ?? 0)];
      return truth.map((p) => 0.99 * p + 0.01 / truth.length);
    },
  });
  const { accuracy } = (await exactAccuracy(model, { grammar }))!;
  const { accuracy: estimated, error } = await estimateAccuracy(model, { grammar, count: 1000 });
  assertAlmostEquals(estimated, accuracy, 4 * error);
  assertLess(error, Math.sqrt(accuracy * (1 - accuracy) / 1000) / 5);
});

Deno.test("estimateAccuracy() of recurrent models and Transformers agrees with counting", async () => {
  const grammar = createGrammar("brackets", 2);
  const { vocabulary } = createGrammarModel(grammar);
  for (
    const model of [
      createGru({}, { vocabulary, rng: createRandom(2) }),
      createTransformer({ layers: 1 }, { vocabulary, rng: createRandom(3) }),
    ]
  ) {
    const estimate = await estimateAccuracy(model, { grammar });
    const samples = await sample(model, { count: 4000, seed: 4 });
    const right = samples.filter(({ text, finished }) => finished && grammar.check(text).valid);
    const share = right.length / 4000;
    const error = Math.hypot(estimate.error, Math.sqrt(share * (1 - share) / 4000));
    assertAlmostEquals(estimate.accuracy, share, 4 * error, model.name);
    model.dispose();
  }
});

Deno.test("estimateAccuracy() is 1 without error for the grammar, and counts endless strings as wrong", async () => {
  const grammar = createGrammar("dyck", 2);
  const { accuracy, error } = await estimateAccuracy(createGrammarModel(grammar), { grammar });
  assertAlmostEquals(accuracy, 1, 1e-5);
  assertAlmostEquals(error, 0, 1e-5);
  const parity = createGrammar("parity", 2);
  const endless = createWindow(parity, {
    k: 1,
    rowOf: () => ["end", ...parity.alphabet].map((name) => name === "a" ? 1 : 0),
  });
  assertEquals(await estimateAccuracy(endless, { grammar: parity, count: 10, maxLength: 50 }), {
    ...{ accuracy: 0, error: 0 },
  });
});

Deno.test("estimateAccuracy() counts what was not written to its end as wrong, in the error too", async () => {
  const grammar = createGrammar("sticky", 3);
  const count = 50;
  const { accuracy, error } = await estimateAccuracy(createGrammarModel(grammar), {
    ...{ grammar, count, maxLength: 4 }, // each right string counts 1, each longer one 0
  });
  assert(accuracy > 0.1 && accuracy < 0.9);
  assertAlmostEquals(error, Math.sqrt(accuracy * (1 - accuracy) / (count - 1)), 1e-6);
});
