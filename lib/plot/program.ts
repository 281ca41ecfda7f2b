/** A part of a page that a program of its own fills, and what stands in its place where scripts are off. */
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { type Displayable, jupyterDisplay, type MediaBundle } from "./display.ts";
import { html, type HtmlFragment, trustedHtml, unescapeHtml } from "./html.ts";
import { embeddedJson } from "./embedded_json.ts";
import { fontFamily } from "./theme.ts";

/** A program as a page carries it. It fills each element with its name as `data-program`. */
export interface ProgramCode {
  /** Its name: small letters and dashes. */
  readonly name: string;
  /** The text of a classic script, compressed with gzip, in base64. */
  readonly packed: string;
  /** The look of what it makes. */
  readonly style: string;
}

/** What `program` puts on a page. */
export interface ProgramOptions {
  /** What fills the place. */
  code: ProgramCode;
  /** What the program finds in a script element of the place: plain JSON. */
  data: unknown;
  /** What stands there without scripts, and until the program has come. */
  fallback: HtmlFragment;
  /** What it is, read aloud and in a terminal. */
  title: string;
  /** How high it is in a notebook, in pixels. */
  height: number;
}

/** A place for a program, on a page or under a notebook's cell. */
export class Program implements Displayable {
  /** What it was made of. */
  readonly options: ProgramOptions;

  /** Call `program` instead. */
  constructor(options: ProgramOptions) {
    this.options = options;
  }

  /**
   * In a notebook it is a page of its own, shut off from the notebook's. Where markup is sanitised (a
   * notebook that nobody has trusted, a viewer on the web), style and frame go, and the fallback stays.
   */
  [jupyterDisplay](): MediaBundle {
    const { title, height, fallback } = this.options;
    const look = "width:100%;border:0;background:none;color-scheme:light dark";
    const shown = html`
      <style>.without-scripts{display:none}</style>
      <iframe title="${title}" sandbox="allow-scripts" height="${height}" style="${look}"
        srcdoc="${programPage(this.options)}"></iframe>
      <div class="without-scripts">${fallback}</div>
    `;
    return { "text/html": `${shown}`, "text/plain": title };
  }
}

/** A part of a page that a program fills. */
export function program(options: ProgramOptions): Program {
  return new Program(options);
}

/** The place that the program fills, with its data and its fallback. */
export function placeOf({ code, data, fallback }: ProgramOptions): HtmlFragment {
  return html`
    <div class="fragment program" data-program="${code.name}">
      <script type="application/json">${embeddedJson(data)}</script>
      ${fallback}
    </div>
  `;
}

/** What a notebook's output of a program was made of. */
export interface ShownProgram {
  /** The program's name. */
  readonly name: string;
  /** What it found in its place. */
  readonly data: unknown;
  /** The markup that stands there without scripts. */
  readonly fallback: HtmlFragment;
}

/** The program in markup that a notebook was shown, so that a page can hold it as its own; else nothing. */
export function shownProgram(markup: string): ShownProgram | undefined {
  const frame = markup.match(/<iframe [^>]*srcdoc="([^"]*)"/)?.[1];
  const place = unescapeHtml(frame ?? "").match(
    /data-program="([^"]*)">\s*<script type="application\/json">([^<]*)<\/script>/,
  );
  const fallback = markup.match(/<div class="without-scripts">([\s\S]*)<\/div>\s*$/)?.[1];
  if (!place || fallback === undefined) return undefined;
  return { name: place[1]!, data: JSON.parse(place[2]!), fallback: trustedHtml(fallback) };
}

/** The program, compressed, for {@linkcode unpackScript}. */
export function packedScript({ packed }: ProgramCode): HtmlFragment {
  return html`<script type="application/gzip" class="packed">${packed}</script>`;
}

/** The text of the program, as a browser runs it. */
export function scriptOf({ packed }: ProgramCode): string {
  return gunzipSync(Uint8Array.fromBase64(packed)).toString();
}

/** A function of a page's script: the policy knows a packed text by its hash, so it may become a script. */
export const unpackScript: string = `
  async function unpack(packed) {
    const bytes = Uint8Array.from(atob(packed.textContent), (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.textContent = await new Response(stream).text();
    packed.replaceWith(script);
  }
`;

/** A policy that allows these scripts and no request. */
export function policyFor(scripts: readonly string[]): string {
  const hashes = scripts.map((text) =>
    `'sha256-${createHash("sha256").update(text).digest("base64")}'`
  );
  return `default-src 'none'; script-src ${hashes.join(" ")}; style-src 'unsafe-inline'; ` +
    "img-src data: blob:; base-uri 'none'; form-action 'none'";
}

/** One program as a page without anything else. */
function programPage(options: ProgramOptions): string {
  const { code, title } = options;
  const loader = `(() => {${unpackScript}unpack(document.querySelector(".packed"));})();`;
  const style = `body{margin:4px;font:15px/1.5 ${fontFamily}}${code.style}`;
  return `<!doctype html>${html`
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="${policyFor([scriptOf(code), loader])}">
        <meta name="color-scheme" content="light dark">
        <title>${title}</title>
        <style>${trustedHtml(style)}</style>
      </head>
      <body>
        ${placeOf(options)}
        ${packedScript(code)}
        <script>${trustedHtml(loader)}</script>
      </body>
    </html>
  `}`;
}
