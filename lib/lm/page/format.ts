/** How pages word numbers. */
import { html, type HtmlFragment } from "../../plot/mod.ts";

/** A fact with its number, as a line. */
export function fact(text: string): HtmlFragment {
  return html`<p>${text}</p>`;
}

/** A share as per cent with one decimal. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
