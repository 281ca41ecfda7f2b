import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { createGrammar, createLongStrings } from "../../lib/grammar/mod.ts";
import { createRandom } from "../../lib/random.ts";
import { createRule } from "./reference.ts";

/** The share of strings that begin like each word of T symbols, by the rule that reads whole words. */
function wordsOf(family: string, n: number, length: number): Map<string, number> {
  const rule = createRule(family, n);
  let level = new Map([["", 1]]);
  for (let t = 0; t < length; t++) {
    const longer = new Map<string, number>();
    for (const [word, share] of level) {
      for (const [name, p] of rule.next(word)) if (name !== "") longer.set(word + name, share * p);
    }
    level = longer;
  }
  return level;
}

for (const [family, n] of [["sticky", 3], ["brackets", 2], ["parity", 3], ["anbn", 2]] as const) {
  Deno.test(`createLongStrings() of ${family} ${n}: shares are those of all words, written out`, () => {
    const grammar = createGrammar(family, n);
    const length = 5;
    const words = wordsOf(family, n, length);
    const total = [...words.values()].reduce((sum, share) => sum + share, 0);
    const long = createLongStrings(grammar.automaton, length);
    assertAlmostEquals(long.share, total, 1e-12);
    for (const [word, share] of words) {
      let [state, probability] = [grammar.start, 1];
      for (const [position, name] of [...word].entries()) {
        const arrow = long.arrows(state, position)
          .find(({ symbol }) => grammar.symbols[symbol]!.name === name)!;
        probability *= arrow.probability;
        state = arrow.target;
      }
      assertAlmostEquals(probability, share / total, 1e-12, word);
    }
  });
}

Deno.test("createLongStrings() draws each word as often as it should", () => {
  const grammar = createGrammar("runs", 3);
  const words = wordsOf("runs", 3, 4);
  const total = [...words.values()].reduce((sum, share) => sum + share, 0);
  const long = createLongStrings(grammar.automaton, 4);
  const rng = createRandom(1);
  const seen = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const word = Array.from(long.sample(rng), (character) => grammar.symbolOf(character)!.name);
    seen.set(word.join(""), (seen.get(word.join("")) ?? 0) + 1);
  }
  for (const [word, share] of words) {
    const expected = 6000 * share / total;
    assertAlmostEquals(seen.get(word) ?? 0, expected, 4 * Math.sqrt(expected), word);
  }
});

Deno.test("createLongStrings() draws strings that are never met otherwise, and says what it cannot", () => {
  const grammar = createGrammar("echo", 3);
  const long = createLongStrings(grammar.automaton, 300);
  assertAlmostEquals(Math.log(long.share), 298 * Math.log(0.8), 1e-9);
  const text = long.sample(createRandom(2));
  assertEquals([text.length, grammar.check(text).valid], [300, true]);
  const dyck = createGrammar("dyck", 2);
  assertThrows(() => createLongStrings(dyck.automaton, 3), RangeError, "finitely many states");
});
