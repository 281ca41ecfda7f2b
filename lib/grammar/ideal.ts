/**
 * What a k-gram model can reach at best.
 *
 * A k-gram model sees the last k−1 symbols, its context c, and not the state s. The best it can do
 * is to predict the average of what the states behind a context would:
 *
 *     Q(x | c) = Σₛ visits(c, s) · P(x | s) / Σₛ visits(c, s)
 *
 * All of it is computed at the level of symbols: within a symbol characters are uniform, which every
 * k-gram model knows.
 */
import type { Automaton, State } from "./automaton.ts";
import { type Contexts, createContexts, PADDING } from "./contexts.ts";
import { minimalOrder } from "./order.ts";
import { expectedVisits } from "./visits.ts";

/** The exact answers about models of this automaton's language. */
export interface Analysis {
  /** Mean entropy of the next token, in nats: the loss that no model can beat. */
  entropyFloor(): number;
  /** Mean loss in nats a token of the k-gram model that knows the language perfectly. */
  idealLoss(k: number): number;
  /** Share of members among the strings that this k-gram model writes. */
  idealMembership(k: number): number;
  /**
   * What that model predicts after these symbols (their names), of which it sees the last k−1: P of
   * each symbol and, last, of the end; undefined where no string has such a context.
   */
  idealPrediction(context: string, k: number): Float64Array | undefined;
  /** The smallest k with an ideal membership of 1; null when there is none. */
  minimalOrder(): number | null;
}

/** The chance that who sees a context guesses the right one of a symbol's kinds. */
type Certainty = (context: string, symbol: number) => number;

const certain: Certainty = () => 1;

/**
 * Analyses an automaton; what it computed once it keeps.
 *
 * @param options.certainty below 1 where a symbol has kinds, equally likely to whoever cannot see
 *   which one the rule asks for
 */
export function analyse(
  automaton: Automaton,
  { certainty = certain }: { certainty?: Certainty } = {},
): Analysis {
  const contexts = createContexts(automaton);

  /** Contexts that tell the state: each state is its own. */
  function statesAsContexts(): Contexts {
    const visits = contexts(1).get("")!;
    return new Map(visits.entries().map((entry) => [`${entry[0]}`, new Map([entry])]));
  }

  function idealPrediction(context: string, k: number): Float64Array | undefined {
    const known = contexts(k);
    const seen = known.keys().next().value!.length; // all have this length
    const padded = PADDING.repeat(seen) + context;
    const behind = known.get(padded.slice(padded.length - seen));
    return behind && prediction(automaton, behind);
  }

  const entropyFloor = remembered(() =>
    crossEntropy(automaton, { contexts: statesAsContexts(), certainty: certain })
  );
  const order = remembered(() => minimalOrder(automaton));
  return {
    entropyFloor: () => entropyFloor(0),
    idealLoss: remembered((k) => crossEntropy(automaton, { contexts: contexts(k), certainty })),
    idealMembership: remembered((k) => membership(automaton, { contexts: contexts(k), certainty })),
    idealPrediction,
    minimalOrder: () => order(0),
  };
}

/** The same function, computing each value once. */
function remembered<T>(compute: (k: number) => T): (k: number) => T {
  const values = new Map<number, T>();
  return (k) => {
    if (!values.has(k)) values.set(k, compute(k));
    return values.get(k)!;
  };
}

/** What a k-gram model is judged by: its contexts, and how surely it completes a symbol in them. */
interface Sight {
  readonly contexts: Contexts;
  readonly certainty: Certainty;
}

/** Q(symbol | context) for all symbols and, last, Q(end | context). */
function prediction({ symbols, states }: Automaton, behind: Map<number, number>): Float64Array {
  const predicted = new Float64Array(symbols.length + 1);
  let total = 0;
  for (const [state, visits] of behind) {
    const { arrows, end } = states[state]!;
    total += visits;
    for (const { symbol, probability } of arrows) predicted[symbol]! += visits * probability;
    predicted[symbols.length]! += visits * end;
  }
  return predicted.map((sum) => sum / total);
}

/** Mean over all tokens of −ln Q(token | context), characters and end included. */
function crossEntropy(automaton: Automaton, { contexts, certainty }: Sight): number {
  const { symbols, states } = automaton;
  let loss = 0;
  let tokens = 0;
  for (const [context, behind] of contexts) {
    const predicted = prediction(automaton, behind);
    for (const [state, visits] of behind) {
      const { arrows, end } = states[state]!;
      tokens += visits;
      if (end > 0) loss -= visits * end * Math.log(predicted[symbols.length]!);
      for (const { symbol, probability } of arrows) {
        const share = certainty(context, symbol) / symbols[symbol]!.characters.length;
        loss -= visits * probability * Math.log(predicted[symbol]! * share);
      }
    }
  }
  return loss / tokens;
}

/**
 * 1 − P(the k-gram model errs). The walk is over the same pairs of context and state: as long as the
 * string has not erred, the grammar could have written it. Where the model never errs, all that is
 * taken away are zeros, so that the answer is exactly 1.
 */
function membership(automaton: Automaton, { contexts, certainty }: Sight): number {
  const { symbols, states } = automaton;
  const place = numberPairs(contexts);
  const errors: number[] = [];
  const walk = [...contexts].flatMap(([context, behind]) => {
    const predicted = prediction(automaton, behind);
    const right = predicted.map((p, symbol) => p * certainty(context, symbol)); // the kind as well
    return [...behind.keys()].map((index) => {
      const state = states[index]!;
      errors.push(errorProbability(state, { predicted, right }));
      return state.arrows.map(({ symbol, target }) => ({
        probability: right[symbol]!,
        target: place.get((context + symbols[symbol]!.name).slice(1))!.get(target)!,
      }));
    });
  });
  return 1 - expectedVisits(walk).reduce((sum, visits, i) => sum + visits * errors[i]!, 0);
}

/** Numbers the pairs in order; the start, behind nothing but padding, comes first. */
function numberPairs(contexts: Contexts): Contexts {
  let count = 0;
  return new Map(
    contexts.entries().map(([context, behind]) => [
      context,
      new Map(behind.keys().map((state) => [state, count++])),
    ]),
  );
}

/** What a prediction gives to symbols, or the end, that this state does not allow. */
function errorProbability(
  { arrows, end }: State,
  { predicted, right }: { predicted: Float64Array; right: Float64Array },
): number {
  const wrong = predicted.slice();
  for (const { symbol } of arrows) wrong[symbol]! -= right[symbol]!;
  if (end > 0) wrong[wrong.length - 1] = 0;
  return wrong.reduce((sum, probability) => sum + probability, 0);
}
