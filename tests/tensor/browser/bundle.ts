/** Bundling for a browser, and finding in a bundle what a browser does not have. */

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

/**
 * A program as one classic script.
 *
 * @param entry the file of the program, relative to the repository's root.
 * @param options `lean`: without the parts of tfjs that this library does not use.
 */
export async function bundleForBrowser(entry: string, { lean = false } = {}): Promise<string> {
  const root = new URL("../../../", import.meta.url);
  const { imports } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", root)));
  const scratch = new URL(`tests/.tmp/bundle-${crypto.randomUUID()}/`, root);
  Deno.mkdirSync(scratch, { recursive: true });
  try {
    const tfjs = new URL("lib/tensor/browser_tfjs.ts", root).href;
    const map = JSON.stringify({
      imports: { ...imports, ...lean && { "@tensorflow/tfjs": tfjs } },
    });
    Deno.writeTextFileSync(new URL("imports.json", scratch), map);
    const options = [
      "--no-config",
      "--no-lock",
      "--import-map",
      new URL("imports.json", scratch).href,
    ];
    const { success, stdout, stderr } = await new Deno.Command("deno", {
      args: ["bundle", ...options, "--platform", "browser", "--format", "iife", entry],
      cwd: root,
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout);
  } finally {
    Deno.removeSync(scratch, { recursive: true });
  }
}

/** What a bundle has that a browser has not, with a piece of the code around each. */
export function foreignParts(code: string): string[] {
  return Object.entries(FOREIGN).flatMap(([name, pattern]) => {
    const at = code.search(pattern);
    return at < 0 ? [] : [`${name}: …${code.slice(Math.max(0, at - 40), at + 60)}…`];
  });
}
