/** The benchmark's table. */
import type { Timing } from "./measure.ts";
import type { Row } from "./rows.ts";

/** A row and what was measured, by column. */
export interface Result {
  row: Row;
  timings: ReadonlyMap<string, Timing>;
}

/** Pairs of columns whose ratio tells something: first over second. */
const RATIOS = [
  ["native fused", "torch"],
  ["simd fused", "torch"],
  ["simd plain", "torch"],
  ["wasm", "simd fused"],
] as const;

/** The pairs among the columns, each on the same number of threads. */
function ratiosOf(columns: readonly string[]): (readonly [string, string])[] {
  const suffixes = new Set(["", ...columns.map((name) => name.match(/ ×\d+$/)?.[0] ?? "")]);
  return [...suffixes].flatMap((suffix) =>
    RATIOS.map(([above, below]) => [above + suffix, below + suffix] as const)
  ).filter((pair) => pair.every((name) => columns.includes(name)));
}

/** The table's head for the columns that were measured. */
export function head(columns: readonly string[]): string[] {
  return ["", ...columns, ...ratiosOf(columns).map((pair) => pair.join(" / "))];
}

/** A row's cells: 10th percentile and, in brackets, median; ratios of the 10th percentiles. */
export function tableRow({ row, timings }: Result, columns: readonly string[]): string[] {
  const cells = columns.map((name) => {
    const timing = timings.get(name);
    return timing ? cell(timing, row.flops) : "";
  });
  const ratios = ratiosOf(columns).map(([above, below]) => {
    const [top, bottom] = [timings.get(above), timings.get(below)];
    return top && bottom ? (top.fast / bottom.fast).toFixed(2) : "";
  });
  return [row.title, ...cells, ...ratios];
}

function cell({ fast, median }: Timing, flops: number | undefined): string {
  if (flops === undefined) return `${milliseconds(fast)} (${milliseconds(median)}) ms`;
  return `${rate(flops / fast)} (${rate(flops / median)}) GFLOP/s`;
}

function milliseconds(seconds: number): string {
  return (seconds * 1000).toPrecision(3);
}

function rate(perSecond: number): string {
  return (perSecond / 1e9).toPrecision(3);
}
