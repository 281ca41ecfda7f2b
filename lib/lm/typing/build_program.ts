/**
 * Builds the box as one script, which is committed as text: `deno task build:box`. A page can then carry it
 * wherever it is made, with no bundler and no permission to run one. The kernels are left out, for at one
 * text a time tfjs's own plain ones are fast enough, and a page without WebAssembly needs a weaker policy.
 *
 * What is committed need not be byte for byte what the sources give today; a test holds it to what they
 * answer, for every model and every grammar.
 */
import { gzipSync } from "node:zlib";
import { bundleForBrowser } from "../../bundle.ts";

const none = "lib/lm/typing/no_kernels.ts";

/** The script's text. */
export function buildProgram(): Promise<string> {
  return bundleForBrowser("lib/lm/typing/program_main.ts", {
    lean: true,
    minify: true,
    instead: {
      "lib/tensor/simd/kernels_plain.ts": none,
      "lib/tensor/simd/kernels_relaxed.ts": none,
    },
  });
}

if (import.meta.main) {
  const packed = gzipSync(await buildProgram(), { level: 9 }).toString("base64");
  await Deno.writeTextFile(
    new URL("program.ts", import.meta.url),
    [
      "// deno-fmt-ignore-file",
      "// Written by `deno task build:box` from program_main.ts.",
      "/** The box as the text of a script, compressed with gzip, in base64. */",
      `export const packedBox = "${packed}";`,
      "",
    ].join("\n"),
  );
  console.log(`lib/lm/typing/program.ts: ${(packed.length / 1024).toFixed(0)} KB`);
}
