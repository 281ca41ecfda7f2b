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
  return html`
    <div class="table" style="overflow-x:auto">
      <table>${caption !== undefined && html`<caption>${caption}</caption>`}<thead><tr>${head.map((
        name,
        i,
      ) =>
        html`<th scope="col" style="text-align:${sides[i]}">${name}</th>`
      )}</tr></thead><tbody>${rows.map((row) => bodyRow(row, sides))}</tbody></table>
    </div>
  `;
}

function bodyRow(cells: readonly HtmlValue[], sides: string[]): HtmlFragment {
  return html`<tr>${
    cells.map((cell, i) => {
      const shown = typeof cell === "number" ? Number(cell.toPrecision(4)) : cell;
      return i === 0
        ? html`<th scope="row" style="text-align:left">${shown}</th>`
        : html`<td style="text-align:${sides[i]}">${shown}</td>`;
    })
  }</tr>`;
}
