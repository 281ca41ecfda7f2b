/** One self-contained HTML page of figures and text, which opens from disk and asks for nothing. */
import type { PageItem } from "./chooser.ts";
import { embeddedJson } from "./embedded_json.ts";
import { html, type HtmlFragment, trustedHtml } from "./html.ts";
import { holdsFigures, pageItem, programsOf } from "./page_items.ts";
import { compressedLibrary, library } from "./page_library.ts";
import { pageScript } from "./page_script.ts";
import { pageStyle } from "./page_style.ts";
import { packedScript, policyFor, scriptOf } from "./program.ts";
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
  /** More style, such as that of fragments. */
  style?: string;
}

const UNDRAWN = "A script draws the figures of this page, and scripts are off.";

/**
 * Builds one HTML file: Plotly is inlined once where there are figures (compressed, 2.6 MB, which the browser unpacks),
 * figures are JSON, and a policy in its head forbids scripts other than its own and every request.
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
export function page({ title, intro, sections, style = "" }: PageOptions): string {
  const behaviour = inlineScript(pageScript);
  const items = sections.flatMap(({ items }) => items);
  const programs = programsOf(items);
  const draws = holdsFigures(items);
  const scripts = [...draws ? [library] : [], behaviour, ...programs.map(scriptOf)];
  const styles = [pageStyle, ...programs.map(({ style }) => style), style].join("");
  const themes = embeddedJson({ light: template("light"), dark: template("dark") });
  const links = sections.map((one, index) => html`<li><a href="#s${index}">${one.title}</a></li>`);
  const document = html`
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="${policyFor(scripts)}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>${title}</title>
        <style>${trustedHtml(styles)}</style>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header>
          <h1>${title}</h1>
          ${paragraphs(intro)}
          <button type="button" id="theme">Dark</button>
        </header>
        <nav aria-label="Sections">
          <ul>${links}</ul>
        </nav>
        <main id="main">
          ${draws && html`<noscript><p>${UNDRAWN}</p></noscript>`}
          ${sections.map(sectionOf)}
        </main>
        <script type="application/json" id="themes">${themes}</script>
        ${draws &&
          html`<script type="application/gzip" id="plotly">${compressedLibrary()}</script>`}
        ${programs.map(packedScript)}
        <script>${trustedHtml(behaviour)}</script>
      </body>
    </html>
  `;
  return `<!doctype html>${document}`;
}

function sectionOf({ title, text, items }: Section, index: number): HtmlFragment {
  return html`
    <section id="s${index}" aria-labelledby="h${index}">
      <h2 id="h${index}">${title}</h2>
      ${paragraphs(text)}
      ${items.map((item, place) => pageItem(item, `${index}-${place}`))}
    </section>
  `;
}

function paragraphs(text: string | undefined): HtmlFragment[] {
  return (text ?? "").split(/\n\s*\n/).filter((part) => part.trim() !== "")
    .map((part) => html`<p>${part.trim()}</p>`);
}

/** Neither the end of a script nor the start of a comment can stand in a script's text. */
function inlineScript(text: string): string {
  return text.replace(/<(?=\/script|!--)/gi, "\\x3c");
}
