/** Figures as Plotly JSON, their display in a notebook, and a page that holds them. */
export {
  architecture,
  type ArchitectureOptions,
  type Block,
  type BlockKind,
  type Flow,
} from "./architecture.ts";
export { bars, type BarSeries, type BarsOptions } from "./bars.ts";
export { type CarriedItem, packItem, unpackItem } from "./carried.ts";
export { type Choice, type Chooser, chooser, type PageItem } from "./chooser.ts";
export { colourAt, type ColourScaleName } from "./colour_scale.ts";
export { colouredText, type ColouredTextOptions } from "./coloured_text.ts";
export { type Displayable, jupyterDisplay, type MediaBundle } from "./display.ts";
export {
  type Figure,
  figure,
  type FigureLayout,
  type FigureOptions,
  type Trace,
} from "./figure.ts";
export { dotText, graph } from "./graph.ts";
export { type GraphStep, graphSteps, type GraphStepsOptions } from "./graph_steps.ts";
export { grid, type GridOptions, overlay } from "./grid.ts";
export { heatMap, type HeatMapOptions } from "./heat_map.ts";
export { histogram, type HistogramOptions } from "./histogram.ts";
export { escapeHtml, html, type HtmlFragment, type HtmlValue, isHtml } from "./html.ts";
export { htmlTable, type HtmlTableOptions } from "./html_table.ts";
export { type Dash, lines, type LineSeries, type LinesOptions, type Reference } from "./lines.ts";
export { type LiveLines, liveLines, type LiveOptions, type LiveSink } from "./live.ts";
export { page, type PageOptions, type Section } from "./page.ts";
export {
  type Program,
  program,
  type ProgramCode,
  type ProgramOptions,
  type ShownProgram,
  shownProgram,
} from "./program.ts";
export { type PointSeries, scatter, type ScatterOptions } from "./scatter.ts";
export { slider, type SliderOptions, type SliderState } from "./slider.ts";
export { surface, type SurfaceOptions } from "./surface.ts";
export { type Drawable, drawing, show, table, type Tabular } from "./show.ts";
export { svgLines, type Ticks } from "./svg_lines.ts";
export { palette } from "./theme.ts";
