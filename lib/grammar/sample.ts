import type { Random } from "../random.ts";
import type { Automaton, State } from "./automaton.ts";

/** Walks the automaton from its start to an end and returns what it wrote. */
export function sample({ symbols, states }: Automaton, rng: Random): string {
  let text = "";
  let state = states[0]!;
  for (let arrow = draw(state, rng); arrow !== null; arrow = draw(state, rng)) {
    text += rng.choice(symbols[arrow.symbol]!.characters);
    state = states[arrow.target]!;
  }
  return text;
}

/** An arrow with its probability, null for the end. */
function draw({ end, arrows }: State, rng: Random): State["arrows"][number] | null {
  let left = rng.uniform() - end;
  if (left < 0) return null;
  for (const arrow of arrows) {
    left -= arrow.probability;
    if (left < 0) return arrow;
  }
  return arrows.at(-1)!; // subtle: rounding may leave a crumb, which must not end the string
}
