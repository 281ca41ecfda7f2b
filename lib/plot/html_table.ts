/** A table as HTML. */
import { html, type HtmlFragment, type HtmlValue } from "./html.ts";

/** What `htmlTable` shows. */
export interface HtmlTableOptions {
  /** Names of the columns. */
  head: readonly string[];
  /** The rows; numbers are shown with four digits, a column of numbers stands to the right. */
  rows: readonly (readonly HtmlValue[])[];
  /** What the table shows, above it. */
  caption?: string;
}

/**
 * Lays out rows under a head, everything escaped; the first column names its row.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { htmlTable } from "./mod.ts";
 * const table = htmlTable({ head: ["model", "valid"], rows: [["<gru>", 0.98]] });
 * assertStringIncludes(`${table}`, "&lt;gru&gt;");
 * ```
 */
export function htmlTable({ head, rows, caption }: HtmlTableOptions): HtmlFragment {
  const sides = head.map((_, column) =>
    column > 0 && rows.every((row) => typeof row[column] === "number") ? "right" : "left"
  );
  const above = caption === undefined ? "" : html`<caption>${caption}</caption>`;
  const names = head.map((name, i) =>
    html`<th scope="col" style="text-align:${sides[i]}">${name}</th>`
  );
  const body = rows.map((row) => bodyRow(row, sides));
  return html`
    <div class="table" style="overflow-x:auto">
      <table>${above}<thead><tr>${names}</tr></thead><tbody>${body}</tbody></table>
    </div>
  `;
}

function bodyRow(cells: readonly HtmlValue[], sides: string[]): HtmlFragment {
  const shown = cells.map((cell, i) => {
    const value = typeof cell === "number" ? Number(cell.toPrecision(4)) : cell;
    return i === 0
      ? html`<th scope="row" style="text-align:left">${value}</th>`
      : html`<td style="text-align:${sides[i]}">${value}</td>`;
  });
  return html`<tr>${shown}</tr>`;
}
