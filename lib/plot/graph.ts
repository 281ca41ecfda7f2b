/** Graphs of nodes and arrows: computations, automata, architectures. */
import { Graphviz } from "@hpcc-js/wasm-graphviz";
import { html, type HtmlFragment, trustedHtml } from "./html.ts";
import { inks } from "./theme.ts";

/**
 * Lays out a graph written in the DOT language and draws it as SVG in the colours of the theme.
 * Labels are text: what looks like markup in them is shown as it is, and links and pictures that
 * DOT can ask for are left out.
 *
 * @param options.dot the graph, such as `digraph { a -> b }`; put labels through `dotText`
 * @param options.title a line above it
 * @throws Error when the text is not DOT
 */
export async function graph(
  { dot, title }: { dot: string; title?: string },
): Promise<HtmlFragment> {
  const drawn = trustedHtml(await layOut(dot));
  const caption = title === undefined
    ? ""
    : html`<figcaption style="font-weight:600">${title}</figcaption>`;
  const shown = html`<figure class="graph" style="margin:8px 0">${caption}${drawn}</figure>`;
  return trustedHtml(`${shown}`, {
    text: `Graph: ${title ?? "untitled"}`,
    svg: title === undefined ? `${drawn}` : await layOut(withTitle(dot, title)),
  });
}

/** The graph as an `<svg>` element; see {@linkcode graph}. */
export async function layOut(dot: string): Promise<string> {
  const graphviz = await Graphviz.load();
  return restyle(graphviz.dot(themed(dot)));
}

/**
 * Quotes text as a DOT label, so that quotes, backslashes and braces in it stay text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { dotText } from "./mod.ts";
 * assertEquals(dotText('say "hi"'), '"say \\"hi\\""');
 * ```
 */
export function dotText(text: string): string {
  return `"${
    text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")
      .replaceAll("&", "&amp;")
  }"`;
}

const grey = inks.anywhere.text;

/** A notebook has no place for a title beside the picture. */
function withTitle(dot: string, title: string): string {
  return dot.replace("{", () => `{ label=${dotText(title)}; labelloc=t; `);
}

/** Defaults go right after the first brace, so that the graph's own attributes win. */
function themed(dot: string): string {
  const font = `fontname="Helvetica,Arial,sans-serif" fontcolor="${grey}"`;
  return dot.replace(
    "{",
    `{ bgcolor="transparent"; graph [${font}]; ` +
      `node [${font} color="${grey}"]; edge [${font} fontsize=12 color="${grey}" arrowsize=0.7]; `,
  );
}

/** The column of a notebook is 928 pixels wide, which are 696 points. */
function size(width: string): string {
  return `width="${Math.min(Number(width), 696)}pt" style="max-width:100%;height:auto"`;
}

/** Keeps the `<svg>` element alone, fitted to the page, without links and pictures. */
function restyle(svg: string): string {
  return svg.slice(svg.indexOf("<svg"))
    .replace(/<svg width="(\d+)pt" height="\d+pt"/, (_, width) => `<svg ${size(width)}`)
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/<a [^>]*>|<\/a>|<image [^>]*>|<\/image>/g, "")
    .replaceAll(`fill="${grey}"`, `fill="${grey}" class="ink"`)
    .replace(/\n\s*/g, "\n").trim();
}
