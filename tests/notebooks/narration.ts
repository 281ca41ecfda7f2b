/** How a notebook reads, in figures, and what is wrong with it as a committed file. */
import { lostOutput } from "./execute.ts";
import { type Cell, joined, type Notebook, type Output, plotlyType } from "./notebook.ts";

/** The figures of one notebook. */
export interface Narration {
  /** Lines of code, blank ones left out. */
  codeLines: number;
  /** Words of prose; a formula counts as one. */
  words: number;
  /** Words for each line of code. */
  wordsPerLine: number;
  /** Lines of the longest code cell. */
  longestCell: number;
  /** Most code cells in a row without prose between them. */
  longestRow: number;
}

/** What the house allows: the lowest words for a line, and the highest of the others. */
export const limits = { wordsPerLine: 12, longestCell: 30, longestRow: 2, bytes: 1_500_000 };

/** Measures a notebook. */
export function narration({ cells }: Notebook): Narration {
  const code = cells.filter(isCode).map(lineCount);
  const codeLines = sum(code);
  const words = sum(cells.filter((cell) => cell.cell_type === "markdown").map(wordCount));
  let row = 0;
  const rows = cells.map((cell) => row = isCode(cell) ? row + 1 : 0);
  return {
    codeLines,
    words,
    wordsPerLine: words / Math.max(1, codeLines),
    longestCell: Math.max(0, ...code),
    longestRow: Math.max(0, ...rows),
  };
}

/** What breaks the house's rules about narration, a line each. */
export function narrationFaults(notebook: Notebook): string[] {
  const { wordsPerLine, longestCell, longestRow } = narration(notebook);
  const first = notebook.cells[0];
  return [
    wordsPerLine < limits.wordsPerLine &&
    `${wordsPerLine.toFixed(1)} words for a line of code, wanted at least ${limits.wordsPerLine}`,
    longestCell > limits.longestCell &&
    `a code cell of ${longestCell} lines, wanted at most ${limits.longestCell}`,
    longestRow > limits.longestRow &&
    `${longestRow} code cells in a row without prose, wanted at most ${limits.longestRow}`,
    !(first?.cell_type === "markdown" && joined(first.source).startsWith("# ")) &&
    "no title in the first cell",
  ].filter((fault) => fault !== false);
}

/** Least tasks (one of them from memory) and guesses of a notebook of the course. */
export const least = { tasks: 4, guesses: 2 };

/**
 * What a notebook of the course lacks, a line each: tasks with checks and folded solutions, guesses before
 * answers, one task from memory, the time it takes, what is unsatisfying, further reading; and links
 * into the glossary that lead nowhere.
 *
 * @param options.glossary the text of `glossary.md`
 */
