/** A table as HTML. */
import { html, type HtmlFragment, type HtmlValue } from "./html.ts";

/** What `htmlTable` shows. */
export interface HtmlTableOptions {
  /** Names of the columns. */
  head: readonly string[];
  /** The rows; numbers stand to the right. */
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
  return html`
    <div class="table" style="overflow-x:auto">
      <table>${caption !== undefined && html`<caption>${caption}</caption>`}<thead><tr>${head.map((
        name,
      ) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>${rows.map(
        bodyRow,
      )}</tbody></table>
    </div>
  `;
}

function bodyRow(cells: readonly HtmlValue[]): HtmlFragment {
  return html`<tr>${
    cells.map((cell, column) => {
      if (column === 0) return html`<th scope="row" style="text-align:left">${cell}</th>`;
      const side = typeof cell === "number" ? "right" : "left";
      return html`<td style="text-align:${side}">${cell}</td>`;
    })
  }</tr>`;
}
