/** The expression graph as a picture, laid out by Graphviz compiled to WebAssembly. */
import type { DrawingOptions } from "./dot.ts";
import type { Value } from "./value.ts";

/** What a notebook's cell can end with. */
export interface Drawing {
  /** Under `Symbol.for("Jupyter.display")`: the same picture in several formats. */
  [display: symbol]: () => Promise<Record<string, string>>;
}

/**
 * A drawing of the graph with names for its values; a bare value draws itself without names.
 *
 * @example
 * ```ts
 * import { drawGraph, Value } from "./mod.ts";
 *
 * const a = new Value(2);
 * const b = a.exp();
 * drawGraph(b, { names: { a, b } }); // at the end of a notebook's cell
 * ```
 */
export function drawGraph(root: Value, options: DrawingOptions = {}): Drawing {
  return { [Symbol.for("Jupyter.display")]: () => render(root, options) };
}

const fit = "max-width: 100%; height: auto";

/** The picture as an SVG, and a line of text for where none can be shown. */
export async function render(
  root: Value,
  options: DrawingOptions = {},
): Promise<Record<string, string>> {
  const { Graphviz } = await import("@hpcc-js/wasm-graphviz"); // a megabyte: only when drawn
  const graphviz = await Graphviz.load();
  const svg = graphviz.dot(root.toDot(options), "svg");
  return {
    "image/svg+xml": svg.slice(svg.indexOf("<svg")).replace("<svg", `<svg style="${fit}"`),
    "text/plain": root.toString(),
  };
}
