/** How pages word numbers. */
import type { BesideUntrained } from "../analysis/mod.ts";
import { html, type HtmlFragment } from "../../plot/mod.ts";

/** A fact with its number, as a line. */
export function fact(text: string): HtmlFragment {
  return html`<p>${text}</p>`;
}

/** What an analysis finds where nothing was learned, in words: `before training 3 %, shuffled 4 %`. */
export function besides<T>(
  { untrained, shuffled }: Pick<BesideUntrained<T>, "untrained" | "shuffled">,
  show: (found: T) => string,
): string {
  return `before training ${show(untrained)}, with shuffled weights ${show(shuffled)}`;
}

/** A large number, or a dash where there is none. */
export function rounded(value: number | null): string {
  return value === null ? "–" : Math.round(value).toLocaleString("en");
}
