/** A small line chart as SVG, drawn by us: it redraws in place where a Plotly figure cannot. */
import { escapeHtml } from "./html.ts";
import { extent, type LinesOptions, positions, seriesStyle } from "./lines.ts";
import { inks, palette } from "./theme.ts";

const size = { width: 720, height: 300, left: 64, right: 16, top: 56, bottom: 44 };
const ink = inks.anywhere;

interface Frame {
  /** From a value to a pixel. */
  px(x: number): number;
  py(y: number): number;
  xTicks: number[];
  yTicks: number[];
}

/** Where lines of the grid and numbers of the axes are, round numbers unless said. */
export interface Ticks {
  /** Of the horizontal axis. */
  xTicks?: readonly number[];
  /** Of the vertical axis. */
  yTicks?: readonly number[];
}

/** Draws what `lines` draws (without bands) as an SVG picture; ticks outside of it are left out. */
export function svgLines(options: LinesOptions, ticks: Ticks = {}): string {
  const { title, x = "", y = "", series, references = [] } = options;
  const frame = frameOf(options, ticks);
  const curves = series.map((one, index) => {
    const { colour } = seriesStyle(index);
    const xs = positions(one);
    const seen = xs.map((at, i) => [frame.px(at), frame.py(one.y[i]!)] as const)
      .filter((point) => point.every(Number.isFinite));
    const points = seen.map((point) => point.map((value) => value.toFixed(1)).join(",")).join(" ");
    return `<polyline points="${points}" fill="none" stroke="${one.colour ?? colour}" ` +
      `stroke-width="2" stroke-linejoin="round"/>`;
  });
  const levels = references.map(({ y }) =>
    `<line x1="${size.left}" x2="${size.width - size.right}" y1="${frame.py(y).toFixed(1)}" ` +
    `y2="${frame.py(y).toFixed(1)}" stroke="${palette.grey}" stroke-dasharray="6 4"/>`
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" ` +
    `width="${size.width}" height="${size.height}" font-family="sans-serif" font-size="12" ` +
    `fill="${ink.text}">` +
    text(title, { x: size.left, y: 20, extra: 'font-size="16"' }) +
    legend(options) + axes(frame) + levels.join("") + curves.join("") +
    text(x, { x: size.width / 2, y: size.height - 8, extra: 'text-anchor="middle"' }) +
    text(y, {
      x: 0,
      y: 0,
      extra: `text-anchor="middle" transform="translate(14 170) rotate(-90)"`,
    }) +
    "</svg>";
}

function frameOf(
  { series, references = [], logX, logY }: LinesOptions,
  given: Ticks,
): Frame {
  const toX = logX ? Math.log10 : (value: number) => value;
  const toY = logY ? Math.log10 : (value: number) => value;
  const xs = extent(series.flatMap(positions).map(toX).filter(Number.isFinite));
  const heights = series.flatMap((one) => Array.from(one.y))
    .concat(references.map(({ y }) => y)).map(toY).filter(Number.isFinite);
  const [low, high] = extent(heights);
  const pad = (high - low || 1) * 0.05;
  const ys: [number, number] = [low - pad, high + pad];
  const wide = size.width - size.left - size.right;
  const tall = size.height - size.top - size.bottom;
  const share = (value: number, [from, to]: [number, number]) => (value - from) / (to - from || 1);
  const back = (log: boolean | undefined) => (value: number) => log ? 10 ** value : value;
  return {
    px: (value) => size.left + wide * share(toX(value), xs),
    py: (value) => size.top + tall * (1 - share(toY(value), ys)),
    xTicks: given.xTicks?.filter((x) => within(toX(x), xs)) ?? niceTicks(xs).map(back(logX)),
    yTicks: given.yTicks?.filter((y) => within(toY(y), ys)) ?? niceTicks(ys).map(back(logY)),
  };
}

function within(value: number, [low, high]: [number, number]): boolean {
  return low <= value && value <= high;
}

/** About five round numbers between two ends: steps of 1, 2 or 5 times a power of ten. */
export function niceTicks([low, high]: [number, number]): number[] {
  const rough = (high - low || 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * step);
}

function axes({ px, py, xTicks, yTicks }: Frame): string {
  const right = size.width - size.right;
  const bottom = size.height - size.bottom;
  const rows = yTicks.map((tick) => {
    const at = py(tick).toFixed(1);
    return `<line x1="${size.left}" x2="${right}" y1="${at}" y2="${at}" stroke="${ink.grid}"/>` +
      text(label(tick), { x: size.left - 6, y: Number(at) + 4, extra: 'text-anchor="end"' });
  });
  const columns = xTicks.map((tick) =>
    text(label(tick), { x: px(tick), y: bottom + 18, extra: 'text-anchor="middle"' })
  );
  return rows.join("") + columns.join("");
}

function legend({ series, references = [] }: LinesOptions): string {
  let x = size.left;
  const entries = [
    ...series.map(({ name, colour }, i) => [name, colour ?? seriesStyle(i).colour] as const),
    ...references.map(({ name }) => [name, palette.grey] as const),
  ];
  return entries.map(([name, colour]) => {
    const key = `<rect x="${x}" y="36" width="14" height="3" fill="${colour}"/>`;
    const entry = key + text(name, { x: x + 18, y: 42 });
    x += 34 + 6.6 * name.length;
    return entry;
  }).join("");
}

function text(words: string, { x, y, extra = "" }: { x: number; y: number; extra?: string }) {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${extra}>${escapeHtml(words)}</text>`;
}

function label(value: number): string {
  return String(Number(value.toPrecision(4)));
}
