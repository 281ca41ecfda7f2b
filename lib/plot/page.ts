/** One self-contained HTML page of figures and text, which opens from disk and asks for nothing. */
import plotly from "plotly.js-dist-min/plotly.min.js" with { type: "text" };
import { createHash } from "node:crypto";
import { Chooser, type PageItem } from "./chooser.ts";
import { type Figure, plotText } from "./figure.ts";
import { html, type HtmlFragment, isHtml, trustedHtml } from "./html.ts";
import { pageScript } from "./page_script.ts";
import { pageStyle } from "./page_style.ts";
import { template } from "./theme.ts";

/** A part of a page, with an entry in its navigation. */
export interface Section {
  /** Its heading. */
  title: string;
  /** What the reader should see; an empty line starts a new paragraph. */
  text?: string;
  /** Figures, fragments and choosers, in order. */
  items: PageItem[];
}

/** What `page` holds. */
export interface PageOptions {
  /** The title of the page. */
  title: string;
  /** Under the title; an empty line starts a new paragraph. */
  intro?: string;
  /** The parts. */
  sections: Section[];
}

/**
 * Builds one HTML file: Plotly is inlined once (minified, 4.8 MB), figures are JSON, and a policy
 * in its head forbids scripts other than its own and every request.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { lines, page } from "./mod.ts";
 * const figure = lines({ title: "Loss", series: [{ name: "</script>", y: [2, 1] }] });
 * const text = page({ title: "Report", sections: [{ title: "Training", items: [figure] }] });
 * assertStringIncludes(text, "<title>Report</title>");
 * ```
 */
export function page({ title, intro, sections }: PageOptions): string {
  const library = inlineScript(plotly);
  const behaviour = inlineScript(pageScript);
  const themes = { light: template("light"), dark: template("dark") };
  return `<!doctype html>
${html`
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="${policy([library, behaviour])}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>${title}</title>
        <style>${trustedHtml(pageStyle)}</style>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header>
    <h1>${title}</h1>${paragraphs(intro)}
    <button type="button" id="theme">Dark</button>
        </header>
        <nav aria-label="Sections">
          <ul>${sections.map((section, index) =>
            html`<li><a href="#s${index}">${section.title}</a></li>`
          )}</ul>
        </nav>
        <main id="main">
    <noscript><p>The figures of this page are drawn by a script, which is switched off.</p></noscript>
    ${sections.map(sectionOf)}
        </main>
        <script type="application/json" id="themes">${json(themes)}</script>
        <script>${trustedHtml(library)}</script>
        <script>${trustedHtml(behaviour)}</script>
      </body>
    </html>
  `}
`;
}

function sectionOf({ title, text, items }: Section, index: number): HtmlFragment {
  return html`
    <section id="s${index}" aria-labelledby="h${index}">
    <h2 id="h${index}">${title}</h2>${paragraphs(text)}
    ${items.map((item, place) => itemOf(item, `${index}-${place}`))}
    </section>
  `;
}

function itemOf(item: PageItem, id: string): HtmlFragment {
  if (isHtml(item)) return html`<div class="fragment">${item}</div>\n`;
  return item instanceof Chooser ? chooserOf(item, id) : figureOf(item);
}

/** The title leaves the drawing for the caption, where it wraps, is found and is read aloud. */
function figureOf({ data, layout }: Figure): HtmlFragment {
  const { title, template: _, ...rest } = layout;
  const caption = (title as { text?: string } | undefined)?.text ?? "";
  return html`
    <figure class="plot">
      <figcaption>${trustedHtml(plotText(unplot(caption)))}</figcaption>
      <div class="drawing" role="img" aria-label="${unplot(caption)}"></div>
      <script type="application/json">${json({ data, layout: rest })}</script>
    </figure>
  `;
}

function chooserOf({ label, choices }: Chooser, id: string): HtmlFragment {
  return html`
    <div class="chooser"><p><label for="c${id}">${label}</label>
    <select id="c${id}">${choices.map(({ name }, i) =>
      html`<option value="${i}">${name}</option>`
    )}</select>
    <button type="button" data-step="-1" aria-label="Previous">‹</button>
    <button type="button" data-step="1" aria-label="Next">›</button></p>${choices.map((
      { items },
      i,
    ) =>
      html`
        <div class="panel" ${i > 0 && trustedHtml(" hidden")}>${items.map((item, place) =>
          itemOf(item, `${id}-${i}-${place}`)
        )}</div>
      `
    )}</div>
  `;
}

function paragraphs(text: string | undefined): HtmlFragment[] {
  return (text ?? "").split(/\n\s*\n/).filter((part) => part.trim() !== "")
    .map((part) => html`<p>${part.trim()}</p>`);
}

/** The text that `plotText` was given. */
function unplot(text: string): string {
  return text.replaceAll("<br>", " ").replaceAll("&#37;", "%").replaceAll("&gt;", ">")
    .replaceAll("&lt;", "<").replaceAll("&amp;", "&");
}

/** Inside a script element only `<` can end it, and JSON may write `<` as an escape. */
function json(value: unknown): HtmlFragment {
  return trustedHtml(JSON.stringify(value).replaceAll("<", "\\u003c"));
}

/** Neither the end of a script nor the start of a comment can stand in a script's text. */
function inlineScript(text: string): string {
  return text.replace(/<(?=\/script|!--)/gi, "\\x3c");
}

function policy(scripts: string[]): string {
  const hashes = scripts.map((text) =>
    `'sha256-${createHash("sha256").update(text).digest("base64")}'`
  );
  return `default-src 'none'; script-src ${hashes.join(" ")}; style-src 'unsafe-inline'; ` +
    "img-src data: blob:; base-uri 'none'; form-action 'none'";
}
