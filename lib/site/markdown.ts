/** The prose of notebooks as HTML: formulas as MathML, which needs no script and no font; code coloured. */
import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import typescript from "highlight.js/lib/languages/typescript";
import { Marked, type Tokens } from "marked";
import markedKatex from "marked-katex-extension";
import { escapeHtml, type HtmlFragment } from "../plot/mod.ts";
// The texts are this project's own, committed and reviewed: the only markup that is trusted as it is.
import { trustedHtml } from "../plot/html.ts";

hljs.registerLanguage("typescript", typescript);
hljs.registerLanguage("bash", bash);

const marked = new Marked(
  markedKatex({ output: "mathml", throwOnError: true, nonStandard: true }),
  {
    renderer: {
      code: ({ text, lang }: Tokens.Code) => codeMarkup(text, lang ?? ""),
      heading({ tokens, depth, text }: Tokens.Heading) {
        const content = this.parser.parseInline(tokens);
        return `<h${depth} id="${anchorOf(text)}">${content}</h${depth}>`;
      },
    },
    walkTokens: (token) => {
      if (token.type === "link") token.href = onSite(token.href);
    },
  },
);

/** Markdown of this project as HTML, its links as they are on the site. */
export function renderMarkdown(text: string): HtmlFragment {
  const markup = marked.parse(text, { async: false });
  const unbroken = markup.replace(/<\/math><\/span>(?=[.,;:)?!-])/g, "$&\u2060"); // no line begins with a comma
  return trustedHtml(`<div class="prose">${unbroken}</div>`);
}

/** A code cell. */
export function renderCode(text: string): HtmlFragment {
  return trustedHtml(codeMarkup(text, "ts"));
}

function codeMarkup(text: string, language: string): string {
  const known = { ts: "typescript", typescript: "typescript", sh: "bash", bash: "bash" }[language];
  const content = known ? hljs.highlight(text, { language: known }).value : escapeHtml(text);
  return `<pre class="code" tabindex="0"><code>${content}</code></pre>`;
}

/** Where a link between the project's documents leads on the site. */
function onSite(href: string): string {
  return href.replace(/^([\w-]+)\.(?:ipynb|md)(?=#|$)/, "$1.html");
}

/** What GitHub makes of a heading. */
export function anchorOf(heading: string): string {
  return heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").trim().replaceAll(" ", "-");
}
