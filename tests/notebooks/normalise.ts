/** The same run gives the same bytes: what differs from run to run or machine to machine goes. */
import { type Cell, joined, type Notebook, type Output } from "./notebook.ts";

/** A notebook with its streams merged and without timings, versions and colour codes. */
export function normalise(notebook: Notebook): Notebook {
  return {
    cells: notebook.cells.map(normaliseCell),
    metadata: {
      kernelspec: { display_name: "Deno", language: "typescript", name: "deno" },
      language_info: {
        file_extension: ".ts",
        mimetype: "text/x.typescript",
        name: "typescript",
        nbconvert_exporter: "script",
        pygments_lexer: "typescript",
      },
      ...(typeof notebook.metadata.tolerance === "number"
        ? { tolerance: notebook.metadata.tolerance }
        : {}),
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

/** Keys of a cell's metadata that people set; editors and clients add others. */
const kept = ["tags", "tolerance", "jupyter"];

function normaliseCell(cell: Cell): Cell {
  const metadata = Object.fromEntries(
    Object.entries(cell.metadata).filter(([key]) => kept.includes(key)),
  );
  const common = {
    cell_type: cell.cell_type,
    ...(cell.id === undefined ? {} : { id: cell.id }),
    metadata,
    source: lines(joined(cell.source)),
  };
  if (cell.cell_type !== "code") return common;
  return {
    ...common,
    execution_count: cell.execution_count ?? null,
    outputs: mergeStreams(cell.outputs ?? []).map(normaliseOutput),
  };
}

/** One text for consecutive pieces of one stream, whatever pieces it arrived in. */
function mergeStreams(outputs: Output[]): Output[] {
  const merged: Output[] = [];
  for (const output of outputs) {
    const last = merged.at(-1);
    if (
      output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name
    ) {
      last.text = joined(last.text) + joined(output.text);
    } else merged.push({ ...output });
  }
  return merged;
}

function normaliseOutput(output: Output): Output {
  if (output.output_type === "stream") {
    return { ...output, text: lines(withoutColours(joined(output.text))) };
  }
  if (output.output_type === "error") return output;
  const data = Object.entries(output.data).map(([type, value]) => {
    const isText = type.startsWith("text/") || type === "image/svg+xml";
    return [type, isText ? lines(withoutColours(joined(value as string))) : value];
  });
  return { ...output, data: Object.fromEntries(data), metadata: {} };
}

/** The format's own way to keep text, which makes for readable differences. */
function lines(text: string): string[] {
  return text.split(/(?<=\n)/).filter((line) => line !== "");
}

function withoutColours(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/\x1b\[[0-9;]*m/g, "");
}
