/** HTML that cannot carry markup from outside: every interpolated text is escaped. */
import { jupyterDisplay, type MediaBundle } from "./display.ts";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Makes text safe as the content of an element and inside a quoted attribute.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { escapeHtml } from "./mod.ts";
 * assertEquals(escapeHtml(`<b title="x">`), "&lt;b title=&quot;x&quot;&gt;");
 * ```
 */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}

/**
 * A piece of HTML that was built by escaping. The door shows its type and not its constructor, so a
 * function that takes an `HtmlFragment` needs no trust in its caller.
 */
export class HtmlFragment {
  readonly #markup: string;
  readonly #shown: MediaBundle;

  /** Trusts the markup: call `html` instead. */
  constructor(markup: string, shown: MediaBundle) {
    this.#markup = markup;
    this.#shown = shown;
  }

  /** The markup. */
  toString(): string {
    return this.#markup;
  }

  /** How a notebook shows it. */
  [jupyterDisplay](): MediaBundle {
    return this.#shown;
  }
}

/** What `html` accepts between its pieces; `false`, `null` and `undefined` show nothing. */
export type HtmlValue = string | number | HtmlFragment | false | null | undefined | HtmlValue[];

/**
 * Template tag that escapes every interpolation; a fragment and a list of fragments stay markup.
 * Interpolate into the content of elements and into quoted attributes, nowhere else.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { html } from "./mod.ts";
 * const rows = ["a < b", "c"].map((text) => html`<li>${text}</li>`);
 * assertEquals(`${html`<ul>${rows}</ul>`}`, "<ul><li>a &lt; b</li><li>c</li></ul>");
 * ```
 */
export function html(pieces: TemplateStringsArray, ...values: HtmlValue[]): HtmlFragment {
  return trustedHtml(
    pieces.map((piece, i) => piece + (i < values.length ? render(values[i]) : "")).join(""),
  );
}

/** True for fragments, whatever else looks like one. */
export function isHtml(thing: unknown): thing is HtmlFragment {
  return thing instanceof HtmlFragment;
}

/**
 * For this room alone (not in its door): wraps markup whose every outside part is escaped. A notebook
 * shows `svg` in its place, since one that is not trusted drops SVG that stands in HTML.
 */
export function trustedHtml(
  markup: string,
  { text = plainText(markup), svg }: { text?: string; svg?: string } = {},
): HtmlFragment {
  const rich = svg === undefined ? { "text/html": markup } : { "image/svg+xml": svg };
  return new HtmlFragment(markup, { ...rich, "text/plain": text });
}

function render(value: HtmlValue): string {
  if (Array.isArray(value)) return value.map(render).join("");
  if (isHtml(value)) return value.toString();
  if (value === false || value === null || value === undefined) return "";
  return escapeHtml(String(value));
}

/** What is left of markup for a terminal: its text, without tags. */
function plainText(markup: string): string {
  const text = markup.replace(/<(style|script|svg)\b[\s\S]*?<\/\1>/g, "").replace(/<[^>]*>/g, " ");
  return unescapeHtml(text).replace(/\s+/g, " ").trim();
}

/** The text that {@linkcode escapeHtml} was given. */
export function unescapeHtml(text: string): string {
  const back = Object.entries(entities).reverse();
  return back.reduce((all, [character, entity]) => all.replaceAll(entity, character), text);
}
