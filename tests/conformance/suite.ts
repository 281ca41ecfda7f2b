/**
 * tfjs-core's own test suite, made importable.
 *
 * The npm package ships it as modules that import each other without file extensions, as a bundler
 * reads them. Every module that the suite reaches is copied with its imports completed.
 */
import { existsSync } from "node:fs";

const importStatement = /(from\s+|import\s+|import\()(['"])(\.[^'"]*)\2/g;
const namespaceOfPackage = /import \* as (\w+) from (['"][^.])/g; // of CommonJS, where a bundler takes the default
const sourceMap = /\/\/# sourceMappingURL=.*/g;

/** The file that an import without extension means. */
function complete(specifier: string, from: URL): string {
  const ways = [`${specifier}.js`, `${specifier}/index.js`, specifier];
  const found = ways.find((way) => way.endsWith(".js") && existsSync(new URL(way, from)));
  if (!found) throw new Error(`Expected a module for the import ${specifier} in ${from}, got none`);
  return found;
}

/** A module's text with completed imports, and the modules it imports. */
function completed(file: URL): { text: string; imported: URL[] } {
  const imported: URL[] = [];
  const text = Deno.readTextFileSync(file).replaceAll(sourceMap, "")
    .replaceAll(namespaceOfPackage, "import $1 from $2").replaceAll(
      importStatement,
      (_, keyword, quote, specifier) => {
        const target = complete(specifier, file);
        imported.push(new URL(target, file));
        return `${keyword}${quote}${target}${quote}`;
      },
    );
  return { text, imported };
}

/**
 * Copies the suite into a folder.
 *
 * @param folder where to, ending in a slash.
 * @returns the modules to import: the helper that names the backends, and the tests.
 */
export function copySuite(folder: URL): { environments: URL; tests: URL } {
  const root = new URL("./", import.meta.resolve("@tensorflow/tfjs-core")); // dist/
  const target = (file: URL) => new URL(file.href.slice(root.href.length), folder);
  const environments = new URL("jasmine_util.js", root), tests = new URL("tests.js", root);
  const waiting = [environments, tests];
  const seen = new Set(waiting.map(String));
  for (let file = waiting.pop(); file; file = waiting.pop()) {
    const { text, imported } = completed(file);
    Deno.mkdirSync(new URL("./", target(file)), { recursive: true });
    Deno.writeTextFileSync(target(file), text);
    for (const next of imported) {
      if (seen.has(next.href)) continue;
      seen.add(next.href);
      waiting.push(next);
    }
  }
  return { environments: target(environments), tests: target(tests) };
}
