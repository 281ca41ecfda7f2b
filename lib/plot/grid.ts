/** Several figures as one: side by side, or one drawn over another. */
import { type Figure, figure, type FigureLayout, plotText } from "./figure.ts";

type Parts = Record<string, unknown>;

/** What `grid` draws. */
export interface GridOptions {
  /** What is to be seen in all of them, one short line. */
  title: string;
  /** The figures, row by row; their titles stay above each. Not for surfaces. */
  figures: readonly Figure[];
  /** Figures in a row; two by default. */
  columns?: number;
  /** Height of a row in pixels. */
  rowHeight?: number;
}

/**
 * Puts figures side by side as subplots of one. A name is listed once in the legend, and heat maps
 * with the same ends share one scale.
 */
export function grid({ title, figures, columns = 2, rowHeight = 300 }: GridOptions): Figure {
  const rows = Math.ceil(figures.length / columns);
  const layout: Parts = { title: { text: plotText(title) }, height: rows * rowHeight + 80 };
  const annotations: Parts[] = [];
  const listed = new Set<string>();
  const shared = haveOneScale(figures);
  const data = figures.flatMap((one, index) => {
    const cell = cellOf(index, { columns, rows });
    const number = index === 0 ? "" : `${index + 1}`;
    const own = one.layout as Parts;
    layout[`xaxis${number}`] = axisIn(own.xaxis, { domain: cell.x, anchor: `y${number}` }, number);
    layout[`yaxis${number}`] = axisIn(own.yaxis, { domain: cell.y, anchor: `x${number}` }, number);
    layout.barmode ??= own.barmode;
    layout.bargap ??= own.bargap;
    annotations.push(heading(own.title, cell));
    for (const one of moved(own.annotations, number)) annotations.push(one);
    return one.data.map((trace) => ({
      ...trace as Parts,
      ...legendIn(trace as Parts, listed),
      ...scaleIn(trace as Parts, shared ? { only: index === 0 } : cell),
      xaxis: `x${number}`,
      yaxis: `y${number}`,
    }));
  });
  layout.showlegend = figures.some((one) => one.layout.showlegend);
  if (figures.some((one) => (one.layout as Parts).meta)) layout.meta = { volatile: true };
  return figure(data as Figure["data"], {
    layout: { ...layout, annotations, ...legendPlace(data) } as FigureLayout,
  });
}

/** Draws figures over one another, in the frame of the first: points over a heat map, say. */
export function overlay(first: Figure, ...others: Figure[]): Figure {
  const data = [first, ...others].flatMap((one) => one.data);
  const showlegend = [first, ...others].some((one) => one.layout.showlegend);
  return figure(data, {
    layout: { ...first.layout, showlegend, ...legendPlace(data as Parts[]) },
  });
}

interface Cell {
  x: [number, number];
  y: [number, number];
}

/** Room between cells holds the labels of the axes and the headings. */
function cellOf(index: number, { columns, rows }: { columns: number; rows: number }): Cell {
  const gapX = columns > 1 ? 0.1 / (columns - 1) + 0.02 : 0;
  const gapY = rows > 1 ? 0.22 / rows : 0;
  const width = (1 - gapX * (columns - 1)) / columns;
  const height = (1 - gapY * (rows - 1)) / rows;
  const left = (index % columns) * (width + gapX);
  const bottom = 1 - height - Math.floor(index / columns) * (height + gapY);
  return { x: [left, left + width], y: [Math.max(0, bottom), bottom + height] };
}

function axisIn(axis: unknown, place: object, number: string): Parts {
  const own = { ...axis as Parts, ...place } as Parts;
  if (own.scaleanchor !== undefined) own.scaleanchor = `x${number}`;
  return own;
}

function heading(title: unknown, { x, y }: Cell): Parts {
  return {
    text: (title as { text?: string } | undefined)?.text ?? "",
    xref: "paper",
    yref: "paper",
    x: x[0],
    y: y[1],
    xanchor: "left",
    yanchor: "bottom",
    showarrow: false,
    font: { size: 13 },
  };
}

function moved(annotations: unknown, number: string): Parts[] {
  return ((annotations ?? []) as Parts[]).map((one) => ({
    ...one,
    xref: one.xref === "paper" ? "paper" : `x${number}`,
    yref: one.yref === "paper" ? "paper" : `y${number}`,
  }));
}

function legendIn(trace: Parts, listed: Set<string>): Parts {
  const name = String(trace.name ?? "");
  if (trace.showlegend === false || name === "") return {};
  const showlegend = !listed.has(name);
  listed.add(name);
  return { legendgroup: name, showlegend };
}

/** One scale over the whole height for all cells, or one beside each cell. */
function scaleIn(trace: Parts, place: { only: boolean } | Cell): Parts {
  if (trace.colorbar === undefined) return {};
  const own = trace.colorbar as Parts;
  if ("only" in place) return { showscale: place.only, colorbar: { ...own, len: 1 } };
  const [low, high] = place.y;
  const bar = { x: place.x[1], xpad: 4, y: (low + high) / 2, len: (high - low) * 1.02 };
  return { colorbar: { ...own, ...bar, thickness: 8 } };
}

function haveOneScale(figures: readonly Figure[]): boolean {
  const maps = figures.flatMap(({ data }) => data as Parts[]).filter((one) => one.colorbar);
  const scale = ({ zmin, zmax, colorscale }: Parts) => JSON.stringify([zmin, zmax, colorscale]);
  return new Set(maps.map(scale)).size === 1 && maps.every(({ zmin }) => zmin !== undefined);
}

/** The legend moves out of the way of a colour scale. */
function legendPlace(data: Parts[]): Parts {
  return data.some((trace) => trace.colorbar && trace.showscale !== false)
    ? { legend: { x: 1.16 } }
    : {};
}
