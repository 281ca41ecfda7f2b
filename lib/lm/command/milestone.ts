/** `deno task milestone:lm`: reads the flags, shows the progress, writes the report. */
import {
  jobsThatFit,
  ownFolder,
  runCommand,
  startProgress,
  watchInterrupts,
  writeWhole,
} from "../../command/mod.ts";
import { prepareRunFolder } from "../checkpoint/mod.ts";
import { buildPage } from "../page/mod.ts";
import type { PageItem } from "../../plot/mod.ts";
import type { AskingHooks } from "../run/external.ts";
import { openGrammarTask } from "../run/grammar_task.ts";
import {
  addExternal,
  type ExternalHooks,
  type GrammarMilestone,
  type Milestone,
  type MilestoneHooks,
  runTask,
  type TextMilestone,
} from "../run/milestone.ts";
import { memoryOf, requireMemory } from "../run/memory.ts";
import { checkOptions } from "../run/options.ts";
import { formatReport } from "../run/report.ts";
import type { Task } from "../run/task.ts";
import { openTextTask } from "../run/text_task.ts";
import { type CommandLine, readCommandLine } from "./flags.ts";
import { learnOnWorkers } from "./jobs.ts";
import { keepModels } from "./keep.ts";
import { nativeHint } from "./native_hint.ts";

await runCommand(async () => {
  const line = await readCommandLine(Deno.args);
  const { options, out } = line;
  checkOptions(options);
  using _folder = await ownFolder(out);
  await learnAndWrite(line);
}, { goOn: "the same command with --resume goes on from there" });

/** Learns, judges, asks large language models, and writes all that came of it: what is drawn, last. */
async function learnAndWrite(line: CommandLine): Promise<void> {
  const { out, json } = line;
  const drawings: Drawings = new Map();
  const milestone = await learnAndJudge(line, drawings);
  const text = await writeReport(milestone, out);
  if (json) console.log(text.trimEnd());
  else console.log(`\n${formatReport(milestone.report)}\n`);
  await writeWhole(`${out}/report.html`, await buildPage(milestone, drawings));
  if (!json) console.log(`${out}/report.html shows it all.`);
}

/** Writes the report, whole or not at all; resolves to its text. */
async function writeReport({ report }: Pick<Milestone, "report">, out: string): Promise<string> {
  const text = JSON.stringify(report, null, 2) + "\n";
  await writeWhole(`${out}/report.json`, text);
  return text;
}

/** What workers drew of the inside of their models. */
type Drawings = Map<string, readonly PageItem[]>;

async function learnAndJudge(
  line: CommandLine,
  drawings: Drawings,
): Promise<GrammarMilestone | TextMilestone> {
  const { options } = line;
  if (options.text !== undefined) {
    const task = await openTextTask(options, { startProgress });
    return await runTask(task, { options, hooks: await hooksFor(task, { line, drawings }) });
  }
  const task = openGrammarTask(options);
  const hooks = await hooksFor(task, { line, drawings });
  const milestone = await runTask(task, { options, hooks });
  // asking takes its time and may be stopped: what is known by then is there
  const onExternal: ExternalHooks["onExternal"] = async (milestone, { done }) => {
    await writeReport(milestone, line.out);
    if (done) await writeWhole(`${line.out}/report.html`, await buildPage(milestone, drawings));
  };
  return await addExternal(milestone, { options, hooks: { ...hooks, onExternal } });
}

/** Shows the progress, and stores what was learned. */
async function hooksFor(
  task: Task,
  { line, drawings }: { line: CommandLine; drawings: Drawings },
): Promise<MilestoneHooks & AskingHooks> {
  const jobs = jobsOf(task, line);
  const replaced = await prepareRunFolder(line.out, line);
  if (replaced && !line.restart) {
    console.error(`Replacing the run that was in ${line.out}; --resume goes on with one`);
  }
  const hint = await nativeHint(task, line);
  if (hint) console.error(hint);
  const shown = { startProgress, watchInterrupts };
  if (jobs === 1) return { ...shown, ...keepModels(task, line) };
  return { ...shown, learnAll: (names) => learnOnWorkers(names, { task, line, jobs, drawings }) };
}

/** How many models are trained at once: one alone needs no worker. */
function jobsOf(task: Task, { jobs, options }: CommandLine): number {
  const names = checkOptions(options);
  requireMemory(names, { task, options });
  return jobsThatFit(jobs, { bytes: memoryOf(names, { task, options }) });
}
