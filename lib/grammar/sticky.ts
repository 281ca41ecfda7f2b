/**
 * `sticky`: a run lasts at least N−1 characters, then anything may follow.
 *
 * A state is the run so far, `a`, `aa`, …, up to N−1 symbols: a longer run remembers no more.
 */
import { createAutomaton, type Rule } from "./automaton.ts";
import type { Family } from "./family.ts";
import { digit, lower, upper } from "./symbols.ts";

const symbols = [lower, upper, digit];

/** Runs that last at least N−1 characters. */
export const sticky: Family = {
  name: "sticky",
  title: "each character of context helps a little",
  least: 3, // with 2 a run of one would do, and everything but the empty string would be right
  most: 100, // its strings are already hundreds of characters long
  describe: (n) =>
    `a run of lower-case letters, upper-case letters or digits lasts at least ${
      n - 1
    } characters, then any symbol may follow`,
  build: (n) => createAutomaton(symbols, (run) => rule(run, n - 1)),
};

function rule(run: string, shortest: number): Rule {
  const complete = run.length === shortest;
  const own = symbols.find(({ name }) => run.startsWith(name));
  const others = own === undefined || complete ? symbols.filter((symbol) => symbol !== own) : [];
  const followers = others.map((symbol) => ({ symbol, state: symbol.name }));
  if (own) followers.unshift({ symbol: own, state: complete ? run : run + own.name });
  return {
    followers,
    mayEnd: complete,
    reason: () =>
      `a run of ${own?.many} must last at least ${shortest} characters, this one lasted ${run.length}`,
  };
}
