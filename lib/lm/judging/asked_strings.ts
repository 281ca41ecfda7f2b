/** What strings from elsewhere look like beside the true ones: a share of right ones alone can be luck. */
import type { Grammar } from "../../grammar/mod.ts";

/** What an answer to a question held, in numbers. */
export interface AskedStrings {
  /** Strings that were read out of the answers. */
  readonly parsed: number;
  /** Lines that were none, by what they were instead. */
  readonly rejected: Readonly<Record<string, number>>;
  /** Strings that stood among the examples that were shown. */
  readonly copied: number;
  /** Mean length of the strings in characters; null where there are none. */
  readonly meanLength: number | null;
  /** The same of the training strings. */
  readonly trueMeanLength: number;
  /** New strings of some lengths, and how many of them are right. */
  readonly byLength: readonly LengthGroup[];
}

/** Strings of some lengths. */
export interface LengthGroup {
  /** Shortest length of the group. */
  readonly from: number;
  /** Longest length of the group; null where there is no limit. */
  readonly to: number | null;
  /** Strings that are not in the training corpus. */
  readonly new: number;
  /** How many of those are right. */
  readonly valid: number;
}

/** Lengths are grouped at these: what is short is often right by luck. */
const BORDERS = [1, 3, 5, 9, 17];

/** Fewer new strings say nothing about a share. */
export const FEWEST_NEW = 30;

/** Describes strings that a model was asked for. */
export function describeAsked(
  { samples, copied, rejected }: {
    samples: readonly string[];
    copied: number;
    rejected: Readonly<Record<string, number>>;
  },
  { grammar, training }: { grammar: Grammar; training: readonly string[] },
): AskedStrings {
  const known = new Set(training);
  const fresh = [...new Set(samples)].filter((text) => !known.has(text));
  const byLength = BORDERS.map((from, i): LengthGroup => {
    const to = BORDERS[i + 1] === undefined ? null : BORDERS[i + 1]! - 1;
    const group = fresh.filter((text) => text.length >= from && text.length <= (to ?? Infinity));
    const valid = group.filter((text) => grammar.check(text).valid).length;
    return { from, to, new: group.length, valid };
  });
  return {
    parsed: samples.length,
    rejected,
    copied,
    meanLength: samples.length === 0 ? null : meanLength(samples),
    trueMeanLength: meanLength(training),
    byLength: byLength.filter((group) => group.new > 0),
  };
}

function meanLength(texts: readonly string[]): number {
  return texts.reduce((sum, { length }) => sum + length, 0) / texts.length;
}
