/** A figure is plain Plotly JSON that knows how to show itself in a notebook. */
import type * as Plotly from "plotly.js";
import { jupyterDisplay, type MediaBundle } from "./display.ts";
import { template } from "./theme.ts";

/** One of Plotly's traces: a curve, points, bars, cells. */
export type Trace = Plotly.Data;

/** Plotly's title, axes, size and all else around the traces. */
export type FigureLayout = Partial<Plotly.Layout>;

/** Plotly JSON: drawn by a notebook, by the page of this room, or by any program that knows it. */
export interface Figure {
  /** The traces, drawn one over the other. */
  data: Trace[];
  /** Title, axes, size. Colours come from `layout.template`, so that a page can replace them. */
  layout: FigureLayout;
  /** How a notebook shows it. */
  [jupyterDisplay](): MediaBundle;
}

/** What every builder takes. */
export interface FigureOptions {
  /** What is to be seen, one short line. */
  title: string;
  /** Label of the horizontal axis. */
  x?: string;
  /** Label of the vertical axis. */
  y?: string;
  /** Height in pixels; the width is that of the page. */
  height?: number;
  /** The values differ from run to run (timings): a check of the notebook does not compare them. */
  volatile?: boolean;
}

/**
 * Makes a figure from traces and a layout in this house's theme. Numbers keep six significant
 * digits, more than a screen can show, and typed arrays become lists, so that files stay small.
 */
export function figure(
  data: Trace[],
  { layout = {}, svg }: { layout?: FigureLayout; svg?: string } = {},
): Figure {
  const plain = compact({
    data,
    layout: { height: 380, ...layout, template: template("anywhere") },
  }) as { data: Trace[]; layout: FigureLayout };
  return {
    ...plain,
    [jupyterDisplay]: () => ({
      "application/vnd.plotly.v1+json": plain,
      "text/plain": describe(plain),
      ...(svg === undefined ? {} : { "image/svg+xml": svg }),
    }),
  };
}

/** The layout that the options common to all builders ask for. */
export function commonLayout({ title, x, y, height, volatile }: FigureOptions): FigureLayout {
  return {
    title: { text: plotText(title) },
    xaxis: x === undefined ? {} : { title: { text: plotText(x) } },
    yaxis: y === undefined ? {} : { title: { text: plotText(y) } },
    ...(height === undefined ? {} : { height }),
    ...(volatile ? { meta: { volatile: true } } as FigureLayout : {}),
  };
}

/**
 * Makes text stay text in Plotly, which reads `<b>` and `&lt;` as HTML does and `%{x}` as a value;
 * a line break becomes one.
 */
export function plotText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll("%{", "&#37;{").replaceAll("\n", "<br>");
}

/** A figure's title as it was given to its builder, on one line. */
export function plainTitle({ layout }: Pick<Figure, "layout">): string {
  const title = layout.title as { text?: string } | undefined;
  return (title?.text ?? "").replaceAll("<br>", " ").replaceAll("&#37;", "%")
    .replaceAll("&gt;", ">").replaceAll("&lt;", "<").replaceAll("&amp;", "&");
}

/** Ticks with names on an axis of positions 0, 1, 2, …, so that equal names stay apart; "" has none. */
export function namedTicks(names: readonly string[]): {
  tickmode: "array";
  tickvals: number[];
  ticktext: string[];
} {
  return {
    tickmode: "array",
    tickvals: names.map((_, index) => index).filter((index) => names[index] !== ""),
    ticktext: names.filter((name) => name !== "").map((name) => plotText(visible(name))),
  };
}

/** Spaces and line breaks as signs, so that a tick or a cell that holds one is not empty. */
export function visible(text: string): string {
  return /^\s+$/.test(text)
    ? text.replaceAll(" ", "␣").replaceAll("\n", "⏎").replaceAll("\t", "⇥")
    : text;
}

function compact(value: unknown): unknown {
  if (typeof value === "number") {
    return Number.isInteger(value) ? value : Number(value.toPrecision(6));
  }
  if (ArrayBuffer.isView(value)) return Array.from(value as Float32Array, compact);
  if (Array.isArray(value)) return value.map(compact);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(entries.map(([key, part]) => [key, compact(part)]));
}

function describe({ data, layout }: Pick<Figure, "data" | "layout">): string {
  const names = data.map((trace) => (trace as { name?: string }).name).filter(Boolean);
  const title = plainTitle({ layout }) || "untitled";
  return `Figure: ${title}${names.length > 0 ? ` (${names.join(", ")})` : ""}`;
}
