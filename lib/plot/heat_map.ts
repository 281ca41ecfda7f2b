/** Tables of numbers as colours: attention, conditional probabilities, accuracies. */
import type { Annotations } from "plotly.js";
import {
  colourAt,
  type ColourScaleName,
  inkOn,
  plotlyScale,
  positionBetween,
  scaleEnds,
} from "./colour_scale.ts";
import {
  commonLayout,
  type Figure,
  figure,
  type FigureLayout,
  type FigureOptions,
  namedTicks,
  plotText,
  type Trace,
} from "./figure.ts";

/** What `heatMap` draws. */
export interface HeatMapOptions extends FigureOptions {
  /** The values, row by row; the first row is at the top unless `rows` are numbers. */
  z: ArrayLike<number>[];
  /** Names of the columns, or their positions on a number axis. */
  columns?: readonly string[] | readonly number[];
  /** Names of the rows, or their positions on a number axis (which then points up). */
  rows?: readonly string[] | readonly number[];
  /** Text in each cell; it takes the place of the scale beside the map. */
  text?: string[][];
  /** Name of what the colours mean. */
  colourTitle?: string;
  /** `sequential` (the default) for amounts, `diverging` for values around zero. */
  colours?: ColourScaleName;
  /** Value of the first colour; the least value by default. */
  zmin?: number;
  /** Value of the last colour; the largest value by default. */
  zmax?: number;
  /** Square cells. */
  square?: boolean;
}

/** The text of more cells than this would be unreadable, and slow. */
const mostTexts = 1000;

/**
 * Draws a table of numbers as colours.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { heatMap } from "./mod.ts";
 * const attention = heatMap({
 *   title: "Who looks at whom",
 *   z: [[1, 0], [0.3, 0.7]],
 *   columns: ["a", "b"],
 *   rows: ["a", "b"],
 *   zmin: 0,
 *   zmax: 1,
 * });
 * assertEquals(attention.data[0]?.type, "heatmap");
 * ```
 */
export function heatMap(options: HeatMapOptions): Figure {
  const { z, columns, rows, text, colours = "sequential", zmin, zmax, colourTitle } = options;
  const values = z.map((row) => Array.from(row));
  const [low, high] = scaleEnds(values.flat(), {
    colours,
    ...(zmin === undefined ? {} : { low: zmin }),
    ...(zmax === undefined ? {} : { high: zmax }),
  });
  const trace: Trace = {
    type: "heatmap",
    z: values,
    zmin: low,
    zmax: high,
    colorscale: plotlyScale(colours),
    showscale: text === undefined,
    colorbar: {
      thickness: 12,
      outlinewidth: 0,
      ...(colourTitle === undefined ? {} : { title: { text: plotText(colourTitle) } }),
    },
    hovertemplate: "%{y} → %{x}: %{z}<extra></extra>",
    ...(isNumbers(columns) ? { x: [...columns] } : {}),
    ...(isNumbers(rows) ? { y: [...rows] } : {}),
  };
  const annotations = text === undefined ? [] : cellTexts(values, { text, low, high, colours });
  return figure([trace], { layout: { ...heatMapLayout(options), annotations } });
}

function heatMapLayout(options: HeatMapOptions): FigureLayout {
  const { columns, rows, square } = options;
  const layout = commonLayout(options);
  const flat = { showgrid: false, zeroline: false, constrain: "domain" } as const;
  layout.xaxis = { ...layout.xaxis, ...flat, ...ticks(columns) };
  layout.yaxis = { ...layout.yaxis, ...flat, ...ticks(rows) };
  if (!isNumbers(rows)) layout.yaxis.autorange = "reversed";
  if (square) layout.yaxis.scaleanchor = "x";
  return layout;
}

function ticks(names: HeatMapOptions["rows"]): object {
  return names === undefined || isNumbers(names) ? {} : namedTicks(names as readonly string[]);
}

function isNumbers(labels: HeatMapOptions["rows"]): labels is readonly number[] {
  return labels !== undefined && typeof labels[0] === "number";
}

/** Annotations, since older renderers have no text in heat maps; black or white by the cell. */
function cellTexts(
  values: number[][],
  { text, low, high, colours }: {
    text: string[][];
    low: number;
    high: number;
    colours: ColourScaleName;
  },
): Partial<Annotations>[] {
  if (values.length * (values[0]?.length ?? 0) > mostTexts) return [];
  return values.flatMap((row, y) =>
    row.map((value, x) => ({
      x,
      y,
      text: plotText(text[y]?.[x] ?? ""),
      showarrow: false,
      font: { size: 11, color: inkOn(colourAt(colours, positionBetween(value, low, high))) },
    }))
  );
}
