/**
 * Executes notebooks and writes them back with their outputs, or, with `--check`, executes them
 * and tells whether the committed outputs still hold.
 *
 * Wants a `python3` on the PATH that has jupyter_client and nbformat, and a `chromium`.
 */
import { createCommand, runCommand, UsageError, writeWhole } from "../../lib/command/mod.ts";
import { differences } from "./compare.ts";
import { execute } from "./execute.ts";
import { formatNotebook, notebookPaths, readNotebook } from "./notebook.ts";
import { normalise } from "./normalise.ts";
import { addPictures } from "./pictures.ts";

const command = createCommand("deno task notebooks", "Execute the notebooks and write them back.")
  .argument("[names...]", "notebooks, such as 01_autograd.ipynb; all of them by default")
  .option("--check", "write nothing, fail where committed outputs differ from fresh ones");

await runCommand(async () => {
  command.parse(Deno.args, { from: "user" });
  const check = command.opts<{ check?: boolean }>().check === true;
  const failures: string[] = [];
  for (const path of notebookPaths(command.args)) {
    try {
      const found = await (check ? checkOne(path) : writeOne(path));
      failures.push(...found.map((difference) => `${path}, ${difference}`));
    } catch (error) {
      failures.push((error as Error).message);
      console.error(`${path}: failed`);
    }
  }
  if (failures.length > 0) throw new UsageError(failures.join("\n"));
});

async function writeOne(path: string): Promise<string[]> {
  const { notebook, seconds } = await execute(path);
  const normal = normalise(notebook);
  await addPictures([normal]);
  const text = await formatNotebook(normal);
  await writeWhole(path, text);
  console.log(`${path}: ${seconds.toFixed(1)} s, ${(text.length / 1024).toFixed(0)} KB`);
  return [];
}

async function checkOne(path: string): Promise<string[]> {
  const { notebook, seconds } = await execute(path);
  const found = differences(normalise(await readNotebook(path)), normalise(notebook));
  console.log(`${path}: ${seconds.toFixed(1)} s, ${found.length} differences`);
  return found;
}
