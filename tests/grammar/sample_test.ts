import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { createGrammar, families } from "../../lib/grammar/mod.ts";
import { createRandom } from "../../lib/random.ts";
import { CHARACTERS, createRule } from "./reference.ts";

const NAMES: [RegExp, string][] = [[/[a-z]/g, "a"], [/[A-Z]/g, "A"], [/[0-9]/g, "0"], [
  /[!?.,;:+-]/g,
  "!",
]];

/** A string in symbol names. */
function namesOf(text: string): string {
  return NAMES.reduce((names, [characters, name]) => names.replace(characters, name), text);
}

for (const { name, least, most } of families) {
  Deno.test(`${name}: entropyFloor() is the mean of −ln P over sampled strings`, () => {
    for (const n of [2, 3, 4, 5, 6].filter((n) => n >= least && n <= most)) {
      const grammar = createGrammar(name, n);
      const rule = createRule(name, n);
      const floor = grammar.entropyFloor();
      const rng = createRandom(5, name, n);
      const count = n === 3 ? 100_000 : 5_000;
      const surprises = new Map<string, number>(); // by past and next symbol, as rules are slow
      const surpriseOf = (past: string, next: string) => {
        const key = `${past}|${next}`;
        if (!surprises.has(key)) {
          const share = rule.next(past).get(next)! / (CHARACTERS[next] ?? 1);
          surprises.set(key, -Math.log(share));
        }
        return surprises.get(key)!;
      };
      let sum = 0, squares = 0, tokens = 0;
      for (let i = 0; i < count; i++) {
        const names = namesOf(grammar.sample(rng));
        let excess = 0;
        let past = "";
        for (const next of [...names, ""]) {
          excess += surpriseOf(past, next) - floor;
          past = rule.shorten(past + next);
        }
        sum += excess;
        squares += excess ** 2;
        tokens += names.length + 1;
      }
      const standardError = Math.sqrt(squares) / tokens;
      assert(standardError < 0.03, `${standardError}`);
      assertAlmostEquals(sum / tokens, 0, 4 * standardError, `${name} ${n}`);
    }
  });

  Deno.test(`${name}: sample() gives members, the same for the same seed`, () => {
    const grammar = createGrammar(name, Math.max(3, least));
    const draw = (seed: number) => {
      const rng = createRandom(seed);
      return Array.from({ length: 200 }, () => grammar.sample(rng));
    };
    assertEquals(draw(1), draw(1));
    assertNotEquals(draw(1), draw(2));
    for (const text of draw(1)) assertEquals(grammar.check(text), { valid: true }, text);
  });

  Deno.test(`${name}: nextDistribution(), probabilities() and next() tell the same, which sums to 1`, () => {
    const grammar = createGrammar(name, 3);
    const rule = createRule(name, 3);
    const rng = createRandom(6, name);
    for (let i = 0; i < 50; i++) {
      const text = grammar.sample(rng);
      let state = grammar.start;
      for (let t = 0; t <= text.length; t++) {
        const prefix = text.slice(0, t);
        const { end, characters } = grammar.nextDistribution(prefix);
        const row = grammar.probabilities(state);
        assertEquals(row.length, grammar.alphabet.length + 1);
        assertEquals([...row], [...grammar.alphabet.map((c) => characters.get(c) ?? 0), end]);
        assertAlmostEquals(row.reduce((sum, p) => sum + p), 1, 1e-14);
        const expected = rule.next(namesOf(prefix));
        for (const [j, character] of grammar.alphabet.entries()) {
          const name = namesOf(character);
          assertAlmostEquals(row[j]!, (expected.get(name) ?? 0) / (CHARACTERS[name] ?? 1), 1e-14);
          assertEquals(grammar.next(state, character) !== undefined, row[j]! > 0);
        }
        assertAlmostEquals(end, expected.get("") ?? 0, 1e-14);
        state = grammar.next(state, text.charAt(t)) ?? state;
      }
    }
  });
}

Deno.test("a draw of 0, or of all but 1, ends a string only where it may end", () => {
  for (const { name, least } of families) {
    const grammar = createGrammar(name, least);
    for (const draw of [0, 1 - 2 ** -53]) {
      const { uniform, choice } = createRandom(1);
      let draws = 0;
      const text = grammar.sample({ choice, uniform: () => ++draws <= 6 ? draw : uniform() });
      assertEquals(grammar.check(text), { valid: true }, `${name}, ${draw}: ${text}`);
    }
  }
});

Deno.test("sample() draws the characters of a symbol alike", () => {
  const rng = createRandom(7);
  const grammar = createGrammar("echo", 2);
  const counts = new Map<string, number>();
  for (let i = 0; i < 40_000; i++) {
    const first = grammar.sample(rng)[0]!;
    counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  const { characters } = grammar.nextDistribution("");
  assertEquals(characters.size, 26 + 26 + 10 + 8);
  for (const [character, probability] of characters) {
    const expected = 40_000 * probability;
    assertAlmostEquals(counts.get(character) ?? 0, expected, 4.5 * Math.sqrt(expected), character);
  }
});
