import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { createGrammar, families } from "../../lib/grammar/mod.ts";
import { createRandom } from "../../lib/random.ts";
import { createRule, ideal } from "./reference.ts";

const finite = families.filter(({ name }) => name !== "brackets").flatMap(({ name, least }) =>
  [2, 3, 4, 5, 6].filter((n) => n >= least).map((n) => [name, n] as const)
);
const nested = [2, 3, 4].map((n) => ["brackets", n] as const);
const upTo = (k: number) => Array.from({ length: k }, (_, i) => i + 1);

for (const [family, n] of finite) {
  Deno.test(`${family} ${n}: idealMembership() is below 1 for k < ${n} and exactly 1 from k = ${n} on`, () => {
    const grammar = createGrammar(family, n);
    for (const k of upTo(n - 1)) {
      const membership = grammar.idealMembership(k);
      assert(membership > 0 && membership < 1, `k = ${k}: ${membership}`);
    }
    for (const k of [n, n + 1, n + 10]) assertEquals(grammar.idealMembership(k), 1);
    assertEquals(grammar.minimalOrder(), n);
  });
}

for (const n of [2, 3, 4, 5, 6]) {
  Deno.test(`brackets ${n}: no k-gram suffices`, () => {
    const grammar = createGrammar("brackets", n);
    assertEquals(grammar.minimalOrder(), null);
    for (const k of upTo(n < 5 ? 6 : 4)) {
      const membership = grammar.idealMembership(k);
      assert(membership > 0 && membership < 1, `k = ${k}: ${membership}`);
    }
  });
}

for (const [family, n] of [...finite, ...nested]) {
  Deno.test(`${family} ${n}: idealLoss() never rises with k and stays above entropyFloor()`, () => {
    const grammar = createGrammar(family, n);
    const losses = upTo(6).map((k) => grammar.idealLoss(k));
    const floor = grammar.entropyFloor();
    losses.forEach((loss, i) => {
      assert(i === 0 || loss <= losses[i - 1]! + 1e-12, `${losses}`);
      assert(loss >= floor - 1e-12, `${losses} against ${floor}`);
    });
    if (family === "brackets") assert(losses.at(-1)! > floor + 0.01);
    else for (const k of [n, n + 3]) assertAlmostEquals(grammar.idealLoss(k), floor, 1e-12);
  });
}

for (const [family, n] of [...finite, ...nested].filter(([name, n]) => name !== "echo" || n < 5)) {
  Deno.test(`${family} ${n}: idealLoss() and idealMembership() equal Gaussian elimination`, () => {
    const grammar = createGrammar(family, n);
    const rule = createRule(family, n);
    for (const k of upTo(family === "brackets" ? 5 - n : n)) {
      const { loss, membership } = ideal(rule, k);
      assertAlmostEquals(grammar.idealLoss(k), loss, 1e-10, `k = ${k}`);
      assertAlmostEquals(grammar.idealMembership(k), membership, 1e-10, `k = ${k}`);
    }
  });
}

// By hand: the first symbol is free, then with 1/5 the string ends and with 2/5 each of the two
// other symbols follows. So a string has 5 characters and the end in the mean, and the unigram says
// 1/6 for the end and 5/18 for each symbol. Of its strings those without equal neighbours are
// members, 3 · 2ᵐ⁻¹ of m symbols: Σ 3 · 2ᵐ⁻¹ · (5/18)ᵐ · 1/6 = 5/16.
Deno.test("runs 2: the answers worked out by hand", () => {
  const grammar = createGrammar("runs", 2);
  const characters = (2 * Math.log(26) + Math.log(10)) / 3; // nats in the choice of a character
  const choice = -(1 / 5) * Math.log(1 / 5) - (4 / 5) * Math.log(2 / 5);
  assertAlmostEquals(
    grammar.entropyFloor(),
    (Math.log(3) + 5 * choice + 5 * characters) / 6,
    1e-14,
  );
  const unigram = -(1 / 6) * Math.log(1 / 6) - (5 / 6) * Math.log(5 / 18);
  assertAlmostEquals(grammar.idealLoss(1), unigram + (5 / 6) * characters, 1e-14);
  assertAlmostEquals(grammar.idealMembership(1), 5 / 16, 1e-14);
  const prediction = grammar.idealPrediction("7", 1);
  assertAlmostEquals(prediction.end, 1 / 6, 1e-15);
  assertAlmostEquals(prediction.characters.get("7")!, 5 / 18 / 10, 1e-15);
});

Deno.test("idealPrediction() from enough context is the exact distribution", () => {
  for (const [family, n] of [["sticky", 4], ["echo", 3], ["parity", 5]] as const) {
    const grammar = createGrammar(family, n);
    const text = grammar.sample(createRandom(n));
    for (let t = 0; t <= text.length; t++) {
      const { end, characters } = grammar.idealPrediction(text.slice(0, t), n);
      const exact = grammar.nextDistribution(text.slice(0, t));
      assertAlmostEquals(end, exact.end, 1e-14);
      assertEquals([...characters.keys()], [...exact.characters.keys()]);
      for (const [c, p] of characters) assertAlmostEquals(p, exact.characters.get(c)!, 1e-14);
    }
  }
});

Deno.test("idealPrediction() takes too short a context for the beginning, and refuses an impossible one", () => {
  const grammar = createGrammar("brackets", 2);
  assertEquals(grammar.idealPrediction("", 2).end, 0);
  assertAlmostEquals(grammar.idealPrediction("(", 3).characters.get(")")!, 1 / 2, 1e-15);
  for (const context of ["(]", "ab", "((("]) {
    assertThrows(() => grammar.idealPrediction(context, 4), RangeError, `got "${context}"`);
  }
});

Deno.test("idealLoss() and idealMembership() refuse an order that is none or too large to count", () => {
  const grammar = createGrammar("brackets", 6);
  for (const k of [0, -1, 1.5, NaN, Infinity]) {
    assertThrows(() => grammar.idealLoss(k), RangeError, `k of at least 1, got ${k}`);
  }
  assert(grammar.idealLoss(7) < grammar.idealLoss(6));
  assertThrows(() => grammar.idealMembership(20), RangeError, "too many to count");
});
