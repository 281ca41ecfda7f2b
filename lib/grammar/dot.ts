/**
 * Drawings of automata, described in Graphviz's DOT language; `lib/plot` lays them out.
 */
import type { Automaton, State } from "./automaton.ts";

/** A drawing of more states than this shows nothing any more. */
const MOST_DRAWN = 24;

/** The automaton in DOT; a string may end in a double circle, states too many become one cloud. */
export function toDot({ symbols, states, unbounded }: Automaton, title: string): string {
  const drawn = states.slice(0, MOST_DRAWN);
  const nodes = drawn.map((state, index) => `${index} [${appearance(state)}]`);
  const edges = drawn.flatMap(({ arrows }, index) =>
    arrows.filter(({ target }) => target < drawn.length).map(({ symbol, probability, target }) =>
      `${index} -> ${target} [label=${quote(`${symbols[symbol]!.name} ${percent(probability)}`)}]`
    )
  );
  const leaving = drawn.flatMap(({ arrows }, index) =>
    arrows.some(({ target }) => target >= drawn.length) ? [`${index} -> more [style=dashed]`] : []
  );
  const hidden = unbounded ? "infinitely many" : states.length - drawn.length;
  const more = hidden === 0 ? [] : [`more [label=${quote(`${hidden} more`)}, style=dashed]`];
  return `digraph {
  rankdir=LR; size="11,8"; fontname="Helvetica"; fontsize=12; label=${quote(title)}
  node [fontname="Helvetica", fontsize=12, height=0.5, margin=0.03, color="#4c566a"]
  edge [fontname="Helvetica", fontsize=10, color="#8a94a6", arrowsize=0.7]
  ${[...nodes, ...more, ...edges, ...leaving].join("\n  ")}
}`;
}

function appearance({ label, end }: State): string {
  const name = label || "start";
  if (end > 0) return `label=${quote(`${name}\nend ${percent(end)}`)}, shape=doublecircle`;
  return `label=${quote(name)}, shape=${label === "" ? "plaintext" : "circle"}`;
}

function percent(probability: number): string {
  return `${Math.round(100 * probability)} %`;
}

function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}
