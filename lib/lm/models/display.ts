/** How models and reports show themselves in a notebook: as tables. */
import { formatTable } from "../../command/mod.ts";
import { html, htmlTable, type MediaBundle } from "../../plot/mod.ts";
import type { LanguageModel, NeuralModel } from "../model.ts";
import { type Report, reportTable, reportTitle } from "../run/report.ts";

/** A table with a line above it. */
interface TitledTable {
  title: string;
  head: readonly string[];
  rows: readonly (readonly (string | number)[])[];
}

/** A model's name, size and context, and each of its parameters if it has any. */
export function displayModel(model: LanguageModel & Partial<NeuralModel>): MediaBundle {
  const parameters = [...model.parameters ?? []];
  return displayTable({
    title: modelTitle(model),
    head: ["parameter", "shape", "numbers"],
    rows: parameters.map(([name, { shape, size }]) => [name, shape.join(" × "), size]),
  });
}

/** A run's table, as on the terminal. */
export function displayReport(report: Report): MediaBundle {
  return displayTable({ title: reportTitle(report), ...reportTable(report) });
}

function modelTitle(
  { name, parameterCount, contextLength, config }: LanguageModel & Partial<NeuralModel>,
): string {
  const sees = contextLength === Infinity ? "all of the text" : `the last ${contextLength} tokens`;
  const settings = Object.entries(config ?? {}).map(([key, value]) => `${key} ${value}`);
  const counted = `${parameterCount.toLocaleString("en")} parameters`;
  return [name, counted, `sees ${sees}`, ...settings].join(" · ");
}

function displayTable({ title, head, rows }: TitledTable): MediaBundle {
  if (rows.length === 0) return { "text/html": `${html`<p>${title}</p>`}`, "text/plain": title };
  const text = formatTable([...head], rows.map((row) => [...row]));
  const table = htmlTable({ head, rows: rows.map((row) => [...row]), caption: title });
  return { "text/html": `${table}`, "text/plain": `${title}\n\n${text}` };
}
