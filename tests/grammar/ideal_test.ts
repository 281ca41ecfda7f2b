import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  createGrammar,
  families,
  type Grammar,
  type NextDistribution,
} from "../../lib/grammar/mod.ts";
import { createRandom, type Random } from "../../lib/random.ts";
import { createRule, ideal } from "./reference.ts";
import { orderOf } from "./validators.ts";

const finite = families.flatMap(({ name, least }) =>
  [2, 3, 4, 5, 6].filter((n) => n >= least && orderOf(name, n) !== null).map((n) =>
    [name, n] as const
  )
);
const nested = ["brackets", "dyck"].flatMap((name) => [2, 3, 4].map((n) => [name, n] as const));
const upTo = (k: number) => Array.from({ length: k }, (_, i) => i + 1);

for (const [family, n] of finite) {
  const order = orderOf(family, n)!;
  Deno.test(`${family} ${n}: idealMembership() is below 1 for k < ${order} and exactly 1 from k = ${order} on`, () => {
    const grammar = createGrammar(family, n);
    for (const k of upTo(order - 1)) {
      const membership = grammar.idealMembership(k);
      assert(membership > 0 && membership < 1, `k = ${k}: ${membership}`);
    }
    for (const k of [order, order + 1, order + 10]) assertEquals(grammar.idealMembership(k), 1);
    assertEquals(grammar.minimalOrder(), order);
  });
}

for (const [family, n] of [...nested, ["brackets", 5], ["brackets", 6]] as const) {
  Deno.test(`${family} ${n}: no k-gram suffices`, () => {
    const grammar = createGrammar(family, n);
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
    const order = orderOf(family, n);
    if (order === null) assert(losses.at(-1)! > floor + 0.01);
    else for (const k of [order, order + 3]) assertAlmostEquals(grammar.idealLoss(k), floor, 1e-12);
  });
}

const listable = [...finite, ...nested].filter(([name, n]) =>
  name !== "dyck" && (name !== "echo" || n < 5)
);
for (const [family, n] of listable) {
  Deno.test(`${family} ${n}: idealLoss() and idealMembership() equal Gaussian elimination`, () => {
    const grammar = createGrammar(family, n);
    const rule = createRule(family, n);
    for (const k of upTo(family === "brackets" ? 5 - n : orderOf(family, n)!)) {
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

// By hand: a pair of brackets with all in it is S = 2 + S/2 characters long, since 1/3 : 2/3 = 1/2 pair
// stands in it on average, so S = 4. At depth 0 a string goes on in 4 of 5 cases, which makes 5 pairs:
// 10 openings, 10 closings and the end. Of these 21 tokens one is the first, 5 follow at depth 0.
for (const n of [2, 3, 4]) {
  Deno.test(`dyck ${n}: the floor and the unigram in closed form`, () => {
    const grammar = createGrammar("dyck", n);
    const choice = (p: number) => -p * Math.log(p) - (1 - p) * Math.log(1 - p);
    const entropy = 10 * Math.log(n) + 5 * choice(1 / 5) + 15 * choice(1 / 3);
    assertAlmostEquals(grammar.entropyFloor(), entropy / 21, 1e-13);
    const unigram = -(20 / 21) * Math.log(10 / 21 / n) - (1 / 21) * Math.log(1 / 21);
    assertAlmostEquals(grammar.idealLoss(1), unigram, 1e-13);
    // C = 1 + w·C² sums the weights of all nested strings, each pair weighing w.
    const w = (10 / 21) ** 2 / n;
    const c = (1 - Math.sqrt(1 - 4 * w)) / (2 * w);
    assertAlmostEquals(grammar.idealMembership(1), (c - 1) / 21, 1e-13);
  });

  Deno.test(`dyck ${n}: idealLoss() and idealMembership() are what idealPrediction() earns on strings`, () => {
    const grammar = createGrammar("dyck", n);
    const rng = createRandom(8, n);
    for (const k of [1, 2, 3, 5]) {
      const seen = (text: string) => text.slice(Math.max(0, text.length - k + 1));
      const known = new Map<string, ReturnType<Grammar["idealPrediction"]>>();
      const predict = (text: string) => {
        if (!known.has(seen(text))) known.set(seen(text), grammar.idealPrediction(seen(text), k));
        return known.get(seen(text))!;
      };
      const loss = grammar.idealLoss(k);
      const membership = grammar.idealMembership(k);
      let [tokens, excess, squares, members] = [0, 0, 0, 0];
      for (let i = 0; i < 3000; i++) {
        const text = grammar.sample(rng);
        let sum = 0;
        for (let t = 0; t <= text.length; t++) {
          const { end, characters } = predict(text.slice(0, t));
          sum -= Math.log(characters.get(text.charAt(t)) ?? end) + loss;
        }
        tokens += text.length + 1;
        excess += sum;
        squares += sum ** 2;
        members += +grammar.check(write(predict, rng)).valid;
      }
      assertAlmostEquals(excess / tokens, 0, 4 * Math.sqrt(squares) / tokens, `k = ${k}`);
      const error = Math.sqrt(membership * (1 - membership) / 3000);
      assertAlmostEquals(members / 3000, membership, 4 * error, `k = ${k}`);
    }
  });
}

/** A string drawn from predictions. */
function write(predict: (text: string) => NextDistribution, rng: Random): string {
  for (let text = "";;) {
    let left = rng.uniform();
    let next = "";
    for (const [character, probability] of predict(text).characters) {
      left -= probability;
      if (left < 0) {
        next = character;
        break;
      }
    }
    if (next === "") return text;
    text += next;
    if (text.length > 2000) return text;
  }
}

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

Deno.test("idealPrediction() of dyck knows a kind from its opening, and else takes all for alike", () => {
  const grammar = createGrammar("dyck", 2);
  const closings = (context: string, k: number) => {
    const { characters } = grammar.idealPrediction(context, k);
    return [")", "]"].map((closing) => characters.get(closing) ?? 0);
  };
  assertAlmostEquals(closings("[()", 4)[1]!, 2 / 3, 1e-14);
  assertEquals(closings("[()", 4)[0], 0);
  const [round, square] = closings("[()", 3); // a pair, and what stands before it is not seen
  assertEquals(round, square);
  assert(round! > 0.1 && round! < 1 / 3);
  assertEquals(closings("()", 3), closings("[]", 3));
  assertEquals(closings("", 3), [0, 0]);
  for (const context of ["(]", "a", "<"]) {
    assertThrows(() => grammar.idealPrediction(context, 4), RangeError, "a part of a string");
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
