/** `deno task study`: all models over grammars, N and seeds; killed and called again it goes on. */
import { largestOf } from "../../extremes.ts";
import {
  createCommand,
  formatTable,
  jobsForCores,
  jobsThatFit,
  Option,
  runCommand,
  wholeNumber,
  writeWhole,
} from "../../command/mod.ts";
import { createGrammar, grammarNames } from "../../grammar/mod.ts";
import { openGrammarTask } from "../run/grammar_task.ts";
import { memoryOf } from "../run/memory.ts";
import { checkOptions, milestoneDefaults } from "../run/options.ts";
import type { Cell, CellOptions } from "./cell.ts";
import { studyLengths } from "./lengths/run.ts";
import { buildStudyPage } from "./page.ts";
import { plannedGrammars } from "./plan.ts";
import { runCells } from "./run_cells.ts";
import { formatSummaries } from "./kept.ts";
import { type GrammarSummary, type Spread, summarise } from "./summary.ts";

interface Flags {
  grammars: string[];
  n: number[];
  seeds: number;
  models: string[];
  train: number;
  epochs: number;
  patience?: number;
  scale: number;
  weights?: number;
  context?: number;
  lengths: boolean;
  longest: number;
  times: number;
  strings: number;
  jobs: number;
  out: string;
  restart: boolean;
}

const list = (text: string) => text.split(",").map((part) => part.trim());
const command = createCommand(
  "deno task study",
  "Trains all models on several grammars with several seeds, and draws who understands what.\n" +
    "What is done is kept: called again it goes on.",
);
command
  .option("--grammars <families>", "languages", list, [...grammarNames])
  .option("--n <numbers>", "values of N", (text: string) => list(text).map(wholeNumber(1)), [3, 4])
  .option("--seeds <number>", "how often, with other weights and strings", wholeNumber(1), 3)
  .option("--models <names>", "all, or some", list, [...milestoneDefaults.models])
  .option("--train <number>", "training strings", wholeNumber(1), milestoneDefaults.train)
  .option("--epochs <number>", "passes through them", wholeNumber(1), milestoneDefaults.epochs)
  .option("--patience <epochs>", "stop after so many without a better validation", wholeNumber(1))
  .option("--scale <number>", "widths of the neural models, times this", wholeNumber(1), 2)
  .addOption(
    new Option("--weights <number>", "about so many in each of them, whatever its widths")
      .argParser(wholeNumber(1)).conflicts("scale"),
  )
  .option("--context <characters>", "the most that a Transformer sees at once", wholeNumber(2))
  .option(
    "--lengths",
    "learn from beginnings of strings, and judge each place of longer ones",
    false,
  )
  .option("--longest <characters>", "with --lengths: the longest beginning", wholeNumber(1), 12)
  .option("--times <number>", "with --lengths: so many times as long", wholeNumber(2), 10)
  .option("--strings <number>", "with --lengths: long strings drawn", wholeNumber(2), 400)
  .option(
    "--jobs <number>",
    "runs at once, on a core each; what comes out is the same",
    wholeNumber(1),
    jobsForCores(1),
  )
  .option("--out <folder>", "where the runs, study.json and study.html go", "runs/study")
  .option("--restart", "begin anew instead of going on with what is there", false);

await runCommand(async () => {
  const flags = command.parse(Deno.args, { from: "user" }).opts<Flags>();
  if (flags.lengths) return await studyLengths(lengthsFlags(flags));
  const { out, restart } = flags;
  const plan = planOf(flags);
  const cells = await runCells<CellOptions, Cell>(plan, {
    ...{ name: "study", out, restart },
    module: new URL("./cell_worker.ts", import.meta.url),
    jobs: jobsThatFit(flags.jobs, { bytes: plan.map(memoryOfRun) }),
    onCells: (cells) => writeSummary(summarise(cells), out),
  });
  console.log(`${formatStudy(summarise(cells))}\n\n${out}/study.html shows it all.`);
}, { goOn: "the same command goes on from there" });

/** Families whose memory has no bound have no strings of a given length that could be drawn. */
function lengthsFlags(flags: Flags): Flags {
  const usual = command.getOptionValueSource("grammars") === "default";
  const bounded = (name: string) => !createGrammar(name, 3).automaton.unbounded;
  return usual ? { ...flags, grammars: flags.grammars.filter(bounded) } : flags;
}

async function writeSummary(summary: readonly GrammarSummary[], out: string): Promise<void> {
  await writeWhole(`${out}/study.json`, formatSummaries(summary, 5));
  await writeWhole(`${out}/study.html`, buildStudyPage(summary));
}

/** All runs, refused as a whole when one of them cannot work. */
function planOf(
  { grammars, n, seeds, models, train, epochs, scale, patience, weights, context }: Flags,
): CellOptions[] {
  const settings = { models, train, epochs, scale, patience, weights, context };
  const plan = plannedGrammars(grammars, n).flatMap((one) =>
    Array.from({ length: seeds }, (_, seed) => ({ ...one, seed, ...settings }))
  );
  for (const options of plan) checkOptions({ ...milestoneDefaults, ...options });
  return plan;
}

/** Its models learn one after the other: it takes what the largest does. */
function memoryOfRun(run: CellOptions): number {
  const options = { ...milestoneDefaults, ...run };
  const task = openGrammarTask({ ...options, train: 100, valid: 1, test: 1 }); // lengths tell enough
  return largestOf(memoryOf(checkOptions(options), { task, options }));
}

function formatStudy(grammars: readonly GrammarSummary[]): string {
  const rows = grammars.flatMap(({ family, n, models }) =>
    models.map(({ role, accuracy, excessLoss, measuredOrder, understood, understoodAt }) => [
      `${family} ${n}`,
      role,
      format(accuracy, (share) => `${(100 * share).toFixed(1)} %`),
      format(excessLoss, (loss) => loss.toFixed(4)),
      measuredOrder ? `${+measuredOrder.mean.toFixed(2)}` : "–",
      understood === null ? "" : understoodAt ? Math.round(understoodAt.mean) : "never",
    ])
  );
  return formatTable(["grammar", "model", "accuracy", "excess", "order", "steps"], rows);
}

function format(spread: Spread | null, show: (value: number) => string): string {
  if (!spread) return "–";
  return spread.seeds > 1 ? `${show(spread.mean)} ± ${show(spread.deviation)}` : show(spread.mean);
}
