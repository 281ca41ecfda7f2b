/** The page as one file: two programs, a style sheet and a few places to be filled. */
import { createHash } from "node:crypto";
import { bundleForBrowser } from "../bundle.ts";
import { pageStyle } from "../plot/page_style.ts";
import { textBoxStyle } from "../lm/typing/style.ts";
import { playgroundStyle } from "./style.ts";

/** Builds the page; it opens from disk and asks for nothing. */
export async function buildPlayground(): Promise<string> {
  const bundle = (entry: string) =>
    bundleForBrowser(`lib/playground/${entry}`, { lean: true, minify: true });
  const [page, worker] = await Promise.all([bundle("page/main.ts"), bundle("worker/main.ts")]);
  return documentOf({ page: embedded(page), worker: embedded(worker) });
}

/** Neither the end of a script nor the start of a comment can stand in a script's text. */
function embedded(code: string): string {
  return code.trim().replace(/<(?=\/script|!--)/gi, "\\x3c");
}

/**
 * Scripts and styles are let run by their hash alone, the worker because it comes from a blob, its
 * kernels because they are WebAssembly; everything else, every request above all, is forbidden.
 */
function policyOf({ script, style }: { script: string; style: string }): string {
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return `default-src 'none'; script-src ${hash(script)} 'wasm-unsafe-eval'; worker-src blob:; ` +
    `style-src ${hash(style)}; img-src data:; base-uri 'none'; form-action 'none'`;
}

function documentOf({ page, worker }: { page: string; worker: string }): string {
  const style = pageStyle + textBoxStyle + playgroundStyle;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf({ script: page, style })}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="Small language models that learn a rule before your eyes, with the exact truth beside them.">
<title>Watch a language model learn a rule</title>
<style>${style}</style>
</head>
<body>
<a class="skip" id="skip" href="#desk">Skip to the training</a>
<header>
<h1>Watch a language model learn a rule</h1>
<p class="lead">A small grammar writes strings; a model reads them, letter by letter, and learns to write its own.
Since the grammar is known exactly, so is how well any model can possibly do: the lines in the chart are
computed, not measured. Everything happens in this page, on your machine.</p>
<button type="button" id="theme">Dark</button>
</header>
<main>
<noscript><p>The models of this page are trained by a script, and scripts are off.</p></noscript>
<section aria-labelledby="guided"><h2 id="guided">Six experiments, a click each</h2><div id="guide"></div></section>
<section id="desk" aria-labelledby="training" tabindex="-1"><h2 id="training">Training</h2>
<div class="desk">
<div class="card" id="settings"></div>
<div class="card stage">
<p id="rule"></p>
<div id="transport"></div>
<p id="status" role="status" aria-live="polite"></p>
<div id="loss"></div>
<p class="note">Loss in nats a token; thick: on strings that the model has not seen, thin: on those that it
learns from. A model below a dashed line provably uses more characters than that line's best model.</p>
</div>
</div>
</section>
<section aria-labelledby="typed"><h2 id="typed">Type, and try to break the rule</h2>
<p>Under each character: what the model gave it, what it truly was worth, and where the grammar stands. Move the
slider, and the model of that moment answers.</p>
<div id="typing"></div></section>
<section aria-labelledby="seen"><h2 id="seen">What has been learned</h2><div class="panels" id="panels"></div></section>
</main>
<script type="text/plain" id="worker">${worker}</script>
<script>${page}</script>
</body>
</html>
`;
}
