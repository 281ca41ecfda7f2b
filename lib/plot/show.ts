/** Shows any value under a notebook's cell. */
import { currentKernel, type Displayable, jupyterDisplay, settle } from "./display.ts";
import { formatTable } from "../table.ts";
import { layOut } from "./graph.ts";
import { html } from "./html.ts";
import { htmlTable } from "./html_table.ts";
import { rounded } from "./rounded.ts";

/** A value that knows its graph and leaves the drawing to {@linkcode show}: a grammar, an expression. */
export interface Drawable {
  /** The graph in Graphviz's DOT language. */
  toDot(): string;
  /** A line of text for where there are no pictures. */
  toString(): string;
}

/** A value that knows its numbers as a table, and leaves the layout to {@linkcode show}: a model, a run. */
export interface Tabular {
  /** A line above the table, the columns' heads, and the rows. */
  toTable(): {
    readonly title: string;
    readonly head: readonly string[];
    readonly rows: readonly (readonly (string | number)[])[];
  };
}

/**
 * Shows a value under the cell that is running; outside a kernel it prints the value's text. Numbers, also
 * those in lists and in plain objects, keep four digits.
 *
 * End a cell with `await show(value)` where its output matters: a bare last expression is sent after
 * the kernel has called itself idle, and clients then lose it or put it under the next cell.
 */
export async function show(thing: unknown): Promise<void> {
  const kernel = currentKernel();
  const shown = isDrawable(thing)
    ? drawing(thing)
    : isTabular(thing)
    ? table(thing)
    : rounded(thing);
  if (kernel === undefined) return console.log(await plainTextOf(shown));
  await kernel.display(shown);
  await settle();
}

/** A drawable as something that shows itself. */
export function drawing(drawable: Drawable): Displayable {
  return {
    [jupyterDisplay]: async () => ({
      "image/svg+xml": await layOut(drawable.toDot()),
      "text/plain": drawable.toString(),
    }),
  };
}

/** A tabular value as something that shows itself. */
export function table(tabular: Tabular): Displayable {
  return {
    [jupyterDisplay]: () => {
      const { title, head, rows } = tabular.toTable();
      if (rows.length === 0) {
        return { "text/html": `${html`<p>${title}</p>`}`, "text/plain": title };
      }
      const cells = rows.map((row) => [...row]);
      return {
        "text/html": `${htmlTable({ head, rows: cells, caption: title })}`,
        "text/plain": `${title}\n\n${formatTable([...head], cells)}`,
      };
    },
  };
}

function isDisplayable(thing: unknown): thing is Displayable {
  return typeof thing === "object" && thing !== null && jupyterDisplay in thing;
}

function isDrawable(thing: unknown): thing is Drawable {
  return typeof thing === "object" && thing !== null && !isDisplayable(thing) &&
    "toDot" in thing && typeof thing.toDot === "function";
}

function isTabular(thing: unknown): thing is Tabular {
  return typeof thing === "object" && thing !== null && !isDisplayable(thing) &&
    "toTable" in thing && typeof thing.toTable === "function";
}

async function plainTextOf(thing: unknown): Promise<unknown> {
  if (!isDisplayable(thing)) return thing;
  return (await thing[jupyterDisplay]())["text/plain"] ?? String(thing);
}
