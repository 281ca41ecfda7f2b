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
} from "../command/mod.ts";
import { grammarNames } from "../grammar/mod.ts";
import { openRunFolder } from "./checkpoint/mod.ts";
import { runMilestone } from "./milestone.ts";
import { checkMilestone, milestoneDefaults, type MilestoneOptions } from "./milestone_options.ts";
import { modelNames } from "./models.ts";
import { formatReport } from "./report.ts";

/** The flags: a run's settings, and what becomes of its report. */
interface Flags extends MilestoneOptions {
  out: string;
  resume: boolean;
  json: boolean;
}

const command = createCommand(
  "deno task milestone:lm",
  "Draws strings from a grammar, trains language models on them, lets them write\n" +
    "and judges what they wrote.",
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
  .option("--out <folder>", "where report.json and the weights go", "runs/lm")
  .option("--resume", "go on with the run in that folder instead of starting anew", false)
  .option("--json", "print the report as JSON, and nothing else", false);

await runCommand(async () => {
  const { out, json, resume, ...options } = command.parse(Deno.args, { from: "user" }).opts<
    Flags
  >();
  checkMilestone(options);
  await ensureWritableFolder(out);
  const { grammar, n, train, valid, epochs, batch, learningRate, seed } = options;
  const run = { grammar, n, train, valid, epochs, batch, learningRate, seed };
  const folder = await openRunFolder(out, { run, resume });
  const { report } = await runMilestone(options, { startProgress, ...folder });
  const text = JSON.stringify(report, null, 2) + "\n";
  await writeWhole(`${out}/report.json`, text);
  console.log(json ? text.trimEnd() : `\n${formatReport(report)}\n\nReport: ${out}/report.json`);
});
