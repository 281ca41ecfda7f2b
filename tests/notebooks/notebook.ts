/** Notebooks as data: the parts of Jupyter's format (version 4.5) that the tools here touch. */

/** Media types of one output. */
export type Bundle = Record<string, unknown>;

/** One output of a code cell. */
export type Output =
  | { output_type: "stream"; name: "stdout" | "stderr"; text: string | string[] }
  | {
    output_type: "display_data" | "execute_result";
    data: Bundle;
    metadata: Record<string, unknown>;
    execution_count?: number | null;
  }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] };

/** One cell. */
export interface Cell {
  cell_type: "code" | "markdown" | "raw";
  id?: string;
  source: string | string[];
  metadata: { tags?: string[]; tolerance?: number } & Record<string, unknown>;
  outputs?: Output[];
  execution_count?: number | null;
}

/** A notebook. */
export interface Notebook {
  cells: Cell[];
  metadata: Record<string, unknown>;
  nbformat: number;
  nbformat_minor: number;
}

/** Plotly's media type. */
export const plotlyType = "application/vnd.plotly.v1+json";

/** Text that the format keeps whole or by lines. */
export function joined(text: string | string[] | undefined): string {
  return Array.isArray(text) ? text.join("") : text ?? "";
}

/** Reads a notebook. */
export async function readNotebook(path: string): Promise<Notebook> {
  return JSON.parse(await Deno.readTextFile(path));
}

/** A notebook as `deno fmt` writes it. */
export async function formatNotebook(notebook: Notebook): Promise<string> {
  const process = new Deno.Command("deno", {
    args: ["fmt", "--ext", "ipynb", "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(notebook, null, 1) + "\n"));
  await writer.close();
  const { success, stdout, stderr } = await process.output();
  if (!success) throw new Error(`deno fmt: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

/** The notebooks of a folder by name, or those named; none when there is no such folder. */
export function notebookPaths(named: string[], folder = "notebooks"): string[] {
  if (named.length > 0) return named.map((name) => name.includes("/") ? name : `${folder}/${name}`);
  try {
    const entries = [...Deno.readDirSync(folder)];
    return entries.filter(({ isFile, name }) => isFile && name.endsWith(".ipynb"))
      .map(({ name }) => `${folder}/${name}`).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
