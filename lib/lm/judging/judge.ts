/** What a model's strings are worth, judged by the grammar that they should belong to. */
import type { Grammar } from "../../grammar/mod.ts";
import type { Sample } from "../sampling/sample.ts";

/** Counts of generated strings; each number is at most the one before it. */
export interface Generated {
  /** All that were written. */
  readonly total: number;
  /** Different strings. */
  readonly unique: number;
  /** Different strings that are not in the training corpus, so that repeating earns nothing. */
  readonly new: number;
  /** New ones that are members of the grammar ("" and unfinished strings are not); null without one. */
  readonly valid: number | null;
  /** Strings of the total that did not end. */
  readonly unfinished: number;
  /** valid / new, null when nothing is new or there is no grammar. */
  readonly accuracy: number | null;
  /** Wilson's 95 % interval for the accuracy. */
  readonly ci95: readonly [number, number] | null;
}

/** What was written, counted, where no grammar says what is right. */
export function countPieces(
  pieces: readonly string[],
  { known, unfinished }: { known: ReadonlySet<string>; unfinished: number },
): Generated {
  const different = new Set(pieces);
  return {
    total: pieces.length,
    unique: different.size,
    new: different.difference(known).size,
    valid: null,
    unfinished,
    accuracy: null,
    ci95: null,
  };
}

/** A new string that is not a member, and why. */
export interface Failure {
  /** The string. */
  readonly text: string;
  /** Where its first mistake stands. */
  readonly position: number;
  /** What is wrong there, in words. */
  readonly reason: string;
}

/** A report holds at most so many failures. */
const MOST_FAILURES = 10;

/** Judges generated strings; failures are the first few in the order of generation. */
export function judgeSamples(
  samples: readonly Sample[],
  { grammar, known }: { grammar: Grammar; known: ReadonlySet<string> },
): { generated: Generated; failures: Failure[] } {
  const different = new Map(samples.map((sample) => [sample.text, sample]));
  const fresh = [...different.values()].filter(({ text }) => !known.has(text));
  const failures = fresh.flatMap((sample) => failureOf(sample, grammar));
  const valid = fresh.length - failures.length;
  const generated = {
    total: samples.length,
    unique: different.size,
    new: fresh.length,
    valid,
    unfinished: samples.filter(({ finished }) => !finished).length,
    accuracy: fresh.length > 0 ? valid / fresh.length : null,
    ci95: wilsonInterval(valid, fresh.length),
  };
  return { generated, failures: failures.slice(0, MOST_FAILURES) };
}

function failureOf({ text, finished }: Sample, grammar: Grammar): Failure[] {
  const verdict = grammar.check(text);
  if (!finished) {
    const reason = `the string did not end within ${text.length} characters`;
    return [{ text, position: text.length, reason }];
  }
  if (verdict.valid) return [];
  return [{ text, position: verdict.position, reason: verdict.reason }];
}

/**
 * Wilson's score interval (1927) for a share of which `successes` of `trials` were seen, at 95 %:
 * it stays within 0 and 1 and says something even when all or none succeeded.
 */
export function wilsonInterval(successes: number, trials: number): [number, number] | null {
  if (trials === 0) return null;
  const z = 1.959963984540054; // of the normal distribution, 2.5 % lie above
  const share = successes / trials;
  const scale = 1 + z ** 2 / trials;
  const centre = (share + z ** 2 / (2 * trials)) / scale;
  const reach = z * Math.sqrt(share * (1 - share) / trials + (z / (2 * trials)) ** 2) / scale;
  return [Math.max(0, centre - reach), Math.min(1, centre + reach)];
}

/** Differences of a loss below this are rounding of float32. */
const ROUNDING = 1e-6;

/**
 * How many characters of the string, the predicted one included, a loss proves to be used: 1 + the
 * largest k whose ideal k-gram model has a higher loss, 1 if there is none.
 *
 * @param loss `entropyFloor + excessLoss`, in nats a token
 * @param error its standard error; only a loss lower by three of them is lower beyond doubt
 * @param idealLosses of the ideal k-gram models for k = 1, 2, …
 */
export function measuredOrder(
  { loss, error, idealLosses }: { loss: number; error: number; idealLosses: readonly number[] },
): number {
  const bound = loss + 3 * error + ROUNDING;
  return 2 + idealLosses.findLastIndex((ideal) => bound < ideal);
}
