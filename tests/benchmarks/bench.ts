/** `deno task bench`: our backends against the stock ones, and PyTorch, in one table. */
import {
  createCommand,
  formatTable,
  positiveNumber,
  runCommand,
  UsageError,
  wholeNumber,
} from "../../lib/command/mod.ts";
import { type BackendWork, type Entrant, prepare } from "./contestants.ts";
import { JAX, jaxContestant } from "./jax.ts";
import { type Contestant, measure, type Timing } from "./measure.ts";
import { head, type Result, tableRow } from "./report.ts";
import { type Row, ROWS } from "./rows.ts";
import { scriptContestant } from "./scripts.ts";
import { useBackend } from "./threads.ts";
import { onThreads, startTorch, type Torch } from "./torch.ts";
import { timeDefaultRun } from "./whole_run.ts";

interface Options {
  rows?: string;
  columns?: string;
  torch?: string;
  seconds: number;
  threads: number[];
  json?: boolean;
  markdown?: boolean;
}

const ENTRANTS: readonly Entrant[] = [
  { name: "native fused", backend: "native", operations: "fused" },
  { name: "native plain", backend: "native", operations: "plain" },
  { name: "simd fused", backend: "simd", operations: "fused" },
  { name: "simd plain", backend: "simd", operations: "plain" },
  { name: "wasm", backend: "wasm", operations: "plain" },
  { name: "cpu", backend: "cpu", operations: "plain" },
];

await runCommand(async () => {
  const command = createCommand("deno task bench", "Times this library's backends against others.")
    .option("--rows <names>", `comma-separated names or beginnings: ${names(ROWS)}`)
    .option("--columns <names>", `comma-separated names or beginnings: ${names(ENTRANTS)}`)
    .option("--torch <python>", "also time PyTorch, run by this Python")
    .option("--seconds <number>", "time for each cell of the table", positiveNumber, 2)
    .option("--threads <numbers>", "of simd, native and PyTorch, such as 1,2", numbers, [1])
    .option("--json", "print the timings as JSON")
    .option("--markdown", "print the table as Markdown")
    .parse();
  const options = command.opts<Options>();
  const rows = choose(ROWS, { flag: "--rows", text: options.rows });
  const wanted = choose(ENTRANTS, { flag: "--columns", text: options.columns });
  const entrants = await available(wanted, options.threads);
  const { torch: python, seconds, threads } = options;
  const torches = python === undefined ? [] : threads.map((count) => startTorch(python, count));
  const results: Result[] = [];
  for (const row of rows) {
    console.error(`${row.title} …`);
    results.push({ row, timings: await time(row, { entrants, torches, seconds }) });
  }
  for (const torch of torches) await torch.stop();
  print(results, options);
});

function numbers(text: string): number[] {
  return text.split(",").map((part) => wholeNumber(1)(part.trim()));
}

function names(list: readonly { name: string }[]): string {
  return list.map(({ name }) => name).join(", ");
}

function choose<T extends { name: string }>(
  list: readonly T[],
  { flag, text }: { flag: string; text: string | undefined },
): readonly T[] {
  if (text === undefined) return list;
  const wanted = text.split(",").map((part) => part.trim());
  for (const part of wanted) {
    if (!list.some(({ name }) => name.startsWith(part))) {
      throw new UsageError(`Expected ${flag} to name some of ${names(list)}, got ${part}`);
    }
  }
  return list.filter(({ name }) => wanted.some((part) => name.startsWith(part)));
}

/** Those whose backend starts here; the others are named on standard error. */
async function available(entrants: readonly Entrant[], threads: number[]): Promise<Entrant[]> {
  const usable = new Set<string>();
  for (const backend of new Set(entrants.map((entrant) => entrant.backend))) {
    try {
      await useBackend(backend, 1);
      usable.add(backend);
    } catch (error) {
      console.error(`Without ${backend}: ${(error as Error).message}`);
    }
  }
  return entrants.filter(({ backend }) => usable.has(backend)).flatMap((entrant) =>
    ["simd", "native"].includes(entrant.backend)
      ? threads.map((count) => ({
        ...entrant,
        name: onThreads(entrant.name, count),
        threads: count,
      }))
      : [entrant]
  );
}

async function time(
  row: Row,
  { entrants, torches, seconds }: { entrants: Entrant[]; torches: Torch[]; seconds: number },
): Promise<Map<string, Timing>> {
  const { work, name } = row;
  if (work.kind === "command") return await timeCommand(entrants);
  if (work.kind === "script") return measure([scriptContestant(work.script)], { seconds });
  const hasBoth = work.kind === "train" || work.kind === "decode" || name === "layerNorm";
  const distinct = entrants.filter(({ operations, backend }) =>
    work.kind === "program"
      ? operations === "plain"
      : hasBoth || operations === "fused" || backend === "wasm" || backend === "cpu"
  );
  const prepared = [];
  for (const entrant of distinct) prepared.push(...await preparedIfAble(entrant, { ...row, work }));
  const others: Contestant[] = torches.map((torch) => torch.contestant(work));
  if (work.kind === "matmul") others.push(await jaxContestant(work));
  const timings = await measure([...prepared, ...others], { seconds });
  for (const { dispose } of prepared) dispose();
  return timings;
}

/** The whole command on `simd` and on `native`, with as many jobs as the others have threads. */
async function timeCommand(entrants: readonly Entrant[]): Promise<Map<string, Timing>> {
  const timings = new Map<string, Timing>();
  for (const { name, backend, operations, threads: jobs = 1 } of entrants) {
    const native = backend === "native";
    if (operations === "plain" || !(native || backend === "simd")) continue;
    timings.set(name, await timeDefaultRun({ native, jobs }));
  }
  return timings;
}

/** A contestant, or none for a program that needs a kernel which the backend lacks. */
async function preparedIfAble(entrant: Entrant, { title, work }: Row & { work: BackendWork }) {
  const contestant = await prepare(entrant, work);
  try {
    if (work.kind === "program") await contestant.run(1);
    return [contestant];
  } catch (error) {
    console.error(`${title} not on ${entrant.name}: ${(error as Error).message}`);
    contestant.dispose();
    return [];
  }
}

function print(results: readonly Result[], { json, markdown, threads }: Options): void {
  if (json) {
    const rows = results.map(({ row, timings }) => ({
      ...row,
      seconds: Object.fromEntries(timings),
    }));
    console.log(
      JSON.stringify({ processors: navigator.hardwareConcurrency, threads, rows }, null, 2),
    );
    return;
  }
  const measured = new Set(results.flatMap(({ timings }) => [...timings.keys()]));
  const order = [...ENTRANTS.map(({ name }) => name), "torch"].flatMap((name) =>
    threads.map((count) => onThreads(name, count))
  );
  const columns = [...new Set([...order, "wasm", "cpu", JAX, "TypeScript"])]
    .filter((name) => measured.has(name));
  const lines = results.map((result) => tableRow(result, columns));
  if (!markdown) return console.log(formatTable(head(columns), lines));
  const rule = head(columns).map((_, i) => i === 0 ? "---" : "---:");
  for (const line of [head(columns), rule, ...lines]) console.log(`| ${line.join(" | ")} |`);
}
