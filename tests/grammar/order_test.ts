import { assertEquals } from "@std/assert";
import { createAutomaton } from "../../lib/grammar/automaton.ts";
import { minimalOrder } from "../../lib/grammar/order.ts";
import { digit, lower, upper } from "../../lib/grammar/symbols.ts";

const all = [lower, upper, digit];

/** An automaton written down as state → what may follow and where it leads; `.` may end. */
function automaton(table: Record<string, string>) {
  return createAutomaton(all, (label) => {
    const entries = table[label]!.split(" ").filter((entry) => entry !== ".");
    return {
      followers: entries.map((entry) => ({
        symbol: all.find(({ name }) => name === entry[0])!,
        state: entry.slice(1),
      })),
      mayEnd: table[label]!.endsWith("."),
      reason: () => "",
    };
  });
}

Deno.test("minimalOrder() is 1 where all states allow the same", () => {
  assertEquals(minimalOrder(automaton({ "": "a A ." })), 1);
});

Deno.test("minimalOrder() is null for an even number of letters, which no context shows", () => {
  assertEquals(minimalOrder(automaton({ "": "aodd", odd: "aeven", even: "aodd ." })), null);
});

Deno.test("minimalOrder() is not misled by a loop of states that allow the same", () => {
  // After a or A come digits for ever: the two states are never told apart, and need not be.
  assertEquals(minimalOrder(automaton({ "": "ap Aq", p: "0p .", q: "0q ." })), 2);
});

Deno.test("minimalOrder() is null when what the first symbol was matters after any number of digits", () => {
  const table = { "": "ap Aq", p: "0p ar .", q: "0q Ar .", r: "0r ." };
  assertEquals(minimalOrder(automaton(table)), null);
});

Deno.test("minimalOrder() counts how long a confusion lasts", () => {
  // One digit hides whether a or A came first, so that two symbols are needed, and one is predicted.
  const table = { "": "ap Aq", p: "0after-a", q: "0after-A", "after-a": "ap .", "after-A": "Aq ." };
  assertEquals(minimalOrder(automaton(table)), 3);
});
