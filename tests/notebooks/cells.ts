/**
 * Type-checks and lints the code cells of the notebooks, which the kernel does not: all cells of a
 * notebook as one module, messages with the place in the notebook.
 */
import { runCommand, UsageError } from "../../lib/command/mod.ts";
import { joined, type Notebook, notebookPaths, readNotebook } from "./notebook.ts";

/** Cells as a module. */
export interface CellModule {
  /** The module's text. */
  text: string;
  /** For each line of it the cell and the line within, both counted from 1. */
  places: { cell: number; line: number }[];
}

/** Rules of the linter that fit modules and not cells, whose last value is shown. */
const unfitRules = ["no-unused-vars", "no-import-prefix", "no-process-global"];

/**
 * Joins the code cells of a notebook into a module that lies elsewhere.
 *
 * @param options.up how many folders deeper than the notebook the module lies, such as `../../`
 */
export function cellModule({ cells }: Notebook, { up }: { up: string }): CellModule {
  const lines: string[] = [];
  const places: CellModule["places"] = [];
  cells.forEach((cell, index) => {
    if (cell.cell_type !== "code") return;
    joined(cell.source).split("\n").forEach((line, number) => {
      lines.push(moveImports(line, up));
      places.push({ cell: index + 1, line: number + 1 });
    });
  });
  return { text: lines.join("\n") + "\n\nexport {};\n", places };
}

/** Code for another folder: its relative imports go `up` first. */
export function moveImports(code: string, up: string): string {
  return code.replace(/(\bfrom|\bimport\(?)\s*(["'])(\.\.?\/)/g, `$1 $2${up}$3`);
}

/** Puts the place in the notebook where a message names a line of the module. */
export function inNotebook(message: string, { path, places }: {
  path: string;
  places: CellModule["places"];
}): string {
  const name = moduleName(path).replaceAll(".", "\\.");
  return message.replace(new RegExp(`\\S*${name}:(\\d+)(?::\\d+)?`, "g"), (whole, line) => {
    const place = places[Number(line) - 1];
    return place === undefined ? whole : `${path}, cell ${place.cell}, line ${place.line}`;
  });
}

function moduleName(path: string): string {
  return `${path.split("/").at(-1)!.replace(/\.ipynb$/, "")}.cells.ts`;
}

/** The complaints about the cells of these notebooks; empty when there is none. */
export async function checkCells(paths: string[]): Promise<string> {
  const folder = `tests/.tmp/cells-${crypto.randomUUID().slice(0, 8)}`;
  await Deno.mkdir(folder, { recursive: true });
  const modules = [];
  for (const path of paths) {
    const module = `${folder}/${moduleName(path)}`;
    const up = upFrom(folder, path.split("/").slice(0, -1).join("/"));
    const { text, places } = cellModule(await readNotebook(path), { up });
    await Deno.writeTextFile(module, text);
    modules.push({ path, module, places });
  }
  const files = modules.map(({ module }) => module);
  const said = await deno(["check", "--quiet", ...files]) +
    await deno(["lint", "--quiet", `--rules-exclude=${unfitRules.join(",")}`, ...files]);
  await Deno.remove(folder, { recursive: true });
  return modules.reduce((text, { path, places }) => inNotebook(text, { path, places }), said);
}

/** The way from one folder to another, both relative to the same root. */
function upFrom(from: string, to: string): string {
  return `${"../".repeat(from.split("/").length)}${to}/`;
}

async function deno(args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("deno", {
    args,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return success ? "" : decoder.decode(stdout) + decoder.decode(stderr);
}

if (import.meta.main) {
  await runCommand(async () => {
    const paths = notebookPaths(Deno.args);
    const complaints = await checkCells(paths);
    if (complaints !== "") throw new UsageError(complaints);
    console.log(`The cells of ${paths.length} notebooks are well typed and pass the linter`);
  });
}
