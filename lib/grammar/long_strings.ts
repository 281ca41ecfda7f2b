/**
 * Strings that are long: those of a grammar that have at least T characters.
 *
 * The longer a string, the rarer, so whoever wants to see long ones must not wait for them. But how likely
 * it is that r more characters follow a state is a sum over its arrows:
 *
 *     h₀(s) = 1,   hᵣ(s) = Σ P(arrow) · hᵣ₋₁(target)
 *
 * and among long strings an arrow is taken with P(arrow) · hᵣ₋₁(target) / hᵣ(s). (Doob's transform.)
 */
import type { Arrow, Automaton } from "./automaton.ts";
import { type Chance, drawArrow } from "./sample.ts";

/** The beginnings, T characters long, of all strings that have so many. */
export interface LongStrings {
  /** T. */
  readonly length: number;
  /** The share of strings that are so long. */
  readonly share: number;
  /** The arrows of a state after `position` characters, as likely as they are in long strings. */
  arrows(state: number, position: number): readonly Arrow[];
  /** Draws a beginning. */
  sample(rng: Chance): string;
}

/**
 * The long strings of an automaton.
 *
 * @param length T, in characters
 * @throws RangeError where there are none, or infinitely many states
 */
export function createLongStrings(automaton: Automaton, length: number): LongStrings {
  const { symbols, states, unbounded } = automaton;
  if (unbounded) {
    throw new RangeError("Expected a grammar of finitely many states, got one without bound");
  }
  const survival = [new Float64Array(states.length).fill(1)]; // by characters still to come
  for (let left = 1; left <= length; left++) {
    const shorter = survival[left - 1]!;
    survival.push(
      Float64Array.from(
        states,
        ({ arrows }) =>
          arrows.reduce((sum, { probability, target }) => sum + probability * shorter[target]!, 0),
      ),
    );
  }
  const share = survival[length]![0]!;
  if (!(share > 0)) throw new RangeError(`Expected a length that strings have, got ${length}`);
  const arrows = remembered(states.length, (state, position) => {
    const left = length - position;
    return states[state]!.arrows.map((arrow) => ({
      ...arrow,
      probability: arrow.probability * survival[left - 1]![arrow.target]! / survival[left]![state]!,
    }));
  });
  return {
    length,
    share,
    arrows,
    sample: (rng) => {
      let text = "";
      for (let state = 0, position = 0; position < length; position++) {
        const { symbol, target } = drawArrow(arrows(state, position), rng);
        text += rng.choice(symbols[symbol]!.characters);
        state = target;
      }
      return text;
    },
  };
}

/** The same arrows, each list made once. */
function remembered(
  states: number,
  make: (state: number, position: number) => Arrow[],
): LongStrings["arrows"] {
  const known: Arrow[][] = [];
  return (state, position) => known[position * states + state] ??= make(state, position);
}
