import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertNotEquals,
} from "@std/assert";
import { createGrammar, type Grammar } from "../../../lib/grammar/mod.ts";
import { questionModel } from "../../../lib/lm/analysis/mod.ts";
import {
  createAutomatonModel,
  createGrammarCorpus,
  createGrammarModel,
  createGru,
  createTransformer,
  type LanguageModel,
  stringBatches,
  train,
} from "../../../lib/lm/mod.ts";
import { createRandom } from "../../../lib/random.ts";
import { ready } from "../../../lib/tensor/mod.ts";

await ready();

for (
  const [family, n] of [
    ...[["sticky", 3], ["sticky", 5], ["runs", 3], ["echo", 3], ["parity", 3]] as const,
    ...[["brackets", 2], ["anbn", 3]] as const,
  ]
) {
  Deno.test(`questionModel() of ${family} ${n} finds the grammar's own automaton`, async () => {
    const grammar = createGrammar(family, n);
    const found = await questionModel(createGrammarModel(grammar), { grammar, spellings: 1 });
    assertEquals(found.difference, null);
    assertGreater(found.depth, n);
    const { states } = grammar.automaton;
    // Read side by side, each state found stands for one of the grammar's and for no other.
    const partner = new Map([[0, 0]]);
    for (const [own, other] of partner) {
      const [a, b] = [found.automaton.states[own]!, states[other]!];
      assertAlmostEquals(a.end, b.end, 1e-6);
      assertEquals(a.arrows.length, b.arrows.length);
      for (const { symbol, probability, target } of a.arrows) {
        const arrow = b.arrows.find((arrow) => arrow.symbol === symbol)!;
        assertAlmostEquals(probability, arrow.probability, 1e-6);
        if (!partner.has(target)) partner.set(target, arrow.target);
      }
    }
    assertEquals(partner.size, found.automaton.states.length);
    assert(found.automaton.states.length <= states.length);
    if (family !== "echo" && family !== "parity") {
      assertEquals(found.automaton.states.length, states.length);
    }
  });
}

/** The grammar, but for what it thinks of some words (in symbol names). */
function damaged(
  grammar: Grammar,
  allow: (word: string) => Record<string, number> | undefined,
): LanguageModel {
  const { vocabulary } = createGrammarModel(grammar);
  const nameOf = (token: number) => grammar.symbolOf(vocabulary.symbol(token))!.name;
  return createAutomatonModel<string>({
    name: "damaged",
    vocabulary,
    parameterCount: 0,
    contextLength: Infinity,
    start: "",
    next: (text, token) => token === vocabulary.start ? "" : text + vocabulary.symbol(token),
    predict: (text, row) => {
      const word = Array.from(text, (character) => grammar.symbolOf(character)!.name).join("");
      const weights = allow(word);
      if (weights === undefined) {
        const { end, characters } = grammar.nextDistribution(text);
        row.forEach((_, token) => {
          const p = token === 0 ? end : characters.get(vocabulary.symbol(token)) ?? 0;
          row[token] = Math.log(p);
        });
        return;
      }
      row.forEach((_, token) => {
        const p = token === 0 ? weights["end"] ?? 0 : (weights[nameOf(token)] ?? 0) /
          grammar.symbolOf(vocabulary.symbol(token))!.characters.length;
        row[token] = Math.log(p);
      });
    },
  });
}

Deno.test("questionModel() of a damaged model gives the shortest word on which it errs", async () => {
  const grammar = createGrammar("sticky", 3);
  const never = damaged(grammar, (word) => word.endsWith("00") ? { a: 0.5, A: 0.5 } : undefined);
  const { difference } = await questionModel(never, { grammar });
  assertEquals([difference!.word, difference!.model, difference!.truth], [
    ...["00", ["a", "A"], ["a", "A", "0", "end"]],
  ]);
  assertEquals(grammar.check(difference!.text).valid, true);

  // A run of one letter may end after four characters: the first of the five letters is the last's like.
  const late = damaged(
    grammar,
    (word) => /^.{4,}[a0]A$/.test(word) ? { A: 0.5, end: 0.5 } : undefined,
  );
  const found = await questionModel(late, { grammar });
  assertEquals([found.difference!.word, found.difference!.model, found.difference!.truth], [
    ...["aaaaaA", ["A", "end"], ["A"]],
  ]);
  assertGreater(found.automaton.states.length, 7);
});

