import { assert, assertEquals, assertThrows } from "@std/assert";
import { automatonToDot, createGrammar, families, grammarNames } from "../../lib/grammar/mod.ts";
import { drawing, jupyterDisplay } from "../../lib/plot/mod.ts";
import { orderOf } from "./validators.ts";

Deno.test("createGrammar() says what is wrong with a name or an N", () => {
  const cases: [string, number, string][] = [
    ["sticky", 2, "Expected N of at least 3 for the sticky grammar, got 2"],
    ["runs", -1, "Expected N of at least 2 for the runs grammar, got -1"],
    ["echo", 40, "Expected N of at most 7 for the echo grammar, got 40"],
    ["parity", Infinity, "Expected N of at most 12 for the parity grammar, got Infinity"],
    [
      "brackets",
      2.5,
      "Expected N to be a whole number from 2 to 6 for the brackets grammar, got 2.5",
    ],
    [
      "sticky",
      NaN,
      "Expected N to be a whole number from 3 to 100 for the sticky grammar, got NaN",
    ],
    [
      "nope",
      3,
      "Expected a grammar among sticky, runs, echo, parity, brackets, dyck, anbn, got nope",
    ],
    [
      "constructor",
      3,
      "Expected a grammar among sticky, runs, echo, parity, brackets, dyck, anbn, got constructor",
    ],
  ];
  for (const [family, n, message] of cases) {
    const error = assertThrows(() => createGrammar(family, n), RangeError);
    assertEquals(error.message, message);
  }
});

Deno.test("every family builds at its least and most N, with states that can be told from one another", () => {
  assertEquals(grammarNames, families.map(({ name }) => name));
  for (const { name, least, most } of families) {
    for (const n of [least, most]) {
      const { automaton, alphabet, entropyFloor, minimalOrder } = createGrammar(name, n);
      assertEquals(
        new Set(automaton.states.map(({ label }) => label)).size,
        automaton.states.length,
      );
      assertEquals(new Set(alphabet).size, alphabet.length);
      assert(entropyFloor() > 0);
      if (automaton.states.length < 1500) {
        assertEquals(minimalOrder(), orderOf(name, n));
      }
    }
  }
});

Deno.test("symbolOf() names the symbol of a character", () => {
  const { symbolOf } = createGrammar("echo", 2);
  assertEquals([..."qQ7;("].map((c) => symbolOf(c)?.name), ["a", "A", "0", "!", undefined]);
});

Deno.test("automatonToDot() describes each state and arrow", () => {
  const dot = automatonToDot(createGrammar("parity", 2).automaton, 'a "title"');
  for (
    const part of [
      '1 [label="a\\nend 20 %", shape=doublecircle]',
      '0 -> 1 [label="a 50 %"]',
      '2 -> 2 [label="A 80 %"]',
      '\\"title\\"',
    ]
  ) {
    assert(dot.includes(part), dot);
  }
});

Deno.test("a grammar shows itself as a picture with few states even when it has many", async () => {
  for (const [family, n] of [["sticky", 3], ["echo", 5], ["dyck", 2]] as const) {
    const bundle = await drawing(createGrammar(family, n))[jupyterDisplay]() as Record<
      string,
      string
    >;
    assert(bundle["image/svg+xml"]!.startsWith("<svg"));
    assert(bundle["image/svg+xml"]!.length < 60_000);
    assert(bundle["text/plain"]!.startsWith(`${family} ${n}: `));
  }
});
