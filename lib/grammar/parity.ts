/**
 * `parity`: upper-case when the number of upper-case letters among the last N−1 is odd, else
 * lower-case.
 *
 * A state is the last N−1 symbols (all of them while there are fewer), so there are 2ᴺ − 1.
 */
import { createAutomaton, type Rule } from "./automaton.ts";
import type { Family } from "./family.ts";
import { lower, upper } from "./symbols.ts";
import { counted } from "./words.ts";

const symbols = [lower, upper];

/** Each letter is the parity of the N−1 before it. */
export const parity: Family = {
  name: "parity",
  title: "the same cliff, hard to learn",
  least: 2,
  most: 12, // 4,095 states
  describe: (n) =>
    `after ${counted(n - 1, "free letter")} each is upper-case when the number of upper-case ` +
    `letters among the ${n - 1} before it is odd, else lower-case`,
  build: (n) => createAutomaton(symbols, (last) => rule(last, n - 1)),
};

function rule(last: string, distance: number): Rule {
  const free = last.length < distance;
  const uppers = [...last].filter((name) => name === upper.name).length;
  const odd = uppers % 2 === 1;
  const allowed = free ? symbols : [odd ? upper : lower];
  return {
    followers: allowed.map((symbol) => ({ symbol, state: (last + symbol.name).slice(-distance) })),
    mayEnd: !free,
    reason: (found) =>
      found === null
        ? `a string has at least ${counted(distance, "letter")}, this one has ${last.length}`
        : `${uppers} of the last ${counted(distance, "letter")} ${
          uppers === 1 ? "is" : "are"
        } upper-case, ${odd ? "an odd" : "an even"} number, so ${
          allowed[0]?.one
        } must follow, not ${found.one}`,
  };
}
