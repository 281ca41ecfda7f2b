/** Plotly as a page carries it: compressed, a quarter of its size. */
import plotly from "plotly.js-dist/plotly.js" with { type: "text" };
import { gzipSync } from "node:zlib";

/** The library's text, as the browser runs it. */
export const library: string = plotly;

let compressed: string | undefined; // a quarter of a second, so once for all pages of a program

/** The library as gzip in base64, 2.6 MB. */
export function compressedLibrary(): string {
  return compressed ??= gzipSync(library, { level: 9 }).toString("base64");
}