Deno.test("questionModel() finds a mistake that lies deeper than all words it tried", async () => {
  const grammar = createGrammar("runs", 12);
  const bad = damaged(grammar, (word) => word === "a".repeat(11) ? { A: 1 } : undefined);
  const { difference, depth } = await questionModel(bad, { grammar, mostWords: 20, spellings: 1 });
  assert(depth < 11);
  assertEquals(difference!.word, "a".repeat(11));
  assertEquals(difference!.model, ["A"]);
});

Deno.test("questionModel() of a trained GRU proves it right, of an untrained model shows where it is wrong", async () => {
  const grammar = createGrammar("runs", 2);
  const { vocabulary, train: learn, valid } = createGrammarCorpus(grammar, {
    ...{ train: 3000, valid: 200, seed: 0 },
  });
  const gru = createGru({}, { vocabulary, rng: createRandom(1) });
  const untrained = await questionModel(gru, { grammar });
  assertNotEquals(untrained.difference, null);
  const batches = stringBatches({ train: learn.encoded, valid: valid.encoded, vocabulary });
  await train(gru, { batches, epochs: 12, batchSize: 64, learningRate: 0.02, seed: 2 });
  const trained = await questionModel(gru, { grammar });
  assertEquals(trained.difference, null);
  assertEquals(trained.automaton.states.length, grammar.automaton.states.length);
  assertGreater(trained.depth, 5);
  const transformer = createTransformer({}, { vocabulary, rng: createRandom(3) });
  assertNotEquals((await questionModel(transformer, { grammar })).difference, null);
  gru.dispose();
  transformer.dispose();
});

Deno.test("a word is spelled in several ways, a longer one as the shorter one and more", async () => {
  const grammar = createGrammar("sticky", 3);
  const truth = createGrammarModel(grammar);
  const texts: string[] = [];
  const noting: LanguageModel = {
    ...truth,
    logProbabilities: (batch) => {
      for (let row = 0; row < batch.size; row++) {
        const tokens = batch.inputs.subarray(row * batch.length + 1, (row + 1) * batch.length);
        texts.push(truth.vocabulary.decode(tokens.subarray(0)));
      }
      return truth.logProbabilities(batch);
    },
  };
  await questionModel(noting, { grammar, spellings: 4, mostWords: 20 });
  const [single, double] = [/^[a-z]$/, /^[a-z]{2}$/].map((form) =>
    new Set(texts.filter((text) => form.test(text)))
  );
  assertEquals([single!.size, double!.size], [4, 4]);
  assertEquals(new Set([...double!].map((text) => text[0]!)), single!);
});

Deno.test("a model of more states than are looked for is known only as far as the automaton goes", async () => {
  const grammar = createGrammar("sticky", 3);
  const { vocabulary } = createGrammarModel(grammar);
  // What may follow is drawn by lot for every word of kinds, so no two words lead to one state.
  const allowed = (word: string) => {
    const rng = createRandom("lot", word);
    return grammar.symbols.map(({ name }) => rng.uniform() < 0.7 || name === "a");
  };
  const erratic = createAutomatonModel<string>({
    ...{ name: "erratic", vocabulary, parameterCount: 0, contextLength: Infinity, start: "" },
    next: (word, token) =>
      token === vocabulary.start ? "" : word + grammar.symbolOf(vocabulary.symbol(token))!.name,
    predict: (word, row) => {
      const may = allowed(word);
      const kinds = may.filter((one) => one).length;
      row.forEach((_, token) => {
        if (token === vocabulary.end) return void (row[token] = -Infinity);
        const kind = grammar.symbols.indexOf(grammar.symbolOf(vocabulary.symbol(token))!);
        const { length } = grammar.symbols[kind]!.characters;
        row[token] = may[kind] ? -Math.log(kinds * length) : -Infinity;
      });
    },
  });
  const { automaton: { states, symbols }, depth } = await questionModel(erratic, {
    ...{ grammar, spellings: 1, mostWords: 1500 },
  });
  const agrees = (word: string): boolean => {
    let state = states[0];
    for (const name of word) {
      const arrow = state?.arrows.find(({ symbol }) => symbols[symbol]!.name === name);
      state = arrow && states[arrow.target];
    }
    const own = allowed(word);
    return symbols.every((_, i) => own[i] === state?.arrows.some(({ symbol }) => symbol === i));
  };
  let words = [""];
  for (let length = 0; length <= depth; length++) {
    assertEquals(words.filter((word) => !agrees(word)), [], `words of ${length}`);
    words = words.flatMap((word) =>
      symbols.filter((_, i) => allowed(word)[i]).map(({ name }) => word + name)
    );
  }
  assertGreater(states.length, 100);
  assert(words.some((word) => !agrees(word)), "one symbol more, and it does not");
});
