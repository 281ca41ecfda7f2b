/**
 * Whether a fresh run tells the story that the committed outputs tell.
 *
 * Numbers may differ by a relative 1e-3 (of the largest number beside them, so that a value near
 * zero is not held to more digits than its curve shows); text between numbers may not differ.
 * `metadata.tolerance` of a cell or of the notebook sets another tolerance. Not compared are cells
 * with the tag `timing`, figures and traces that are marked `volatile`, numbers that a unit of time
 * or speed follows, colours, the theme of figures, and static pictures, which are drawn from what is
 * compared.
 */
import { type Cell, joined, type Notebook, type Output, plotlyType } from "./notebook.ts";

const defaultTolerance = 1e-3;

/** What differs, a line for each difference; none when the runs agree. */
export function differences(committed: Notebook, fresh: Notebook): string[] {
  const general = committed.metadata.tolerance as number | undefined ?? defaultTolerance;
  if (committed.cells.length !== fresh.cells.length) return ["the number of cells differs"];
  return committed.cells.flatMap((cell, index) => {
    if (cell.cell_type !== "code" || cell.metadata.tags?.includes("timing")) return [];
    const tolerance = cell.metadata.tolerance ?? general;
    return cellDifferences(cell, { fresh: fresh.cells[index]!, tolerance })
      .map((difference) => `cell ${index}: ${difference}`);
  });
}

function cellDifferences(
  cell: Cell,
  { fresh, tolerance }: { fresh: Cell; tolerance: number },
): string[] {
  const before = cell.outputs ?? [];
  const after = fresh.outputs ?? [];
  if (before.length !== after.length) {
    return [`${before.length} outputs are committed, a fresh run gives ${after.length}`];
  }
  return before.flatMap((output, index) => {
    const difference = outputDifference(output, { fresh: after[index]!, tolerance });
    return difference === undefined ? [] : [`output ${index}: ${difference}`];
  });
}

function outputDifference(
  output: Output,
  { fresh, tolerance }: { fresh: Output; tolerance: number },
): string | undefined {
  const before = comparable(output);
  const after = comparable(fresh);
  const kinds = [before, after].map((parts) => Object.keys(parts).sort().join(" and "));
  if (kinds[0] !== kinds[1]) return `${kinds[0]} is committed, a fresh run gives ${kinds[1]}`;
  for (const [type, value] of Object.entries(before)) {
    const difference = type === plotlyType
      ? figureDifference(value, { fresh: after[type], tolerance })
      : textDifference(String(value), { fresh: String(after[type]), tolerance });
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** A page within the output: its numbers, packed weights among them, are those that are told beside it. */
const framedPage = /srcdoc="[^"]*"/g;

/** The parts of an output that tell something of their own. */
function comparable(output: Output): Record<string, unknown> {
  if (output.output_type === "stream") return { [output.name]: joined(output.text) };
  if (output.output_type === "error") return { error: output.evalue };
  const { [plotlyType]: figure, ...others } = output.data;
  if (figure !== undefined) return { [plotlyType]: figure };
  if ("image/svg+xml" in others) delete others["image/png"]; // drawn from it
  return Object.fromEntries(
    Object.entries(others).map((
      [type, value],
    ) => [type, joined(value as string).replace(framedPage, 'srcdoc=""')]),
  );
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Where two figures differ, undefined where they agree. */
export function figureDifference(
  committed: unknown,
  { fresh, tolerance = defaultTolerance }: { fresh: unknown; tolerance?: number },
): string | undefined {
  const compare = (before: Json, after: Json, place: string, scale: number): string | undefined => {
    if (isVolatile(before) && isVolatile(after)) return undefined;
    if (typeof before === "number" && typeof after === "number") {
      if (Math.abs(before - after) <= tolerance * Math.max(scale, Math.abs(before))) return;
    } else if (isParts(before) && isParts(after)) {
      const [keys, others] = [before, after].map(withoutTheme) as [string[], string[]];
      if (keys.length !== others.length) return `${place}: another size or other parts`;
      const largest = Math.max(0, ...keys.map((key) => size(before[key]!)));
      for (const key of keys) {
        if (!(key in after)) return `${place}.${key}: missing in a fresh run`;
        const difference = compare(before[key]!, after[key]!, `${place}.${key}`, largest);
        if (difference !== undefined) return difference;
      }
      return;
    } else if (before === after) return;
    return `${place}: ${show(before)} is committed, a fresh run gives ${show(after)}`;
  };
  return compare(committed as Json, fresh as Json, "figure", 0);
}

function isParts(value: Json): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null;
}

function withoutTheme(parts: Json): string[] {
  return Object.keys(parts as object).filter((key) => key !== "template");
}

function isVolatile(value: Json): boolean {
  if (!isParts(value)) return false;
  const meta = (value.meta ?? (value.layout as { meta?: Json } | undefined)?.meta) as
    | { volatile?: boolean }
    | undefined;
  return meta?.volatile === true;
}

function size(value: Json): number {
  return typeof value === "number" && Number.isFinite(value) ? Math.abs(value) : 0;
}

function show(value: Json): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 80);
}

const numbers = /-?\d+(?:[.,]\d+)*(?:e[+-]?\d+)?/gi;
const unstable =
  /#[0-9a-f]{6}\b|-?[\d.,]+\s?(?:ms|µs|s|min|seconds|tokens\/s|tokens per second)\b/gi;

/** Where two texts differ; their numbers may differ by the tolerance. */
export function textDifference(
  committed: string,
  { fresh, tolerance = defaultTolerance }: { fresh: string; tolerance?: number },
): string | undefined {
  const [before, after] = [committed, fresh].map((text) =>
    text.replace(unstable, "~").replaceAll("exactly equal", "largest difference 0")
  );
  const words = [before, after].map((text) => text!.replace(numbers, "0").replace(/[\s-]+/g, " "));
  if (words[0] !== words[1]) {
    return `${show(committed.trim())} is committed, a fresh run gives ${show(fresh.trim())}`;
  }
  const values = [before, after].map((text) => [...text!.matchAll(numbers)].map(Number));
  const index = values[0]!.findIndex((value, i) => {
    const other = values[1]![i]!;
    return !(Math.abs(value - other) <=
      tolerance * Math.max(Math.abs(value), Math.abs(other), 1e-9));
  });
  if (index < 0 || Number.isNaN(values[0]![index]!)) return undefined;
  return `${values[0]![index]} is committed, a fresh run gives ${values[1]![index]}`;
}
