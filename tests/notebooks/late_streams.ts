/**
 * Lines that came late: the kernel calls a cell done before its last output has left, and JupyterLab, on a
 * busy machine, then shows the last lines under the next cell.
 */
import { type Cell, joined, type Notebook, type Output } from "./notebook.ts";

/** A fresh run with the lines put back that the committed notebook has one code cell earlier, and how many. */
export function putBackLateLines(
  committed: Notebook,
  fresh: Notebook,
): { notebook: Notebook; late: number } {
  const cells = structuredClone(fresh.cells);
  const places = cells.flatMap(({ cell_type }, index) => cell_type === "code" ? [index] : []);
  let late = 0;
  for (const [order, place] of places.entries()) {
    const missing = lineCount(committed.cells[place]) - lineCount(cells[place]);
    const next = places[order + 1];
    if (missing <= 0 || next === undefined) continue;
    const extra = lineCount(cells[next]) - lineCount(committed.cells[next]);
    const moved = Math.min(missing, extra);
    if (moved <= 0) continue;
    addLines(cells[place]!, takeLines(cells[next]!, moved));
    late += moved;
  }
  return { notebook: { ...fresh, cells }, late };
}

function streamsOf(cell: Cell | undefined): Extract<Output, { output_type: "stream" }>[] {
  return (cell?.outputs ?? []).filter((output) => output.output_type === "stream");
}

function lines(text: string): string[] {
  return text.split(/(?<=\n)/).filter((line) => line !== "");
}

function lineCount(cell: Cell | undefined): number {
  return streamsOf(cell).reduce((sum, { text }) => sum + lines(joined(text)).length, 0);
}

function takeLines(cell: Cell, count: number): string {
  const stream = streamsOf(cell)[0]!;
  const all = lines(joined(stream.text));
  stream.text = all.slice(count).join("");
  if (stream.text === "") cell.outputs = cell.outputs!.filter((output) => output !== stream);
  return all.slice(0, count).join("");
}

function addLines(cell: Cell, text: string): void {
  const stream = streamsOf(cell).at(-1);
  if (stream === undefined) (cell.outputs ??= []).push(stdout(text));
  else stream.text = joined(stream.text) + text;
}

function stdout(text: string): Output {
  return { output_type: "stream", name: "stdout", text };
}