export function courseFaults(
  { cells }: Notebook,
  { glossary }: { glossary: string },
): string[] {
  const texts = cells.map((cell) => joined(cell.source));
  const prose = texts.filter((_, index) => !isCode(cells[index]!)).join("\n\n");
  const tasks = texts.filter((text, index) =>
    isCode(cells[index]!) && /^await check\(/m.test(text)
  );
  const guesses = prose.match(/\bguess first\b/gi) ?? [];
  const anchors = new Set(
    [...glossary.matchAll(/^## (.*)$/gm)].map(([, title]) => anchorOf(title!)),
  );
  const links = [...prose.matchAll(/\]\(glossary\.md#([^)]*)\)/g)].map(([, anchor]) => anchor!);
  const wanted = ["**Time:**", "## From memory", "## What is unsatisfying", "## Further reading"];
  return [
    ...wanted.filter((heading) => !prose.includes(heading)).map((heading) => `no ${heading}`),
    tasks.length < least.tasks && `${tasks.length} tasks, wanted at least ${least.tasks}`,
    guesses.length < least.guesses && `${guesses.length} guesses, wanted at least ${least.guesses}`,
    ...new Set(
      links.filter((link) => !anchors.has(link)).map((link) => `glossary has no #${link}`),
    ),
  ].filter((fault) => fault !== false);
}

/** As GitHub makes it of a heading. */
function anchorOf(heading: string): string {
  return heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
}

/** What is wrong with the outputs of a notebook, a line each. `home` is a path nobody should see. */
export function outputFaults(notebook: Notebook, home: string): string[] {
  const code = notebook.cells.map((cell, index) => ({ cell, index })).filter(({ cell }) =>
    isCode(cell)
  );
  return code.flatMap(({ cell, index }, place) => {
    const outputs = cell.outputs ?? [];
    const text = JSON.stringify(outputs);
    const bundles = outputs.flatMap((output) => "data" in output ? [output.data] : []);
    return [
      cell.execution_count !== place + 1 && "not executed, or not in order",
      outputs.some((output) => output.output_type === "error") && "ends in an error",
      outputs.some((output) => output.output_type === "stream" && output.name === "stderr") &&
      "writes on standard error",
      lostOutput(cell) && "shows nothing although it should",
      (text.includes(home) || machinePath.test(text)) && "shows a path of the machine it ran on",
      bundles.some((data) => plotlyType in data && !hasPicture(data)) &&
      "holds a figure without a static picture",
    ].flatMap((fault) => fault === false ? [] : [`cell ${index} ${fault}`]);
  });
}

/**
 * What people would not see as it is meant, a line each: JupyterLab may put a bare last expression under
 * the next cell; a notebook that is not trusted, which is every one after a clone, shows no SVG; the
 * column of a notebook is 928 pixels wide; and sixteen digits of a number are noise.
 */
export function displayFaults({ cells }: Notebook): string[] {
  return cells.flatMap(({ outputs = [] }, index) => {
    const bundles = outputs.flatMap((output) => "data" in output ? [output.data] : []);
    const graphs = bundles.filter((data) => !(plotlyType in data));
    const svgs = bundles.map((data) => joined(data["image/svg+xml"] as string));
    const digits = outputs.flatMap((output) => wordsOf(output).match(tooManyDigits) ?? [])[0];
    return [
      outputs.some((output) => output.output_type === "execute_result") &&
      "ends in a bare expression: await show(…) it",
      graphs.some((data) => "image/svg+xml" in data && !("image/png" in data)) &&
      "holds an SVG without a PNG",
      bundles.some((data) => joined(data["text/html"] as string).includes("<svg")) &&
      "holds an SVG inside HTML, of which a notebook that is not trusted leaves nothing",
      svgs.some((svg) => pixelWidth(svg) > 928) && "holds an SVG wider than the column",
      digits !== undefined && `shows a number of too many digits, ${digits}`,
    ].flatMap((fault) => fault === false ? [] : [`cell ${index} ${fault}`]);
  });
}

const tooManyDigits = /\d*\.\d{7,}|\d{4,}\.\d{4,}/g;

/** What an output says in words: its stream, its HTML without tags, or else its text. */
function wordsOf(output: Output): string {
  if (output.output_type === "error") return "";
  if (output.output_type === "stream") return joined(output.text);
  const { "text/html": page, "text/plain": text } = output.data as Record<string, string>;
  return page === undefined ? joined(text) : joined(page).replace(/<[^>]*>/g, " ");
}

function pixelWidth(svg: string): number {
  const [, width, unit] = svg.match(/^<svg[^>]*?\bwidth="([\d.]+)(pt|px|)"/) ?? [];
  return Number(width ?? 0) * (unit === "pt" ? 4 / 3 : 1);
}

const machinePath = /file:\/\/\/|\/(?:home|Users|root|tmp)\/\w|[A-Z]:\\\\\w/;

function hasPicture(data: Record<string, unknown>): boolean {
  return ["image/svg+xml", "image/png"].some((type) => joined(data[type] as string).length > 100);
}

function isCode(cell: Cell): boolean {
  return cell.cell_type === "code";
}

function lineCount(cell: Cell): number {
  return joined(cell.source).split("\n").filter((line) => line.trim() !== "").length;
}

/** Code blocks, tags, link targets and the signs of Markdown are not words. */
function wordCount(cell: Cell): number {
  const prose = joined(cell.source).replace(/```[\s\S]*?```/g, " ")
    .replace(/\$\$[\s\S]*?\$\$|\$[^$\n]+\$/g, " formula ")
    .replace(/<[^>]*>/g, " ").replace(/\]\([^)]*\)/g, " ");
  return (prose.match(/[\p{L}\p{N}][\p{L}\p{N}'’.\-]*/gu) ?? []).length;
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
