/**
 * A probabilistic automaton: what all grammars are.
 *
 * It stands in one state, ends the string there with some probability or else follows an arrow,
 * which writes a symbol. From one state a symbol leads to one place only, so a text is read without
 * searching, and every question about the language becomes a sum over states.
 */
import type { GrammarSymbol } from "./symbols.ts";

/** A step from a state: write this symbol, stand in that state. */
export interface Arrow {
  /** Index into {@linkcode Automaton.symbols}. */
  readonly symbol: number;
  /** How likely this step is in its state. */
  readonly probability: number;
  /** Index into {@linkcode Automaton.states}. */
  readonly target: number;
}

/** All the automaton knows about the string so far. */
export interface State {
  /** Short and unique; what is remembered, spelled in symbol names; empty at the start. */
  readonly label: string;
  /** The probability that the string ends here; 0 where it must not. */
  readonly end: number;
  /** At most one for each symbol; with `end` their probabilities sum to 1. */
  readonly arrows: readonly Arrow[];
  /** Why a symbol without an arrow (or the end, null) is wrong here. */
  readonly reason: (found: GrammarSymbol | null) => string;
}

/** States and arrows; the start is state 0. */
export interface Automaton {
  /** What it writes. */
  readonly symbols: readonly GrammarSymbol[];
  /** Where it can stand, the start first; all of them can be reached. */
  readonly states: readonly State[];
  /**
   * Whether there are infinitely many states. Then the list holds those that have been met so far: it
   * grows by a state's neighbours when its arrows are first asked for.
   */
  readonly unbounded?: true;
}

/** A symbol that may follow and the label of the state it leads to. */
export interface Follower {
  readonly symbol: GrammarSymbol;
  readonly state: string;
  /** How likely relative to the other followers; 1 when left out, so all alike. */
  readonly weight?: number;
}

/** What a family says about one state. */
export interface Rule {
  readonly followers: readonly Follower[];
  readonly mayEnd: boolean;
  readonly reason: State["reason"];
}

/** Where a string may end, it does so with this probability: the same everywhere, for a length
 * limit would need more context than the rule itself. */
export const END_PROBABILITY = 1 / 5;

/**
 * Explores all states from the start (the empty label) on, breadth first.
 *
 * @param symbols the symbols, in the order of the alphabet
 * @param rule what may follow the state of a label
 */
export function createAutomaton(
  symbols: readonly GrammarSymbol[],
  rule: (label: string) => Rule,
): Automaton {
  const labels = [""];
  const indices = new Map([["", 0]]);
  const indexOf = (label: string) => {
    if (!indices.has(label)) indices.set(label, labels.push(label) - 1);
    return indices.get(label)!;
  };
  const states: State[] = [];
  for (let index = 0; index < labels.length; index++) { // subtle: `indexOf` makes `labels` grow
    const label = labels[index]!;
    const { followers, mayEnd, reason } = rule(label);
    const end = mayEnd ? END_PROBABILITY : 0;
    const total = followers.reduce((sum, { weight = 1 }) => sum + weight, 0);
    const arrows = followers.map(({ symbol, state, weight = 1 }) => ({
      symbol: symbols.indexOf(symbol),
      probability: (1 - end) * weight / total,
      target: indexOf(state),
    }));
    states.push({ label, end, arrows, reason });
  }
  return { symbols, states };
}
