/** Amounts side by side, with error bars. */
import {
  commonLayout,
  type Figure,
  figure,
  type FigureOptions,
  namedTicks,
  plotText,
  type Trace,
} from "./figure.ts";
import { type Reference, seriesStyle } from "./lines.ts";
import { palette } from "./theme.ts";

/** One bar for each category. */
export interface BarSeries {
  /** Its name in the legend. */
  name: string;
  /** Heights, one for each category. */
  values: ArrayLike<number>;
  /** Lower ends of the error bars. */
  low?: ArrayLike<number>;
  /** Upper ends of the error bars. */
  high?: ArrayLike<number>;
  /** A colour of `palette`; by default the next one. */
  colour?: string;
  /** The values differ from run to run (timings). */
  volatile?: boolean;
}

/** What `bars` draws. */
export interface BarsOptions extends FigureOptions {
  /** Names of the groups of bars. */
  categories: readonly string[];
  /** The bars. */
  series: BarSeries[];
  /** Horizontal lines over the whole width. */
  references?: Reference[];
  /** Logarithmic vertical axis. */
  logY?: boolean;
}

/** Draws bars, a group for each category. */
export function bars(options: BarsOptions): Figure {
  const { categories, series, references = [], logY } = options;
  const layout = commonLayout(options);
  layout.xaxis = { ...layout.xaxis, ...namedTicks(categories), showgrid: false };
  layout.yaxis = { ...layout.yaxis, ...(logY ? { type: "log" } : { rangemode: "tozero" }) };
  const across: Trace[] = references.map(({ name, y }) => ({
    type: "scatter",
    mode: "lines",
    name: plotText(name),
    x: [-0.5, categories.length - 0.5],
    y: [y, y],
    line: { color: palette.grey, width: 1.5, dash: "dash" },
  }));
  return figure([...series.map(barsOf), ...across], {
    layout: {
      ...layout,
      bargap: 0.3,
      barmode: "group",
      showlegend: series.length + references.length > 1,
    },
  });
}

function barsOf(series: BarSeries, index: number): Trace {
  const values = Array.from(series.values);
  const { low, high } = series;
  return {
    type: "bar",
    name: plotText(series.name),
    x: values.map((_, category) => category),
    y: values,
    marker: { color: series.colour ?? seriesStyle(index).colour },
    ...(low === undefined || high === undefined ? {} : {
      error_y: {
        type: "data",
        symmetric: false,
        array: values.map((value, category) => high[category]! - value),
        arrayminus: values.map((value, category) => value - low[category]!),
        color: palette.grey,
        thickness: 1.5,
      },
    }),
    ...(series.volatile ? { meta: { volatile: true } } : {}),
  };
}
