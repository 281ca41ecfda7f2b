/** How the box words what it knows. */
import type { Grammar } from "../../grammar/mod.ts";
import { printable } from "../sampling/stream.ts";

/** The border of strings, as a character. */
export const BORDER = "⏎";

/** A share as a percentage of two digits; a dash where it is not known. */
export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined || Number.isNaN(share)) return "–";
  if (share === 0) return "0 %";
  if (share < 0.0001) return "< 0.01 %";
  const digits = share >= 0.0995 ? 0 : share >= 0.00995 ? 1 : 2;
  return `${(100 * share).toFixed(digits)} %`;
}

/** A character as it can be seen: spaces as signs, the empty one as the border, no command. */
export function visibleCharacter(character: string): string {
  if (character === "") return BORDER;
  return /^\s$/.test(character) ? "␣" : printable(character);
}

/** The name of a state of the automaton. */
export function stateName(grammar: Grammar, state: number | null): string {
  return state === null ? "–" : grammar.automaton.states[state]!.label || "start";
}

/** What the grammar has to say of a text, in a sentence. */
export function verdictInWords(text: string, { grammar }: { grammar: Grammar }): string {
  if (text === "") return `Type a string. The rule: ${grammar.description}.`;
  const verdict = grammar.check(text);
  if (verdict.valid) return "A string of the language.";
  const { position, reason } = verdict;
  if (position === text.length) return `Right so far, but it must not end here: ${reason}.`;
  const before = [...text.slice(0, position)].length;
  const character = visibleCharacter(String.fromCodePoint(text.codePointAt(position)!));
  return `Breaks the rule at character ${before + 1}, “${character}”: ${reason}.`;
}

/** How often a string is written, given its probability. */
export function onceInWords(probability: number): string {
  if (probability === 0) return "never";
  const count = 1 / probability;
  if (count > 1e15) return "less than once in 10¹⁵";
  const format = new Intl.NumberFormat("en", {
    notation: "compact",
    maximumSignificantDigits: 2,
    compactDisplay: "long",
  });
  return `once in ${format.format(count)}`;
}
