/**
 * What a value offers to whoever draws graphs: text in Graphviz's language. The engine draws nothing
 * itself, so that it also runs where there is no Graphviz.
 */
import { type DrawingOptions, toDot } from "./dot.ts";
import { Value } from "./value.ts";

/** A graph that `await show(…)` of `lib/plot` draws in a notebook. */
export interface Drawing {
  /** The graph in Graphviz's language. */
  toDot(): string;
  /** A line of text for where there are no pictures. */
  toString(): string;
}

/**
 * A drawing of the graph with names for its values; a bare value is drawn without names.
 *
 * @param root the result; all that it was computed from is drawn to its left
 * @returns what `await show(…)` of `lib/plot` draws
 *
 * @example
 * ```ts
 * import { show } from "../plot/mod.ts";
 * import { drawGraph, Value } from "./mod.ts";
 *
 * const a = new Value(2);
 * const b = a.exp();
 * await show(drawGraph(b, { names: { a, b } }));
 * ```
 */
export function drawGraph(root: Value, options: DrawingOptions = {}): Drawing {
  return { toDot: () => toDot(root, options), toString: () => root.toString() };
}

/** Lets `show` draw every value, as {@linkcode drawGraph} without names. */
export function drawValues(): void {
  Object.defineProperty(Value.prototype, "toDot", {
    configurable: true,
    value(this: Value) {
      return toDot(this);
    },
  });
}
