/** Runs notebooks in the real Deno kernel, through a Jupyter client in Python. */
import { temporaryFolder } from "../browser/temporary_folder.ts";
import { type Cell, joined, type Notebook, readNotebook } from "./notebook.ts";

/** How a notebook is executed. */
export interface ExecuteOptions {
  /** Most seconds for one cell. */
  cellSeconds?: number;
  /** How often a run that lost an output is repeated. */
  attempts?: number;
}

/** A notebook that ran to its end. */
export interface Execution {
  /** The notebook with its new outputs. */
  notebook: Notebook;
  /** What the run took, kernel start included. */
  seconds: number;
}

/**
 * Executes a notebook in a fresh kernel, in its own folder, and returns it with its outputs.
 *
 * @throws Error when a cell fails, takes too long, or shows nothing although it should
 */
export async function execute(
  path: string,
  { cellSeconds = 120, attempts = 3 }: ExecuteOptions = {},
): Promise<Execution> {
  for (let attempt = 1;; attempt++) {
    const execution = await executeOnce(path, cellSeconds);
    const silent = execution.notebook.cells.findIndex(lostOutput);
    if (silent < 0) return execution;
    if (attempt === attempts) {
      throw new Error(`${path}: cell ${silent} should show something and showed nothing`);
    }
  }
}

async function executeOnce(path: string, cellSeconds: number): Promise<Execution> {
  const folder = await temporaryFolder("notebook");
  try {
    await installKernel(folder);
    const out = `${folder}/executed.ipynb`;
    const started = performance.now();
    const { success, stderr } = await new Deno.Command("python3", {
      args: [new URL("execute.py", import.meta.url).pathname, path, out, `${cellSeconds}`],
      env: {
        JUPYTER_PATH: folder,
        JUPYTER_RUNTIME_DIR: `${folder}/runtime`,
        JUPYTER_PLATFORM_DIRS: "1",
        NO_COLOR: "1",
        DENO_NO_UPDATE_CHECK: "1",
      },
      stdout: "null",
    }).output();
    const seconds = (performance.now() - started) / 1000;
    if (!success) throw new Error(`${path}, ${new TextDecoder().decode(stderr).trim()}`);
    return { notebook: await readNotebook(out), seconds };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The kernel of the Deno that runs this, in a folder of ours: the reader's own stays untouched. */
export async function installKernel(folder: string): Promise<void> {
  await Deno.mkdir(`${folder}/kernels/deno`, { recursive: true });
  const kernel = {
    argv: [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"],
    display_name: "Deno",
    language: "typescript",
  };
  await Deno.writeTextFile(`${folder}/kernels/deno/kernel.json`, JSON.stringify(kernel));
}

/** True for a cell that calls something that shows, and has no output. */
export function lostOutput(cell: Cell): boolean {
  return cell.cell_type === "code" && (cell.outputs ?? []).length === 0 &&
    /^(await show\(|console\.(log|table)\(|await \w+\.done\()/m.test(joined(cell.source));
}
