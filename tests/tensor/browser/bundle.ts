/** Finding in a bundle what a browser does not have. */

/** What must not be in a bundle for a browser. */
const FOREIGN: Record<string, RegExp> = {
  "Deno": /(?<!["'`])\bDeno\./, // and not the name of a symbol
  "Node": /["'`]node:/,
  "FFI": /dlopen|cblas_sgemm/,
  "another backend": /tfjs-backend-(?:wasm|webgpu)|WebGPUBackend|requestAdapter/,
  "a renderer of graphs": /graphviz/i,
  "a command line": /\bcli-progress\b|\bcommander\b/,
  "plotly": /plotly\.js/i,
};

/** What a bundle has that a browser has not, with a piece of the code around each. */
export function foreignParts(code: string): string[] {
  return Object.entries(FOREIGN).flatMap(([name, pattern]) => {
    const at = code.search(pattern);
    return at < 0 ? [] : [`${name}: …${code.slice(Math.max(0, at - 40), at + 60)}…`];
  });
}
