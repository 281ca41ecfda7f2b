import { assertAlmostEquals, assertEquals } from "@std/assert";
import { createGrammar, grammarNames } from "../../../lib/grammar/mod.ts";
import {
  createGrammarCorpus,
  createGrammarModel,
  judgeSamples,
  sample,
} from "../../../lib/lm/mod.ts";

for (const family of grammarNames) {
  const grammar = createGrammar(family, 3);
  const model = createGrammarModel(grammar);

  Deno.test(`the ${family} grammar as a model predicts the grammar's probabilities`, async () => {
    const { valid } = createGrammarCorpus(grammar, { train: 1, valid: 20, seed: 0 });
    for (const text of valid.strings) {
      const inputs = Int32Array.of(0, ...model.vocabulary.encode(text));
      const rows = await model.logProbabilities({ size: 1, length: inputs.length, inputs });
      for (let length = 0; length <= text.length; length++) {
        const { end, characters } = grammar.nextDistribution(text.slice(0, length));
        const row = rows.subarray(
          length * model.vocabulary.size,
          (length + 1) * model.vocabulary.size,
        );
        assertAlmostEquals(Math.exp(row[0]!), end, 1e-6);
        model.vocabulary.characters.forEach((character, i) =>
          assertAlmostEquals(Math.exp(row[i + 1]!), characters.get(character) ?? 0, 1e-6)
        );
      }
    }
  });

  Deno.test(`the ${family} grammar as a model writes members only`, async () => {
    const samples = await sample(model, { count: 500, seed: 1 });
    const { generated } = judgeSamples(samples, { grammar, known: new Set() });
    assertEquals([generated.accuracy, generated.unfinished], [1, 0]);
  });
}

Deno.test("the grammar deems everything impossible after a prefix that no string has", async () => {
  const model = createGrammarModel(createGrammar("runs", 3));
  const inputs = Int32Array.of(0, ...model.vocabulary.encode("aBa"), 0);
  const rows = await model.logProbabilities({ size: 1, length: 5, inputs });
  const possible = (position: number) =>
    rows.subarray(position * model.vocabulary.size, (position + 1) * model.vocabulary.size)
      .some((value) => value > -Infinity);
  assertEquals([0, 1, 2, 3, 4].map(possible), [true, true, false, false, true]);
});
