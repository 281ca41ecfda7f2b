import type { Automaton } from "./automaton.ts";
import { named, type NextDistribution, spread } from "./distribution.ts";
import { toDot } from "./dot.ts";
import { requireFamily } from "./families.ts";
import { analyse, type Analysis } from "./ideal.ts";
import { createReader, type Reader } from "./reader.ts";
import { type Chance, sample } from "./sample.ts";
import type { GrammarSymbol } from "./symbols.ts";

/** A language with exact answers. `show` of `lib/plot` draws its automaton in a notebook. */
export interface Grammar extends Omit<Reader, "read">, Omit<Analysis, "idealPrediction"> {
  /** The family's name. */
  readonly family: string;
  /** The family's number, as a rule the context that a k-gram model needs. */
  readonly n: number;
  /** The rule in words. */
  readonly description: string;
  /** What the rule speaks of, each with its characters, in the order of the alphabet. */
  readonly symbols: readonly GrammarSymbol[];
  /** The states and arrows from which all answers follow. */
  readonly automaton: Automaton;
  /** The state before the first character. */
  readonly start: number;
  /** Draws a string. */
  sample(rng: Chance): string;
  /** The exact distribution after a prefix; throws a RangeError when no string starts so. */
  nextDistribution(prefix: string): NextDistribution;
  /**
   * What the k-gram model that knows the language perfectly predicts after these characters: it looks
   * at the last k−1, at fewer where these already tell all, and takes too few for the beginning of a
   * string. Throws a RangeError when no string has what it looks at.
   */
  idealPrediction(context: string, k: number): NextDistribution;
  /** The automaton in Graphviz's DOT language. */
  toDot(): string;
  /** The rule and the number of states, in a line. */
  toString(): string;
}

/**
 * The grammar of a family and an N.
 *
 * @throws RangeError on a name or an N that does not exist
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createGrammar } from "./mod.ts";
 *
 * const grammar = createGrammar("sticky", 3); // runs last at least two characters
 * assertEquals(grammar.check("aXX"), {
 *   valid: false,
 *   position: 1,
 *   reason: "a run of lower-case letters must last at least 2 characters, this one lasted 1",
 * });
 * assertEquals(grammar.nextDistribution("no").end, 1 / 5);
 * assertEquals([grammar.idealMembership(3), grammar.minimalOrder()], [1, 3]);
 * ```
 */
export function createGrammar(family: string, n: number): Grammar {
  const { describe, build, ...answers } = requireFamily(family, n);
  const automaton = build(n);
  const { read, ...reader } = createReader(automaton);
  const title = `${family} ${n}: ${describe(n)}`;
  const analysis = once(() => answers.analyse?.(n) ?? analyse(automaton)); // not for who only samples

  function nextDistribution(prefix: string): NextDistribution {
    const state = read(prefix);
    if (typeof state !== "number") {
      throw new RangeError(
        `Expected the beginning of a string of ${family} ${n}, ` +
          `got ${JSON.stringify(prefix)}: at ${state.position}, ${state.reason}`,
      );
    }
    return named(reader.alphabet, reader.probabilities(state));
  }

  function idealPrediction(context: string, k: number): NextDistribution {
    const names = Array.from(context, (character) => reader.symbolOf(character)?.name ?? "?");
    const predicted = analysis().idealPrediction(names.join(""), k);
    if (!predicted) {
      throw new RangeError(
        `Expected a part of a string of ${family} ${n}, got ${JSON.stringify(context)}`,
      );
    }
    return named(reader.alphabet, spread(automaton.symbols, predicted));
  }

  return {
    family,
    n,
    description: describe(n),
    symbols: automaton.symbols,
    automaton,
    start: 0,
    ...reader,
    sample: (rng) => sample(automaton, rng),
    nextDistribution,
    entropyFloor: () => analysis().entropyFloor(),
    idealLoss: (k) => analysis().idealLoss(k),
    idealMembership: (k) => analysis().idealMembership(k),
    idealPrediction,
    minimalOrder: () => analysis().minimalOrder(),
    toDot: () => toDot(automaton, title),
    toString: () =>
      `${title} (${automaton.unbounded ? "infinitely many" : automaton.states.length} states)`,
  };
}

/** The same function, computing its value once. */
function once<T>(compute: () => T): () => T {
  let kept: { value: T } | undefined;
  return () => (kept ??= { value: compute() }).value;
}
