/**
 * `runs`: a run lasts exactly N−1 characters, then another symbol follows.
 *
 * A state is the run so far: `a`, `aa`, …, N−1 symbols at most.
 */
import { createAutomaton, type Rule } from "./automaton.ts";
import type { Family } from "./family.ts";
import { digit, lower, upper } from "./symbols.ts";
import { counted } from "./words.ts";

const symbols = [lower, upper, digit];

/** Runs that last exactly N−1 characters. */
export const runs: Family = {
  name: "runs",
  title: "one character too few and most is lost",
  least: 2,
  most: 100, // its strings are already hundreds of characters long
  describe: (n) =>
    `a run of lower-case letters, upper-case letters or digits lasts exactly ${
      counted(n - 1, "character")
    }, then another symbol follows`,
  build: (n) => createAutomaton(symbols, (run) => rule(run, n - 1)),
};

function rule(run: string, length: number): Rule {
  const complete = run.length === length;
  const own = symbols.find(({ name }) => run.startsWith(name));
  const followers = own && !complete
    ? [{ symbol: own, state: run + own.name }]
    : symbols.filter((symbol) => symbol !== own).map((symbol) => ({ symbol, state: symbol.name }));
  return {
    followers,
    mayEnd: complete,
    reason: () =>
      `a run of ${own?.many} must last exactly ${counted(length, "character")}, this one ${
        complete ? "goes on" : `lasted ${run.length}`
      }`,
  };
}
