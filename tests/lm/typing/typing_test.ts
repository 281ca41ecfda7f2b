import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { createGrammar } from "../../../lib/grammar/mod.ts";
import { createGrammarModel, createModel, createVocabulary } from "../../../lib/lm/core.ts";
import { predictorOf } from "../../../lib/lm/typing/predictor.ts";
import { chanceInWords, readText } from "../../../lib/lm/typing/reading.ts";
import { onceInWords, percent, stateName, verdictInWords } from "../../../lib/lm/typing/words.ts";
import { createRandom } from "../../../lib/random.ts";
import { ready } from "../../../lib/tensor/mod.ts";

const grammar = createGrammar("sticky", 3);
const { alphabet } = grammar;
const vocabulary = createVocabulary(alphabet);

Deno.test("predictorOf() orders what a model predicts as the alphabet, the end last", async () => {
  const model = createGrammarModel(grammar);
  const { probabilities } = await predictorOf(model, { alphabet })("aaB");
  const width = alphabet.length + 1;
  assertEquals(probabilities.length, 4 * width);
  for (const [place, prefix] of ["", "a", "aa", "aaB"].entries()) {
    const { end, characters } = grammar.nextDistribution(prefix);
    const wanted = [...alphabet.map((character) => characters.get(character) ?? 0), end];
    wanted.forEach((share, i) =>
      assertAlmostEquals(probabilities[place * width + i]!, share, 1e-6)
    );
  }
});

Deno.test("predictorOf() a Transformer shows its heads where it reads a text at once", async () => {
  await ready("cpu");
  const sizes = { scale: 1, layers: 2 };
  const model = createModel("transformer", {
    ...{ vocabulary, sizes, contextLength: 6, rng: createRandom(1), strings: () => [] },
  });
  const predict = predictorOf(model, { alphabet });
  const heads = (await predict("aaBB1")).attention;
  assertEquals(heads.map(({ layer, head }) => [layer, head]), [[0, 0], [0, 1], [1, 0], [1, 1]]);
  for (const { weights } of heads) {
    assertEquals(weights.map((row) => row.length), Array(6).fill(6));
    weights.forEach((row) => assertAlmostEquals(row.reduce((a, b) => a + b), 1, 1e-5));
    assertEquals(weights[0]!.slice(1), Array(5).fill(0)); // the first place has only itself
  }
  assertEquals((await predict("")).attention[0]!.weights, [[1]]);
  assertEquals((await predict("aaBB11")).attention, []); // seven places, six fit
  model.dispose();
});

Deno.test("readText() gives every character its shares, and nothing after one that no model knows", async () => {
  const predict = predictorOf(createGrammarModel(grammar), { alphabet });
  const right = await readText("aaBB", { grammar, predict });
  for (const { model, truth } of right.characters) assertAlmostEquals(model!, truth!, 1e-6);
  const states = right.characters.map(({ state }) => stateName(grammar, state));
  assertEquals(states, ["a", "aa", "A", "AA", "–"]);
  const once = onceInWords(right.characters.reduce((all, { truth }) => all * truth!, 1));
  assertEquals(chanceInWords(right), `The model writes just this ${once}; truly it comes ${once}.`);

  const strange = await readText("aaé1", { grammar, predict });
  assertEquals(strange.known, 2);
  assertEquals(strange.characters.map(({ model }) => model !== null), [
    true,
    true,
    true,
    false,
    false,
  ]);
  assertEquals(strange.characters.map(({ reason }) => reason !== null), [
    false,
    false,
    true,
    false,
    false,
  ]);
  assertEquals(chanceInWords(strange), "");
});

Deno.test("verdictInWords() says where and why, and shows no control character", () => {
  const words = (text: string) => verdictInWords(text, { grammar });
  assert(words("").startsWith("Type a string. The rule: "));
  assertEquals(words("aaBB"), "A string of the language.");
  assertEquals(
    words("aB"),
    "Breaks the rule at character 2, “B”: a run of lower-case letters must last at least 2 characters, this one lasted 1.",
  );
  assert(words("aaB").startsWith("Right so far, but it must not end here: a run of upper-case"));
  assert(words("aa\x07").startsWith("Breaks the rule at character 3, “␇”:"));
  assert(words("😀aa").startsWith("Breaks the rule at character 1, “😀”:"));
});

Deno.test("percent() and onceInWords() keep two digits", () => {
  assertEquals([0.5, 0.0998, 0.012, 0.0012, 0.00001, 0, null].map(percent), [
    ...["50 %", "10 %", "1.2 %", "0.12 %", "< 0.01 %", "0 %", "–"],
  ]);
  assertEquals([0.25, 1 / 4_130_000, 0, 1e-20].map(onceInWords), [
    ...["once in 4", "once in 4.1 million", "never", "less than once in 10¹⁵"],
  ]);
});
