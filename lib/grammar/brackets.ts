/**
 * `brackets`: three kinds of brackets, properly nested, at most N deep.
 *
 * A state is the stack of open brackets, outermost first, so there are 3ᴺ and some. Before the first
 * bracket nothing is open either, but there a string may not end: that state is the start.
 */
import { createAutomaton, type Rule } from "./automaton.ts";
import type { Family } from "./family.ts";
import { bracket, type GrammarSymbol } from "./symbols.ts";

const [openings, closings] = ["([{", ")]}"].map((names) => [...names].map(bracket)) as [
  GrammarSymbol[],
  GrammarSymbol[],
];
const symbols = openings.flatMap((opening, kind) => [opening, closings[kind]!]);
const ALL_CLOSED = "∅";

/** Brackets nested to depth N. */
export const brackets: Family = {
  name: "brackets",
  title: "no n-gram of any size suffices: memory, not context",
  least: 2,
  most: 6, // 1,094 states, but 497,203 pairs with contexts of 6 symbols
  describe: (n) => `the brackets (), [] and {} are properly nested, at most ${n} deep`,
  build: (n) =>
    createAutomaton(symbols, (label) => rule(label === ALL_CLOSED ? "" : label, n, label !== "")),
};

function rule(stack: string, depth: number, started: boolean): Rule {
  const innermost = openings.findIndex(({ name }) => stack.endsWith(name));
  const opening = stack.length === depth ? [] : openings.map((symbol) => ({
    symbol,
    state: stack + symbol.name,
    weight: 1 / openings.length, // all kinds together are as likely as closing
  }));
  const closing = stack === "" ? [] : [{
    symbol: closings[innermost]!,
    state: stack.slice(0, -1) || ALL_CLOSED,
  }];
  return {
    followers: [...opening, ...closing],
    mayEnd: stack === "" && started,
    reason: (found) => {
      if (found === null) return `the string ends with ${stack} still open`;
      if (stack === "") return `nothing is open that ${found.name} could close`;
      const wanted = closings[innermost]?.name;
      return openings.includes(found)
        ? `${depth} brackets are open, which is the greatest depth, so ${wanted} must follow, not ${found.name}`
        : `${
          openings[innermost]?.name
        } is the innermost open bracket, so ${wanted} must close it, not ${found.name}`;
    },
  };
}
