/**
 * `echo`: a symbol repeats the one N−1 back, or is that one's successor in the cycle
 * lower → upper → digit → mark → lower.
 *
 * A state is the last N−1 symbols (all of them while there are fewer), so there are 4ᴺ⁻¹ and some.
 */
import { createAutomaton, type Rule } from "./automaton.ts";
import type { Family } from "./family.ts";
import { digit, lower, mark, upper } from "./symbols.ts";
import { counted } from "./words.ts";

const cycle = [lower, upper, digit, mark];

/** Each symbol echoes the one N−1 back. */
export const echo: Family = {
  name: "echo",
  title: "all or nothing: below N context is worth almost nothing",
  least: 2,
  most: 7, // 5,461 states
  describe: (n) =>
    `after ${counted(n - 1, "free symbol")} each is the symbol ${n - 1} back or its successor ` +
    `in the cycle lower-case letter, upper-case letter, digit, mark`,
  build: (n) => createAutomaton(cycle, (last) => rule(last, n - 1)),
};

function rule(last: string, distance: number): Rule {
  const free = last.length < distance;
  const heard = cycle.findIndex(({ name }) => last.startsWith(name));
  const allowed = free ? cycle : [cycle[heard]!, cycle[(heard + 1) % cycle.length]!];
  return {
    followers: allowed.map((symbol) => ({ symbol, state: (last + symbol.name).slice(-distance) })),
    mayEnd: !free,
    reason: (found) =>
      found === null
        ? `a string has at least ${counted(distance, "character")}, this one has ${last.length}`
        : `${allowed[0]?.one} stands ${distance} back, so ${
          allowed.map(({ one }) => one).join(" or ")
        } must follow, not ${found.one}`,
  };
}
