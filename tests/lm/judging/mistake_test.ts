import { assert, assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import { createGrammar, type Grammar } from "../../../lib/grammar/mod.ts";
import {
  describeMistake,
  likeliestMistake,
  mostNeglected,
  onceIn,
  stringLogProbabilities,
  tooRareBy,
} from "../../../lib/lm/judging/mod.ts";
import {
  createCountModel,
  createGrammarCorpus,
  createGrammarModel,
  createTransformer,
  type LanguageModel,
  sample,
} from "../../../lib/lm/mod.ts";
import { createRandom } from "../../../lib/random.ts";
import { ready } from "../../../lib/tensor/mod.ts";
import { createLotModel, createWindow } from "./window_models.ts";

await ready();

/** All texts of the alphabet up to a length, the shorter ones first. */
function allTexts(alphabet: readonly string[], longest: number): string[] {
  const ofLength = [[""]];
  for (let length = 1; length <= longest; length++) {
    ofLength.push(ofLength[length - 1]!.flatMap((text) => alphabet.map((c) => text + c)));
  }
  return ofLength.flat();
}

/** The share of the model's strings that each text is. */
async function probabilities(model: LanguageModel, texts: string[]): Promise<Float64Array> {
  const logarithms = await stringLogProbabilities(
    model,
    texts.map((text) => model.vocabulary.encode(text)),
  );
  return logarithms.map(Math.exp);
}

function best(texts: string[], score: (i: number) => number): number {
  return [...texts.keys()].reduce((best, i) => score(i) > score(best) ? i : best, 0);
}

for (const [family, longest] of [["dyck", 7], ["brackets", 5]] as const) {
  Deno.test(`likeliestMistake() in ${family} is the one that trying all texts finds`, async () => {
    const grammar = createGrammar(family, 2);
    const texts = allTexts(grammar.alphabet, longest);
    const transformer = createTransformer({ layers: 1 }, {
      vocabulary: createGrammarModel(grammar).vocabulary,
      rng: createRandom(1),
    });
    const lots = [1, 2, 3, 4, 5].map((seed) => createLotModel(grammar, { k: 3, seed, end: 0.2 }));
    const found: string[] = [];
    for (const model of [...lots, transformer]) {
      const mistake = (await likeliestMistake(model, { grammar }))!;
      const shares = await probabilities(model, texts);
      const expected = best(texts, (i) => grammar.check(texts[i]!).valid ? 0 : shares[i]!);
      assertEquals([mistake.text, mistake.proved], [texts[expected]!, true]);
      assertAlmostEquals(mistake.probability, shares[expected]!, 1e-6);
      const verdict = grammar.check(mistake.text);
      assert(!verdict.valid && verdict.position === mistake.position);
      assertEquals(verdict.reason, mistake.reason);
      found.push(mistake.text);
    }
    assertGreater(new Set(found).size, 1);
    transformer.dispose();
  });
}

Deno.test("likeliestMistake() goes on behind the first mistake, and stops where it must", async () => {
  const grammar = createGrammar("brackets", 2);
  const { alphabet } = grammar;
  // Nine of ten strings are ")]}", one is "(".
  const following: Record<string, Record<string, number>> = {
    "": { ")": 0.9, "(": 0.1 },
    ")": { "]": 1 },
    "]": { "}": 1 },
  };
  const model = createWindow(grammar, {
    k: 2,
    rowOf: (seen) => {
      const row = following[seen] ?? { end: 1 };
      return ["end", ...alphabet].map((name) => row[name] ?? 0);
    },
  });
  const { text, probability, position, proved } = (await likeliestMistake(model, { grammar }))!;
  assertEquals([text, position, proved], [")]}", 0, true]);
  assertAlmostEquals(probability, 0.9, 1e-6);
  const hasty = (await likeliestMistake(model, { grammar, most: 3 }))!;
  assertEquals([hasty.text, hasty.proved], ["(", false]);
});

Deno.test("likeliestMistake() is as frequent in samples as it says", async () => {
  const grammar = createGrammar("sticky", 3);
  const { vocabulary, train } = createGrammarCorpus(grammar, { train: 3000, valid: 1, seed: 0 });
  const model = createCountModel({ order: 2, vocabulary, strings: train.encoded });
  const { text, probability, proved } = (await likeliestMistake(model, { grammar }))!;
  assert(proved);
  const samples = await sample(model, { count: 20_000, seed: 1 });
  const expected = 20_000 * probability;
  const seen = samples.filter((one) => one.finished && one.text === text).length;
  assertAlmostEquals(seen, expected, 4 * Math.sqrt(expected));
  assertGreater(expected, 50);
});

Deno.test("likeliestMistake() is null for a model that makes none", async () => {
  const grammar = createGrammar("echo", 2);
  assertEquals(await likeliestMistake(createGrammarModel(grammar), { grammar, most: 500 }), null);
});

Deno.test("describeMistake() says it in a line", () => {
  const mistake = { text: 'a"7', probability: 1 / 3421, position: 1, reason: "", proved: true };
  assertEquals(
    describeMistake(mistake),
    'the likeliest wrong string is "a\\"7", once in 3,400 strings',
  );
  assertEquals(onceIn({ probability: 1 / 1.23e13 }), "1.2·10¹³");
  assertEquals(tooRareBy({ text: "", truth: 0.02, probability: 0.003 }), "× 6.7");
  assertEquals(tooRareBy({ text: "", truth: 0.02, probability: 0 }), "× ∞");
  assertEquals(onceIn({ probability: 0 }), "∞");
  assertEquals(
    describeMistake({ ...mistake, text: "", probability: 0.105, proved: false }),
    "the likeliest wrong string found is the empty one, once in 9.5 strings",
  );
});

/** P(text) by the grammar's own predictions. */
function truth(grammar: Grammar, text: string): number {
  if (!grammar.check(text).valid) return 0;
  let probability = 1;
  for (let t = 0; t < text.length; t++) {
    probability *= grammar.nextDistribution(text.slice(0, t)).characters.get(text[t]!)!;
  }
  return probability * grammar.nextDistribution(text).end;
}

Deno.test("mostNeglected() is the one that trying all frequent members finds", async () => {
  const grammar = createGrammar("dyck", 2);
  const texts = allTexts(grammar.alphabet, 8);
  const truths = texts.map((text) => truth(grammar, text));
  const members = texts.filter((_, i) => truths[i]! > 0)
    .sort((a, b) => truths[texts.indexOf(b)]! - truths[texts.indexOf(a)]!).slice(0, 30);
  const least = truth(grammar, members.at(-1)!);
  for (const seed of [1, 2, 3]) {
    const model = createLotModel(grammar, { k: 2, seed });
    const shares = await probabilities(model, members);
    const ratio = (i: number) => truth(grammar, members[i]!) / shares[i]!;
    const neglected = (await mostNeglected(model, { grammar, among: 30 }))!;
    // Several members are equally frequent, so the thirtieth may be another one.
    if (truth(grammar, neglected.text) > least * 1.001) {
      const expected = best(members, ratio);
      assertAlmostEquals(
        neglected.truth / neglected.probability,
        ratio(expected),
        1e-3 * ratio(expected),
      );
    }
    assertAlmostEquals(neglected.truth, truth(grammar, neglected.text), 1e-7);
  }
});

Deno.test("mostNeglected() is null where all members are too rare to be found", async () => {
  const grammar = createGrammar("sticky", 19);
  assertEquals(await mostNeglected(createGrammarModel(grammar), { grammar, among: 5 }), null);
});

Deno.test("stringLogProbabilities() are the grammar's own, in the order asked for", async () => {
  const grammar = createGrammar("parity", 3);
  const model = createGrammarModel(grammar);
  const rng = createRandom(2);
  const texts = Array.from({ length: 600 }, () => grammar.sample(rng));
  const logarithms = await stringLogProbabilities(
    model,
    texts.map((text) => model.vocabulary.encode(text)),
  );
  texts.forEach((text, i) => {
    const expected = Math.log(truth(grammar, text));
    assertAlmostEquals(logarithms[i]!, expected, 1e-5 * Math.abs(expected), text);
  });
});
