/**
 * `anbn`: some lower-case letters, then as many digits, at most N of each; and so on.
 *
 * This is aⁿbⁿ, the language that needs a counter, block after block. A state is the letters so far,
 * or the digits that are still to come, so there are 2N + 1.
 */
import { createAutomaton, type Rule } from "./automaton.ts";
import type { Family } from "./family.ts";
import { digit, lower } from "./symbols.ts";
import { counted } from "./words.ts";

const symbols = [lower, digit];
const COMPLETE = "∅";

/** Blocks of up to N letters and as many digits. */
export const anbn: Family = {
  name: "anbn",
  title: "counting: whoever sees less than 2N characters loses count",
  least: 2,
  most: 12, // blocks of N letters are as rare as 2¹⁻ᴺ
  describe: (n) =>
    `blocks of 1 to ${n} lower-case letters, each followed by exactly as many digits`,
  build: (n) => createAutomaton(symbols, (label) => rule(label, n)),
};

function rule(label: string, most: number): Rule {
  if (label === "" || label === COMPLETE) {
    return {
      followers: [{ symbol: lower, state: lower.name }],
      mayEnd: label === COMPLETE,
      reason: () => "a block begins with a lower-case letter, not with a digit",
    };
  }
  const count = label.length;
  const digits = { symbol: digit, state: digit.name.repeat(count - 1) || COMPLETE };
  const letters = { symbol: lower, state: label + lower.name };
  const mayGrow = label.startsWith(lower.name) && count < most;
  return {
    followers: mayGrow ? [letters, digits] : [digits],
    mayEnd: false,
    reason: (found) =>
      `${counted(count, "digit")} must follow, ${
        found === null ? "but the string ends" : "not a lower-case letter"
      }`,
  };
}
