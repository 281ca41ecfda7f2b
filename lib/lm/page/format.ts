/** How pages word numbers. */
import { html, type HtmlFragment } from "../../plot/mod.ts";

/** A fact with its number, as a line. */
export function fact(text: string): HtmlFragment {
  return html`<p>${text}</p>`;
}

/** A large number, or a dash where there is none. */
export function rounded(value: number | null): string {
  return value === null ? "–" : Math.round(value).toLocaleString("en");
}
