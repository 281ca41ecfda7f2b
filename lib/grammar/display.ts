/**
 * Drawings of automata: described in Graphviz's DOT language, laid out by Graphviz.
 */
import { Graphviz } from "@hpcc-js/wasm-graphviz";
import type { Automaton, State } from "./automaton.ts";

/** A drawing with more states than this shows nothing any more. */
const MOST_DRAWN = 40;

/** What a notebook shows: the automaton as a picture, and a line of text where there is none. */
export async function draw(automaton: Automaton, title: string): Promise<Record<string, string>> {
  const graphviz = await Graphviz.load();
  const svg = graphviz.dot(toDot(automaton));
  const states = `${automaton.states.length} states`;
  return {
    "image/svg+xml": svg.slice(svg.indexOf("<svg")), // without the prolog it can stand inside HTML
    "text/plain": `${title} (${states})`,
  };
}

/** The automaton in DOT; a double circle may end, states beyond the first few become one cloud. */
export function toDot({ symbols, states }: Automaton): string {
  const drawn = states.slice(0, MOST_DRAWN);
  const hidden = states.length - drawn.length;
  const nodeOf = (state: number) => state < drawn.length ? `${state}` : "more";
  const lines = drawn.flatMap((state, index) => [
    `${index} [label=${quote(state.label || "start")}, shape=${shapeOf(state)}]`,
    ...[...edges(state, nodeOf)].map(([target, written]) =>
      `${index} -> ${target} [label=${
        quote(
          written.map(({ symbol, percent }) => `${symbols[symbol]!.name} ${percent}`).join("\n"),
        )
      }]`
    ),
  ]);
  if (hidden > 0) lines.push(`more [label=${quote(`${hidden} more states`)}, style=dashed]`);
  return `digraph {
  rankdir=LR; bgcolor=transparent
  node [fontname="Helvetica", fontsize=12, height=0.5, color="#4c566a"]
  edge [fontname="Helvetica", fontsize=10, color="#8a94a6", arrowsize=0.7]
  ${lines.join("\n  ")}
}`;
}

function shapeOf({ label, end }: State): string {
  if (end > 0) return "doublecircle";
  return label === "" ? "plaintext" : "circle";
}

/** The arrows of a state, those to one node together. */
function edges(
  { arrows }: State,
  nodeOf: (state: number) => string,
): Map<string, { symbol: number; percent: string }[]> {
  return Map.groupBy(
    arrows.map(({ symbol, probability, target }) => ({
      symbol,
      percent: `${+(100 * probability).toPrecision(2)} %`,
      node: nodeOf(target),
    })),
    ({ node }) => node,
  );
}

function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}
