/** An executed notebook as a page: its prose, its code and what that showed, figures alive. */
import {
  type Figure,
  html,
  type HtmlFragment,
  jupyterDisplay,
  page,
  type PageItem,
  program,
  type Section,
  shownProgram,
} from "../plot/mod.ts";
import { trustedHtml } from "../plot/html.ts"; // for outputs, which this library has escaped
import { packedBox } from "../lm/typing/program.ts";
import { textBoxStyle } from "../lm/typing/style.ts";
import { renderCode, renderMarkdown } from "./markdown.ts";
import { type Cell, joined, type Notebook, type Output } from "./notebook.ts";
import { siteStyle } from "./style.ts";

/** The page of a notebook, with a way to its neighbours. */
export function notebookPage(
  notebook: Notebook,
  { before, after }: { before?: string | undefined; after?: string | undefined },
): string {
  const parts = partsOf(notebook.cells);
  const [first, ...others] = parts;
  const way = wayOn({ before, after });
  const sections: Section[] = [
    { title: "Beginning", items: [way, ...first!.items] },
    ...others,
    { title: "Where to go on", items: [way] },
  ];
  return page({ title: first!.title, sections, style: siteStyle });
}

/** The cells under each heading of the second level; the first part has the title of the notebook. */
export function partsOf(cells: readonly Cell[]): { title: string; items: PageItem[] }[] {
  const parts: { title: string; items: PageItem[] }[] = [{ title: "", items: [] }];
  for (const cell of cells) {
    const text = joined(cell.source);
    if (cell.cell_type === "code") {
      const { items } = parts.at(-1)!;
      items.push(renderCode(text));
      for (const item of (cell.outputs ?? []).flatMap(outputItems)) items.push(item);
      continue;
    }
    for (const piece of text.split(/^(?=##? )/m)) {
      const [, marks, heading] = piece.match(/^(##?) (.*)/) ?? [];
      if (marks === "#") parts[0]!.title = plain(heading!);
      if (marks === "##") parts.push({ title: plain(heading!), items: [] });
      const prose = heading === undefined ? piece : piece.slice(piece.indexOf("\n") + 1);
      if (prose.trim() !== "" && prose !== piece.match(/^##? .*$/)?.[0]) {
        parts.at(-1)!.items.push(renderMarkdown(prose));
      }
    }
  }
  return parts;
}

/** A heading without the signs of Markdown. */
function plain(heading: string): string {
  return heading.replace(/[`_*$]/g, "");
}

/** What an output shows: a figure that can be used before its picture, markup before text. */
function outputItems(output: Output): PageItem[] {
  if (output.output_type === "stream") return [textOutput(joined(output.text))];
  if (output.output_type === "error") return [textOutput(output.evalue)];
  const { data } = output;
  const figure = data["application/vnd.plotly.v1+json"];
  if (figure !== undefined) return [asFigure(figure as Pick<Figure, "data" | "layout">)];
  const label = joined(data["text/plain"]);
  const markup = joined(data["text/html"]);
  if (markup !== "") return [asProgram(markup, label) ?? trustedHtml(markup)];
  const svg = joined(data["image/svg+xml"]);
  if (svg !== "") return [picture(`data:image/svg+xml;base64,${base64(svg)}`, label)];
  const png = joined(data["image/png"]).replace(/\s/g, "");
  if (png !== "") return [picture(`data:image/png;base64,${png}`, label)];
  return [textOutput(label)];
}

function textOutput(text: string): HtmlFragment {
  return html`<pre class="output" tabindex="0">${text}</pre>`;
}

function picture(url: string, label: string): HtmlFragment {
  return html`<img class="picture" src="${url}" alt="${label}">`;
}

function base64(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}

function asFigure(figure: Pick<Figure, "data" | "layout">): Figure {
  return { ...figure, [jupyterDisplay]: () => ({}) };
}

/** The box of a notebook as one of the page. */
function asProgram(markup: string, title: string): PageItem | undefined {
  const shown = shownProgram(markup);
  if (shown?.name !== "typed-text") return undefined;
  const code = { name: shown.name, packed: packedBox, style: textBoxStyle };
  return program({ code, data: shown.data, fallback: shown.fallback, title, height: 0 });
}

/** Links to the notebook before, to all of them, and to the next. */
function wayOn(
  { before, after }: { before?: string | undefined; after?: string | undefined },
): HtmlFragment {
  return html`
    <p class="prose">
      ${before && html`
        <a href="${before}.html">← ${before}</a> ·
      `}
      <a href="index.html">the whole course</a> · <a href="glossary.html">glossary</a>
      ${after && html`
        · <a href="${after}.html">${after} →</a>
      `}
    </p>
  `;
}
