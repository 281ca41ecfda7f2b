/** Curves, with bands of uncertainty and horizontal reference lines. */
import {
  commonLayout,
  type Figure,
  figure,
  type FigureLayout,
  type FigureOptions,
  plotText,
  type Trace,
} from "./figure.ts";
import { colourway, palette } from "./theme.ts";

/** How a curve is stroked. */
export type Dash = "solid" | "dash" | "dot" | "dashdot";

/** One curve. */
export interface LineSeries {
  /** Its name in the legend. */
  name: string;
  /** Positions; 0, 1, 2, … when left out. */
  x?: ArrayLike<number>;
  /** Heights; a value that is not finite leaves a gap. */
  y: ArrayLike<number>;
  /** Lower edge of a band around the curve. */
  low?: ArrayLike<number>;
  /** Upper edge of the band. */
  high?: ArrayLike<number>;
  /** Stroke; by default solid for the first seven curves, dashed for the next, and so on. */
  dash?: Dash;
  /** A colour of `palette`; by default the next one. */
  colour?: string;
  /** Marks every point too. */
  markers?: boolean;
  /** The values differ from run to run (timings). */
  volatile?: boolean;
}

/** A horizontal line that others are compared with. */
export interface Reference {
  /** Its name in the legend. */
  name: string;
  /** Its height. */
  y: number;
}

/** What `lines` draws. */
export interface LinesOptions extends FigureOptions {
  /** The curves. */
  series: LineSeries[];
  /** Horizontal lines over the whole width. */
  references?: Reference[];
  /** Logarithmic horizontal axis. */
  logX?: boolean;
  /** Logarithmic vertical axis. */
  logY?: boolean;
}

const dashes: readonly Dash[] = ["solid", "dash", "dot", "dashdot"];

/**
 * Draws curves.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { lines } from "./mod.ts";
 * const loss = lines({
 *   title: "Loss",
 *   x: "step",
 *   y: "nats a token",
 *   series: [{ name: "training", y: [2.1, 1.4, 1.2] }],
 *   references: [{ name: "entropy floor", y: 1.1 }],
 * });
 * assertEquals(loss.data.length, 2);
 * ```
 */
export function lines(options: LinesOptions): Figure {
  const { series, references = [] } = options;
  return figure(
    [...series.flatMap((one, index) => curve(one, index)), ...referenceLines(series, references)],
    { layout: linesLayout(options) },
  );
}

/** The colour and stroke of the series at an index: colours first, then other strokes. */
export function seriesStyle(index: number): { colour: string; dash: Dash } {
  return {
    colour: colourway[index % colourway.length]!,
    dash: dashes[Math.floor(index / colourway.length) % dashes.length]!,
  };
}

/** Positions 0, 1, 2, … unless given. */
export function positions({ x, y }: Pick<LineSeries, "x" | "y">): number[] {
  return x === undefined ? Array.from(y, (_, index) => index) : Array.from(x);
}

function linesLayout(options: LinesOptions): FigureLayout {
  const layout = commonLayout(options);
  if (options.logX) layout.xaxis = { ...layout.xaxis, type: "log" };
  if (options.logY) layout.yaxis = { ...layout.yaxis, type: "log" };
  const named = options.series.length + (options.references?.length ?? 0);
  return { ...layout, showlegend: named > 1, hovermode: "x unified" };
}

function curve(series: LineSeries, index: number): Trace[] {
  const style = seriesStyle(index);
  const colour = series.colour ?? style.colour;
  const trace: Trace = {
    type: "scatter",
    mode: series.markers ? "lines+markers" : "lines",
    name: plotText(series.name),
    x: positions(series),
    y: Array.from(series.y),
    line: { color: colour, width: 2, dash: series.dash ?? style.dash },
    legendgroup: `${index}`,
    ...(series.volatile ? { meta: { volatile: true } } : {}),
  };
  return [...band(series, { colour, index }), trace];
}

/** One closed outline: up along `high`, back along `low`. */
function band(series: LineSeries, { colour, index }: { colour: string; index: number }): Trace[] {
  if (series.low === undefined || series.high === undefined) return [];
  const x = positions(series);
  return [{
    type: "scatter",
    mode: "lines",
    x: [...x, ...x.toReversed()],
    y: [...Array.from(series.high), ...Array.from(series.low).toReversed()],
    fill: "toself",
    fillcolor: colour + "33",
    line: { width: 0 },
    hoverinfo: "skip",
    showlegend: false,
    legendgroup: `${index}`,
    ...(series.volatile ? { meta: { volatile: true } } : {}),
  }];
}

function referenceLines(series: LineSeries[], references: Reference[]): Trace[] {
  const [low, high] = extent(series.flatMap(positions).filter(Number.isFinite));
  return references.map(({ name, y }, index) => ({
    type: "scatter",
    mode: "lines",
    name: plotText(name),
    x: [low, high],
    y: [y, y],
    line: { color: palette.grey, width: 1.5, dash: dashes[1 + index % 3]! },
  }));
}

/** Least and largest; a loop, since a spread of 100,000 arguments overflows the stack. */
export function extent(values: Iterable<number>): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > high ? [0, 1] : [low, high];
}
