/**
 * `deno task site`: the course as a static site in `runs/site`, which works from disk as well: the executed
 * notebooks with their figures alive, the glossary, the library's API, and the page where models learn.
 */
import { runCommand, UsageError, writeWhole } from "../command/mod.ts";
import { page } from "../plot/mod.ts";
import { indexPage, lessonsOf } from "./index_page.ts";
import { linkFaults, unlink } from "./links.ts";
import { renderMarkdown } from "./markdown.ts";
import type { Notebook } from "./notebook.ts";
import { notebookPage, partsOf } from "./notebook_page.ts";
import { siteStyle } from "./style.ts";

const root = new URL("../../", import.meta.url);

/** Pages that other tasks make: the task, what it writes, and where that goes. */
const parts = [
  { task: "docs:html", made: "runs/api", place: "api" },
  { task: "playground", made: "runs/playground.html", place: "playground.html" },
];

/**
 * Writes the pages that need no other task.
 *
 * @param options.playground whether the site has the page where models learn
 */
export async function writePages(
  out: string,
  { playground }: { playground: boolean },
): Promise<void> {
  const names = await notebookNames();
  const titles = new Map<string, string>();
  for (const [i, name] of names.entries()) {
    const text = await Deno.readTextFile(new URL(`notebooks/${name}.ipynb`, root));
    const notebook: Notebook = JSON.parse(text);
    const neighbours = { before: names[i - 1], after: names[i + 1] };
    await writeWhole(`${out}/${name}.html`, notebookPage(notebook, neighbours));
    titles.set(name, partsOf(notebook.cells)[0]!.title.replace(/^\d+ · /, ""));
  }
  const readme = await Deno.readTextFile(new URL("README.md", root));
  const lessons = lessonsOf(readme, titles);
  await writeWhole(`${out}/index.html`, indexPage({ lessons, playground }));
  const glossary = await Deno.readTextFile(new URL("notebooks/glossary.md", root));
  await writeWhole(`${out}/glossary.html`, glossaryPage(glossary));
}

function glossaryPage(text: string): string {
  const way = renderMarkdown("[the whole course](index.html)");
  const words = renderMarkdown(text.replace(/^# .*\n/, ""));
  return page({
    title: "Glossary",
    sections: [{ title: "All words", items: [way, words] }],
    style: siteStyle,
  });
}

async function notebookNames(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(new URL("notebooks/", root))) {
    if (name.endsWith(".ipynb")) names.push(name.slice(0, -".ipynb".length));
  }
  return names.sort();
}

async function runTask(task: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("deno", {
    args: ["task", task],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  if (success) return;
  throw new UsageError(
    `Expected deno task ${task} to succeed: ${new TextDecoder().decode(stderr)}`,
  );
}

async function copy(from: string, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) return await Deno.copyFile(from, to);
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) await copy(`${from}/${name}`, `${to}/${name}`);
}

if (import.meta.main) {
  await runCommand(async () => {
    const out = "runs/site";
    await Deno.remove(out, { recursive: true }).catch(() => {});
    const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
    const there = parts.filter(({ task }) => task in tasks);
    await writePages(out, { playground: there.some(({ task }) => task === "playground") });
    for (const { task, made, place } of there) {
      await runTask(task);
      await copy(made, `${out}/${place}`);
    }
    // deno doc links to sources on this machine, and to a few places that it does not write
    const isApi = ({ path }: { path: string }) => path.startsWith("api/");
    await unlink(out, (await linkFaults(out)).filter(isApi));
    const faults = await linkFaults(out);
    if (faults.length > 0) {
      const told = faults.map(({ path, address, problem }) => `${path}: ${address} ${problem}`);
      throw new UsageError(told.join("\n"));
    }
    console.log(`${out}/index.html begins the site; all its links lead somewhere`);
  });
}
