/** `deno task milestone:lm`: reads the flags, shows the progress, writes the report. */
import {
  createCommand,
  ensureWritableFolder,
  Option,
  positiveNumber,
  runCommand,
  startProgress,
  wholeNumber,
  writeWhole,
} from "../../command/mod.ts";
import { grammarNames } from "../../grammar/mod.ts";
import { openRunFolder } from "../checkpoint/mod.ts";
import { runMilestone } from "../run/milestone.ts";
import { checkMilestone, milestoneDefaults, type MilestoneOptions } from "../run/options.ts";
import { modelNames } from "../models/registry.ts";
import { buildPage } from "../page/mod.ts";
import { formatReport } from "../run/report.ts";
import { readSources, type SourceFlags } from "../run/sources.ts";
import { addTextFlags, runTextCommand, saveElsewhere, textFlags } from "./text.ts";

/** The flags: a run's settings, and what becomes of its report. */
interface Flags extends Omit<MilestoneOptions, "sources" | "answers">, SourceFlags {
  out: string;
  resume: boolean;
  json: boolean;
}

const command = createCommand(
  "deno task milestone:lm",
  "Draws strings from a grammar (or reads a text of your own), trains language\n" +
    "models on them, lets them write and judges what they wrote.",
);
const defaults = milestoneDefaults;
command
  .option("--grammar <family>", `language to learn: ${grammarNames.join(", ")}`, defaults.grammar)
  .option("--n <number>", "the grammar's N", wholeNumber(1), defaults.n)
  .option(
    "--models <names>",
    `all, or some of: ${modelNames.join(", ")} (K is a number)`,
    (names: string) => names.split(",").map((name) => name.trim()),
    defaults.models as string[],
  )
  .option("--train <number>", "training strings", wholeNumber(1), defaults.train)
  .option("--valid <number>", "validation strings", wholeNumber(1), defaults.valid)
  .option(
    "--generate <number>",
    "strings that each model writes",
    wholeNumber(1),
    defaults.generate,
  )
  .option(
    "--epochs <number>",
    "passes through the training strings",
    wholeNumber(1),
    defaults.epochs,
  )
  .option("--batch <number>", "strings in a training step", wholeNumber(1), defaults.batch)
  .option("--learning-rate <number>", "its peak", positiveNumber, defaults.learningRate)
  .option(
    "--scale <number>",
    "widths of the neural models, times this",
    wholeNumber(1),
    defaults.scale,
  )
  .option("--seed <number>", "the same seed gives the same report", wholeNumber(0), defaults.seed)
  .addOption(
    new Option("--backend <name>", "what computes").default(defaults.backend)
      .choices(["auto", "simd", "native", "wasm", "cpu", "webgpu"]),
  )
  .option("--llm <url>", "OpenAI-compatible endpoint to ask (or OPENAI_BASE_URL)")
  .option("--llm-model <name>", "a model to ask there; may be repeated", collect, [])
  .option("--llm-samples <file>", "samples pasted from elsewhere; may be repeated", collect, [])
  .option("--requests <number>", "most requests to each", wholeNumber(1), defaults.requests);
addTextFlags(command);
command
  .option("--out <folder>", "where the report and the weights go", "runs/lm")
  .option("--resume", "go on with the run in that folder instead of starting anew", false)
  .option("--json", "print the report as JSON, and nothing else", false);

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

await runCommand(async () => {
  command.parse(Deno.args, { from: "user" });
  const text = textFlags(command);
  await (text ? runTextCommand(text) : runGrammar(command.opts<Flags>()));
});

async function runGrammar(flags: Flags): Promise<void> {
  const { out, json, resume, llm, llmModel, llmSamples, ...settings } = flags;
  const sources = await readSources({ llm, llmModel, llmSamples });
  const options = { ...settings, sources, answers: `${out}/answers` };
  checkMilestone(options);
  await ensureWritableFolder(out);
  const { grammar, n, train, valid, epochs, batch, learningRate, seed } = options;
  const run = { grammar, n, train, valid, epochs, batch, learningRate, seed };
  const folder = await openRunFolder(out, { run, resume });
  const milestone = await runMilestone(options, {
    startProgress,
    ...folder,
    onModel: async (done) => {
      await folder.onModel(done);
      await saveElsewhere(`${out}/models`, done.model);
    },
  });
  const { report } = milestone;
  const text = JSON.stringify(report, null, 2) + "\n";
  await writeWhole(`${out}/report.json`, text);
  await writeWhole(`${out}/report.html`, await buildPage(milestone));
  if (json) console.log(text.trimEnd());
  else console.log(`\n${formatReport(report)}\n\n${out}/report.html shows it all.`);
}
