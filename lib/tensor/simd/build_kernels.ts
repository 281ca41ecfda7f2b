/**
 * Compiles the AssemblyScript in lib/tensor/kernels to two WebAssembly modules and their TypeScript
 * declarations. The modules are committed as text, so that they are found wherever the code was loaded
 * from, a bundle included: `deno task build:kernels`. With `--check` it writes nothing and exits 1 if what is
 * committed is not what the sources build: `deno task check:kernels`.
 */
import asc from "assemblyscript/asc";

const sources = new URL("../kernels/", import.meta.url);
const built = new URL("./", import.meta.url);

const common = [
  "index.ts",
  "-O3",
  "--noAssert",
  "--runtime=stub",
  "--importMemory",
  "--sharedMemory",
  "--initialMemory=32", // subtle: V8 checks an address with a small offset once, not twice, below this
  "--maximumMemory=65536",
];

const variants = [
  { name: "relaxed", features: "simd,threads,bulk-memory,relaxed-simd" },
  { name: "plain", features: "simd,threads,bulk-memory" },
];

/** Compiles the sources; returns the built files by name. */
async function compile(options: string[]): Promise<Map<string, string | Uint8Array>> {
  const files = new Map<string, string | Uint8Array>();
  const { error, stderr } = await asc.main([...common, ...options], {
    readFile: (name: string, base: string) =>
      readIfThere(new URL(name, new URL(base + "/", sources))),
    writeFile: (name: string, contents: string | Uint8Array) => void files.set(name, contents),
    listFiles: () => [],
  });
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return files;
}

function readIfThere(file: URL): string | null {
  try {
    return Deno.readTextFileSync(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** One interface of the compiler's declarations, so that a call with too few addresses does not compile. */
function declarations(bindings: string): string {
  const functions = [...bindings.matchAll(/export function (\w+)\(([^)]*)\): (\w+);/g)];
  const lines = functions.map(([, name, parameters, result]) =>
    `  ${name}(${parameters}): ${result};`
  );
  return [
    "// deno-fmt-ignore-file",
    "// Written by `deno task build:kernels`; the functions are explained in lib/tensor/kernels.",
    "/** The functions of the WebAssembly module; addresses and counts are plain numbers. */",
    "export interface Kernels {",
    ...lines,
    "}",
    "",
  ].join("\n");
}

/** A module as TypeScript. */
function asText(name: string, module: Uint8Array<ArrayBuffer>): string {
  return [
    "// deno-fmt-ignore-file",
    "// Written by `deno task build:kernels` from lib/tensor/kernels.",
    `/** The WebAssembly module, the ${name} build, in base64. */`,
    `export const ${name} = "${module.toBase64()}";`,
    "",
  ].join("\n");
}

/** Every file of the build, by name. */
async function build(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const { name, features } of variants) {
    const file = `${name}.wasm`;
    const out = await compile(["--enable", features, "--outFile", file, "--bindings", "raw"]);
    files.set(`kernels_${name}.ts`, asText(name, out.get(file) as Uint8Array<ArrayBuffer>));
    files.set("kernels.ts", declarations(String(out.get(`${name}.d.ts`))));
  }
  return files;
}

function isCommitted(name: string, contents: string): boolean {
  return Deno.readTextFileSync(new URL(name, built)) === contents;
}

async function main(): Promise<void> {
  const files = await build();
  if (!Deno.args.includes("--check")) {
    for (const [name, contents] of files) {
      Deno.writeTextFileSync(new URL(name, built), contents);
    }
    return;
  }
  const stale = [...files].filter(([name, contents]) => !isCommitted(name, contents));
  for (const [name] of stale) {
    console.error(
      `Expected ${name} to be what lib/tensor/kernels builds; run deno task build:kernels`,
    );
  }
  if (stale.length > 0) Deno.exit(1);
}

if (import.meta.main) await main();
