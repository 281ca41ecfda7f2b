/**
 * Characters in, states out: the automaton read character by character.
 */
import type { Automaton } from "./automaton.ts";
import { spread } from "./distribution.ts";
import type { GrammarSymbol } from "./symbols.ts";

/** Whether a text is a string of the language, and if not, where and why not. */
export type Verdict =
  | { readonly valid: true }
  | { readonly valid: false; readonly position: number; readonly reason: string };

/** Follows a text through the automaton; a state is its index. */
export interface Reader {
  /** All characters of all symbols, in a fixed order. */
  readonly alphabet: readonly string[];
  /** The symbol that shows as this character, if any. */
  symbolOf(character: string): GrammarSymbol | undefined;
  /** The state after this character, undefined when it must not follow. */
  next(state: number, character: string): number | undefined;
  /** P(next | state) for all characters of the alphabet and, last, for the end; shared, so only read. */
  probabilities(state: number): Float64Array;
  /** The state after a text, or what is wrong with it. */
  read(text: string): number | { readonly position: number; readonly reason: string };
  /** Reads a text in one pass, its end included. */
  check(text: string): Verdict;
}

/** The reader of an automaton. */
export function createReader({ symbols, states }: Automaton): Reader {
  const alphabet = symbols.flatMap(({ characters }) => characters);
  const symbolIndex = new Map(
    symbols.flatMap(({ characters }, index) => characters.map((character) => [character, index])),
  );
  const targets: (number | undefined)[][] = []; // by state and symbol, filled where texts lead
  const tables: Float64Array[] = [];

  function next(state: number, character: string): number | undefined {
    const symbol = symbolIndex.get(character);
    if (symbol === undefined) return undefined;
    return (targets[state] ??= targetRow({ symbols, states }, state))[symbol];
  }

  function reason(state: number, character: string): string {
    const symbol = symbols[symbolIndex.get(character) ?? -1];
    return symbol === undefined
      ? `${JSON.stringify(character)} is not a character of this grammar`
      : states[state]!.reason(symbol);
  }

  function read(text: string): ReturnType<Reader["read"]> {
    let state = 0;
    let position = 0;
    for (const character of text) {
      const target = next(state, character);
      if (target === undefined) return { position, reason: reason(state, character) };
      state = target;
      position += character.length;
    }
    return state;
  }

  function check(text: string): Verdict {
    if (text === "") {
      return { valid: false, position: 0, reason: "a string has at least one character" };
    }
    const end = read(text);
    if (typeof end !== "number") return { valid: false, ...end };
    const state = states[end]!;
    if (state.end > 0) return { valid: true };
    return { valid: false, position: text.length, reason: state.reason(null) };
  }

  function probabilities(state: number): Float64Array {
    return tables[state] ??= characterProbabilities({ symbols, states }, state);
  }

  const symbolOf = (character: string) => symbols[symbolIndex.get(character) ?? -1];
  return { alphabet, symbolOf, next, probabilities, read, check };
}

function targetRow({ symbols, states }: Automaton, index: number): (number | undefined)[] {
  const row = new Array<number | undefined>(symbols.length).fill(undefined);
  for (const { symbol, target } of states[index]!.arrows) row[symbol] = target;
  return row;
}

function characterProbabilities({ symbols, states }: Automaton, index: number): Float64Array {
  const { arrows, end } = states[index]!;
  const bySymbol = [...symbols.map(() => 0), end];
  for (const { symbol, probability } of arrows) bySymbol[symbol] = probability;
  return spread(symbols, bySymbol);
}
