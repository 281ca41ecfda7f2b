import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { createGrammar, createLongStrings, type Grammar } from "../../../lib/grammar/mod.ts";
import { evaluateByPosition } from "../../../lib/lm/judging/mod.ts";
import {
  createGrammarModel,
  createGru,
  createTransformer,
  type LanguageModel,
} from "../../../lib/lm/mod.ts";
import { createRandom } from "../../../lib/random.ts";
import { ready } from "../../../lib/tensor/mod.ts";
import { createLotModel } from "./window_models.ts";

await ready();

/** The mean divergence after all texts of t characters that are the beginning of one of T, by trying all. */
async function byTryingAll(
  model: LanguageModel,
  { grammar, length }: { grammar: Grammar; length: number },
): Promise<number[]> {
  const { alphabet } = grammar;
  const level = (texts: { text: string; p: number }[]) =>
    texts.flatMap(({ text, p }) => {
      const { characters } = grammar.nextDistribution(text);
      return alphabet.filter((c) => characters.has(c))
        .map((c) => ({ text: text + c, p: p * characters.get(c)! }));
    });
  let whole = [{ text: "", p: 1 }];
  for (let t = 0; t < length; t++) whole = level(whole);
  const total = whole.reduce((sum, { p }) => sum + p, 0);
  const { start, size, encode } = model.vocabulary;
  const means = new Array<number>(length + 1).fill(0);
  for (const { text, p } of whole) {
    const inputs = Int32Array.of(start, ...encode(text));
    const rows = await model.logProbabilities({ size: 1, length: length + 1, inputs });
    for (let t = 0; t <= length; t++) {
      const { end, characters } = grammar.nextDistribution(text.slice(0, t));
      const term = (q: number, token: number) =>
        q > 0 ? q * (Math.log(q) - rows[t * size + token]!) : 0;
      const sum = alphabet.reduce(
        (sum, c, i) => sum + term(characters.get(c) ?? 0, i + 1),
        term(end, 0),
      );
      means[t]! += p / total * sum;
    }
  }
  return means;
}

for (const k of [1, 2, 3]) {
  Deno.test(`evaluateByPosition() of a model that sees ${k - 1} tokens is what trying all texts gives`, async () => {
    const grammar = createGrammar("brackets", 2);
    const model = createLotModel(grammar, { k, seed: k });
    const expected = await byTryingAll(model, { grammar, length: 5 });
    const { excess, exact } = await evaluateByPosition(model, { grammar, length: 5 });
    assertEquals(exact, 6);
    expected.forEach((mean, t) => assertAlmostEquals(excess.mean[t]!, mean, 1e-6, `place ${t}`));
    assertEquals([...excess.error], [0, 0, 0, 0, 0, 0]);
  });
}

Deno.test("evaluateByPosition() of a GRU and Transformers is what trying all texts gives", async () => {
  const grammar = createGrammar("brackets", 2);
  const { vocabulary } = createGrammarModel(grammar);
  const rng = createRandom(3);
  for (
    const model of [
      createGru({ hidden: 5 }, { vocabulary, rng }),
      createTransformer({ contextLength: 9 }, { vocabulary, rng }),
      createTransformer({ contextLength: 9, positions: false }, { vocabulary, rng }),
    ]
  ) {
    const expected = await byTryingAll(model, { grammar, length: 5 });
    const all = await evaluateByPosition(model, { grammar, length: 5 });
    assertEquals(all.exact, 6);
    expected.forEach((mean, t) => assertAlmostEquals(all.excess.mean[t]!, mean, 1e-5));
    const some = await evaluateByPosition(model, {
      ...{ grammar, length: 5, mostBeginnings: 3, strings: 600 },
    });
    assertEquals(some.exact, 2);
    expected.forEach((mean, t) => {
      const error = some.excess.error[t]!;
      assert(t < 2 ? error === 0 : error > 0);
      assertAlmostEquals(some.excess.mean[t]!, mean, 4 * error + 1e-5, `place ${t}`);
    });
    model.dispose();
  }
});

Deno.test("evaluateByPosition() of a window over letters agrees with long strings drawn, far out", async () => {
  const grammar = createGrammar("sticky", 3);
  const model = createLotModel(grammar, { k: 2, seed: 5 });
  const exact = await evaluateByPosition(model, { grammar, length: 60 });
  assertEquals(exact.exact, 61);
  const drawn = await evaluateByPosition(model, {
    grammar,
    length: 60,
    mostArrows: 0,
    strings: 500,
  });
  assertLess(drawn.exact, 5);
  for (const t of [10, 35, 60]) {
    for (const curve of ["excess", "wrong"] as const) {
      const error = drawn[curve].error[t]!;
      assertAlmostEquals(drawn[curve].mean[t]!, exact[curve].mean[t]!, 4 * error, `${curve} ${t}`);
      assertGreater(error, 0);
    }
  }
});

Deno.test("evaluateByPosition() of the grammar is nothing at every place", async () => {
  const grammar = createGrammar("brackets", 3);
  const { excess, wrong } = await evaluateByPosition(createGrammarModel(grammar), {
    ...{ grammar, length: 40, strings: 20 },
  });
  assert(excess.mean.every((value) => Math.abs(value) < 1e-6));
  assert(wrong.mean.every((value) => value < 1e-6));
  const rng = createRandom(1);
  assertEquals(createLongStrings(grammar.automaton, 40).sample(rng).length, 40);
});
