/** A trained table of pairs beside the counts that it should have found, and beside the truth. */
import type { LanguageModel } from "../language_model.ts";
import { correlation } from "./project.ts";

/** ln P(next | last) as three sources have it, for the pairs that can be compared. */
export interface BigramAnalysis {
  /** Correlation with the count model's log-probabilities over the pairs that were seen. */
  readonly withCounts: number;
  /** Correlation with the grammar's own log-probabilities over the pairs that can occur. */
  readonly withTruth: number;
  /** P(next | last) of the model, [V, V]; row and column 0 are start and end. */
  readonly model: number[][];
  /** The same, as counted. */
  readonly counted: number[][];
  /** The same, as the best bigram model would have it. */
  readonly truth: number[][];
}

/** Below this probability the count model has never seen a pair. */
const NEVER_SEEN = 1e-7;

/**
 * Compares a model with the count bigram, and with the best bigram there can be, by their answers
 * after each single character.
 */
export async function compareBigrams(
  model: LanguageModel,
  { counted, truth }: { counted: LanguageModel; truth: readonly (readonly number[])[] },
): Promise<BigramAnalysis> {
  const [ours, counts] = await Promise.all([successors(model), successors(counted)]);
  const pairs = ours.flatMap((row, last) => row.map((p, next) => ({ p, last, next })));
  const over = (table: readonly (readonly number[])[], least: number) => {
    const chosen = pairs.filter(({ last, next }) => table[last]![next]! > least);
    return correlation(
      chosen.map(({ p }) => Math.log(p)),
      chosen.map(({ last, next }) => Math.log(table[last]![next]!)),
    );
  };
  return {
    withCounts: over(counts, NEVER_SEEN),
    withTruth: over(truth, 0),
    model: ours,
    counted: counts,
    truth: truth.map((row) => [...row]),
  };
}

/** P(next | this one token) for every token: [V, V]. */
async function successors(model: LanguageModel): Promise<number[][]> {
  const { size } = model.vocabulary;
  const inputs = Int32Array.from({ length: size }, (_, token) => token);
  const values = await model.logProbabilities({ size, length: 1, inputs }); // [V, 1, V]
  return Array.from(
    { length: size },
    (_, row) => Array.from(values.subarray(row * size, (row + 1) * size), Math.exp),
  );
}
