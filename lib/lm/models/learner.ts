/**
 * The ideal learner: it knows that a grammar of one of our families wrote the strings, and not which.
 *
 * Before the first string every family is as likely as the others, and within one every N. Each
 * character read makes the grammars that expected it more likely (Bayes), and what is predicted is the
 * mixture:
 *
 *     P(next | read) = Σ_G P(G | read) · P(next | read, G)
 *
 * On average over all those grammars nothing that has seen the same strings predicts better.
 */
import { createGrammar, families, type Grammar } from "../../grammar/mod.ts";
import { createAutomatonModel } from "./automaton.ts";
import type { Vocabulary } from "../data/vocabulary.ts";
import type { LanguageModel } from "../language_model.ts";

/** Larger N are not thought of. */
const LARGEST_N = 6;

/** A grammar that may have written it all. */
interface Member {
  readonly grammar: Grammar;
  /** ln of its share before anything is read. */
  readonly prior: number;
  /** Where a character of the vocabulary stands in the grammar's alphabet, by token id; −1: nowhere. */
  readonly places: Int32Array;
}

/** Where each member stands in the string, undefined where it cannot, and ln of its weight. */
interface Belief {
  readonly states: readonly (number | undefined)[];
  readonly weights: Float64Array;
}

/**
 * The ideal learner after some examples, as a language model over the characters of a vocabulary. What
 * it gives to characters outside of it is lost, so that its probabilities may sum to less than one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createVocabulary } from "../data/vocabulary.ts";
 * import { createIdealLearner } from "./learner.ts";
 *
 * const vocabulary = createVocabulary("()[]{}");
 * const learner = createIdealLearner(["([])", "{}"], { vocabulary }); // so it is brackets
 * const row = await learner.startDecoding(1).step(vocabulary.encode("("));
 * assertEquals(vocabulary.symbol(4), "]");
 * assertEquals(row[4], -Infinity); // it must not close what was not opened
 * ```
 */
export function createIdealLearner(
  examples: readonly string[],
  { vocabulary }: { vocabulary: Vocabulary },
): LanguageModel {
  const members = listMembers(vocabulary);
  const begin = (weights: Float64Array): Belief => ({
    states: members.map(({ grammar }) => grammar.start),
    weights,
  });
  let belief = begin(Float64Array.from(members, ({ prior }) => prior));
  for (const example of examples) {
    for (const token of vocabulary.encode(example)) belief = read(belief, { members, token });
    belief = begin(ended(belief, members));
  }
  const start = belief;
  return createAutomatonModel<Belief>({
    name: "ideal learner",
    vocabulary,
    parameterCount: 0,
    contextLength: Infinity,
    start,
    next: (belief, token) => token === vocabulary.start ? start : read(belief, { members, token }),
    predict: (belief, row) => predict(belief, { members, row, end: vocabulary.end }),
  });
}

function listMembers(vocabulary: Vocabulary): Member[] {
  const all = families.map(({ name, least, most }) =>
    Array.from(
      { length: Math.min(most, LARGEST_N) - least + 1 },
      (_, i) => [name, least + i] as const,
    )
  );
  return all.flatMap((family) =>
    family.map(([name, n]): Member => {
      const grammar = createGrammar(name, n);
      const places = Int32Array.from(
        { length: vocabulary.size },
        (_, id) => grammar.alphabet.indexOf(vocabulary.symbol(id)),
      );
      return { grammar, prior: -Math.log(all.length * family.length), places };
    })
  );
}

/** The belief after one more character. */
function read(
  { states, weights }: Belief,
  { members, token }: { members: readonly Member[]; token: number },
): Belief {
  const after = weights.slice();
  const moved = members.map(({ grammar, places }, i) => {
    const state = states[i];
    const place = places[token]!;
    const probability = state === undefined || place < 0 ? 0 : grammar.probabilities(state)[place]!;
    after[i]! += Math.log(probability);
    return probability > 0 ? grammar.next(state!, grammar.alphabet[place]!) : undefined;
  });
  return { states: moved, weights: after };
}

/** Weights after the end of a string. */
function ended({ states, weights }: Belief, members: readonly Member[]): Float64Array {
  return weights.map((weight, i) => {
    const state = states[i];
    return state === undefined
      ? -Infinity
      : weight + Math.log(members[i]!.grammar.probabilities(state).at(-1)!);
  });
}

/** Writes ln of the mixture into a row [V]; −∞ everywhere where no grammar writes such a text. */
function predict(
  { states, weights }: Belief,
  { members, row, end }: { members: readonly Member[]; row: Float32Array; end: number },
): void {
  const largest = weights.reduce((a, b) => Math.max(a, b), -Infinity);
  if (largest === -Infinity) return void row.fill(-Infinity);
  const shares = weights.map((weight) => Math.exp(weight - largest));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const mixture = new Float64Array(row.length);
  members.forEach(({ grammar, places }, i) => {
    if (shares[i] === 0) return;
    const probabilities = grammar.probabilities(states[i]!);
    const share = shares[i]! / total;
    places.forEach((place, id) => {
      if (id === end) mixture[id]! += share * probabilities.at(-1)!;
      else if (place >= 0) mixture[id]! += share * probabilities[place]!;
    });
  });
  mixture.forEach((probability, id) => row[id] = Math.log(probability));
}
