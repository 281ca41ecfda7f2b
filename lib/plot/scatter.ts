/** Points in the plane: embeddings, hidden states, data and the boundary between its classes. */
import { type ColourScaleName, plotlyScale } from "./colour_scale.ts";
import {
  commonLayout,
  type Figure,
  figure,
  type FigureOptions,
  plotText,
  type Trace,
  visible,
} from "./figure.ts";
import { colourway } from "./theme.ts";

/** One group of points. */
export interface PointSeries {
  /** Its name in the legend. */
  name: string;
  /** Horizontal positions. */
  x: ArrayLike<number>;
  /** Vertical positions. */
  y: ArrayLike<number>;
  /** Shown when a point is touched, and beside it with `labels`. */
  text?: readonly string[];
  /** A value for each point, shown by its colour. */
  values?: ArrayLike<number>;
  /** A colour of `palette`; by default the next one. */
  colour?: string;
  /** Diameter in pixels, 9 by default. */
  size?: number;
  /** The values differ from run to run (timings). */
  volatile?: boolean;
}

/** What `scatter` draws. */
export interface ScatterOptions extends FigureOptions {
  /** The groups of points. */
  series: PointSeries[];
  /** Writes each point's text beside it. */
  labels?: boolean;
  /** The same unit on both axes, so that distances can be compared. */
  equalAxes?: boolean;
  /** Colours of `values`, `sequential` by default. */
  colours?: ColourScaleName;
  /** Name of what the colours of `values` mean. */
  colourTitle?: string;
  /** Logarithmic horizontal axis. */
  logX?: boolean;
  /** Logarithmic vertical axis. */
  logY?: boolean;
}

/** A second sign beside the colour, for readers who cannot tell two colours apart. */
const symbols = ["circle", "square", "diamond", "triangle-up", "cross", "x", "star"] as const;

/** Draws groups of points. */
export function scatter(options: ScatterOptions): Figure {
  const layout = commonLayout(options);
  if (options.logX) layout.xaxis = { ...layout.xaxis, type: "log" };
  if (options.logY) layout.yaxis = { ...layout.yaxis, type: "log" };
  if (options.equalAxes) layout.yaxis = { ...layout.yaxis, scaleanchor: "x" };
  return figure(options.series.map((series, index) => points(series, { index, ...options })), {
    layout: { ...layout, showlegend: options.series.length > 1, hovermode: "closest" },
  });
}

function points(
  series: PointSeries,
  { index, labels, colours = "sequential", colourTitle }: {
    index: number;
    labels?: boolean;
    colours?: ColourScaleName;
    colourTitle?: string;
  },
): Trace {
  const { name, x, y, text, values, size = 9, colour } = series;
  const byValue = values !== undefined && {
    color: Array.from(values),
    colorscale: plotlyScale(colours),
    showscale: true,
    colorbar: {
      thickness: 12,
      outlinewidth: 0,
      ...(colourTitle === undefined ? {} : { title: { text: plotText(colourTitle) } }),
    },
  };
  return {
    type: "scatter",
    mode: labels ? "text+markers" : "markers",
    name: plotText(name),
    x: Array.from(x),
    y: Array.from(y),
    ...(text === undefined
      ? {}
      : { text: text.map((one) => plotText(visible(one))), textposition: "top center" }),
    hovertemplate: `${text ? "%{text}<br>" : ""}(%{x}, %{y})`,
    marker: {
      size,
      symbol: symbols[index % symbols.length]!,
      opacity: 0.9,
      line: { width: 1, color: "rgba(255,255,255,0.75)" },
      ...(byValue || { color: colour ?? colourway[index % colourway.length]! }),
    },
    ...(series.volatile ? { meta: { volatile: true } } : {}),
  };
}
