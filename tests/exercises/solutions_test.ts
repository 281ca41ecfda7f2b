/**
 * Every task of a notebook has a check, every check a task, and the folded solution after a task
 * passes its check. A solution runs together with those earlier cells whose names it uses.
 */
import { assertEquals } from "@std/assert";
import { exerciseFiles, type Verdict } from "../../lib/exercises/mod.ts";
import { moveImports } from "../notebooks/cells.ts";
import { type Cell, joined, readNotebook } from "../notebooks/notebook.ts";

interface Task {
  name: string;
  /** The module that runs the solution. */
  module: string;
}

const checkCall = /^await check\(\s*"([^"]+)",\s*([\s\S]+?),?\s*\);$/m;
const fold =
  /^<details><summary>Solution<\/summary>\n\n[\s\S]*?```ts\n([\s\S]*?)```[\s\S]*<\/details>/m;
const identifiers = /(?<!(?:[^.]|^)\.)(?<![\w$])[A-Za-z_$][\w$]*/g; // no members; spread is none

/** The tasks of a notebook in order. */
function tasksOf(cells: Cell[]): Task[] {
  return cells.flatMap((cell, index) => {
    const call = cell.cell_type === "code" ? checkCall.exec(joined(cell.source)) : null;
    if (call === null) return [];
    const next = joined(cells[index + 1]?.source);
    const solution = fold.exec(next)?.[1];
    if (solution === undefined) {
      throw new Error(`Expected a folded solution after the task ${call[1]}, got ${next}`);
    }
    const { names } = declarations(solution);
    const before = cells.slice(0, index).filter((one) => one.cell_type === "code")
      .map((one) => joined(one.source));
    const needed = slice(before, wordsOf(solution + call[2]).difference(names));
    const module = [
      `import { verdictOn } from "../lib/exercises/mod.ts";`,
      ...needed,
      solution,
      `export const verdict = await verdictOn("${call[1]}", ${call[2]});`,
    ].join("\n");
    return [{ name: call[1]!, module }];
  });
}

/** The cells that declare what is used, and what those use in turn; without tasks and displays. */
function slice(cells: string[], wanted: Set<string>): string[] {
  const kept: string[] = [];
  for (const cell of cells.toReversed()) {
    const { names } = declarations(cell);
    if (names.isDisjointFrom(wanted) || checkCall.test(cell)) continue;
    kept.unshift(cell);
    wanted = wanted.union(wordsOf(cell));
  }
  return kept;
}

/** Names that stand at the left margin after a word that declares. */
function declarations(code: string): { names: Set<string> } {
  const names = new Set<string>();
  const declaring =
    /^(?:export )?(?:async )?(?:const|let|function|class|interface|type|import(?: type)?) +([\w$]+|\{[^}]*\}|\[[^\]]*\]|\* as [\w$]+)/gm;
  for (const [, what] of code.matchAll(declaring)) {
    for (const name of what!.match(/[A-Za-z_$][\w$]*/g) ?? []) names.add(name);
  }
  return { names };
}

function wordsOf(code: string): Set<string> {
  return new Set(code.replace(/\/\/.*$/gm, "").match(identifiers) ?? []);
}

for (const [notebook, load] of Object.entries(exerciseFiles)) {
  Deno.test(`${notebook}: each folded solution passes its check`, async () => {
    const { exercises } = await load();
    const { cells } = await readNotebook(`notebooks/${notebook}.ipynb`);
    const tasks = tasksOf(cells);
    assertEquals(tasks.map(({ name }) => name).sort(), exercises.map(({ name }) => name).sort());
    for (const { name, module } of tasks) assertEquals(await run(module, name), "right");
  });
}

/** Runs a module from a file beside the tests, and tells the state of its verdict. */
async function run(module: string, name: string): Promise<string> {
  const folder = `tests/.tmp/solutions-${crypto.randomUUID().slice(0, 8)}`;
  await Deno.mkdir(folder, { recursive: true });
  try {
    const path = `${folder}/${name}.ts`;
    await Deno.writeTextFile(path, moveImports(module, "../../"));
    const { verdict } = await import(`../../${path}`) as { verdict: Verdict };
    return verdict.state === "right" ? "right" : `${name}: ${verdict.say}\n${module}`;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
