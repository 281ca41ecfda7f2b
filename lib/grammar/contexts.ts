/**
 * What a model sees that sees only the last symbols: contexts, and the states behind them.
 *
 * visits(c, s) is how often a string is expected to pass a place with context c and state s. For the
 * empty context these are the visits of the states. And whoever passes (c, s) and writes x is then
 * found behind cx, so that each length of context follows from the one below.
 */
import type { Automaton } from "./automaton.ts";
import { expectedVisits } from "./visits.ts";

/** Context, in symbol names → index of a state behind it → expected visits a string. */
export type Contexts = Map<string, Map<number, number>>;

/** Stands in a context for the symbols before the first. */
export const PADDING = "^";

/** More pairs of context and state than this take too long and too much memory. */
const MOST_PAIRS = 1 << 20;

/**
 * Gives for each k the contexts of k−1 symbols, or shorter ones where these already tell the state;
 * throws a RangeError on an order that is none or too large.
 */
export function createContexts(automaton: Automaton): (k: number) => Contexts {
  const visits = expectedVisits(automaton.states.map(({ arrows }) => arrows));
  const ofLength: Contexts[] = [new Map([["", new Map(visits.entries())]])];
  return (k) => {
    if (!Number.isInteger(k) || k < 1) {
      throw new RangeError(`Expected a k-gram with k of at least 1, got ${k}`);
    }
    while (ofLength.length < k && [...ofLength.at(-1)!.values()].some(({ size }) => size > 1)) {
      ofLength.push(lengthen(ofLength.at(-1)!, { automaton, length: ofLength.length }));
    }
    return ofLength[k - 1] ?? ofLength.at(-1)!;
  };
}

/** The contexts one symbol longer, `length` symbols now; at the start there is only padding. */
function lengthen(
  shorter: Contexts,
  { automaton: { symbols, states }, length }: { automaton: Automaton; length: number },
): Contexts {
  const longer: Contexts = new Map([[PADDING.repeat(length), new Map([[0, 1]])]]);
  let pairs = 1;
  for (const [context, behind] of shorter) {
    for (const [state, visits] of behind) {
      for (const { symbol, probability, target } of states[state]!.arrows) {
        const found = getOrCreate(longer, context + symbols[symbol]!.name);
        if (!found.has(target)) pairs++;
        found.set(target, (found.get(target) ?? 0) + visits * probability);
      }
    }
    if (pairs > MOST_PAIRS) {
      throw new RangeError(
        `Expected a k-gram with k of at most ${length}, got a larger one, ` +
          `whose contexts of ${length} symbols are too many to count`,
      );
    }
  }
  return longer;
}

function getOrCreate(contexts: Contexts, context: string): Map<number, number> {
  const behind = contexts.get(context) ?? new Map<number, number>();
  contexts.set(context, behind);
  return behind;
}
