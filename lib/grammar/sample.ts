import type { Arrow, Automaton, State } from "./automaton.ts";

/** Where chance comes from: what sampling needs of `Random`, so that this room stands alone. */
export interface Chance {
  /** A uniform number in [0, 1). */
  uniform(): number;
  /** A uniformly drawn element. */
  choice<T>(items: ArrayLike<T>): T;
}

/** Walks the automaton from its start to an end and returns what it wrote. */
export function sample({ symbols, states }: Automaton, rng: Chance): string {
  let text = "";
  let state = states[0]!;
  for (let arrow = draw(state, rng); arrow !== null; arrow = draw(state, rng)) {
    text += rng.choice(symbols[arrow.symbol]!.characters);
    state = states[arrow.target]!;
  }
  return text;
}

/** An arrow with its probability, null for the end. */
function draw({ end, arrows }: State, rng: Chance): Arrow | null {
  const left = rng.uniform() - end;
  return left < 0 ? null : pick(arrows, left);
}

/** An arrow with its probability, where there is no end. */
export function drawArrow(arrows: readonly Arrow[], rng: Chance): Arrow {
  return pick(arrows, rng.uniform());
}

/** The arrow in whose part of the line from 0 to 1 a point lies. */
function pick(arrows: readonly Arrow[], left: number): Arrow {
  for (const arrow of arrows) {
    left -= arrow.probability;
    if (left < 0) return arrow;
  }
  return arrows.at(-1)!; // subtle: rounding may leave a crumb, which must not end the string
}
