/** `deno task milestone:nn`: reads the flags, shows the progress, writes the reports. */
import {
  createCommand,
  Option,
  ownFolder,
  positiveNumber,
  runCommand,
  startProgress,
  wholeNumber,
  writeWhole,
} from "../command/mod.ts";
import { formatNnReport } from "./format.ts";
import { nnDefaults, nnMilestone, type NnOptions } from "./milestone.ts";
import { nnPage } from "./page.ts";

/** The flags: the milestone's settings, and what becomes of its report. */
interface Flags extends NnOptions {
  out: string;
  json: boolean;
}

const defaults = nnDefaults;
const command = createCommand(
  "deno task milestone:nn",
  "Trains one small network on three stacks, with SGD and with Adam, from the same\n" +
    "start on the same batches, and compares their paths.",
);
command
  .option("--hidden <number>", "hidden units", wholeNumber(1), defaults.hidden)
  .option("--batch <number>", "examples in a training step", wholeNumber(1), defaults.batch)
  .option("--epochs <number>", "passes through the examples", wholeNumber(1), defaults.epochs)
  .option(
    "--autograd-epochs <number>",
    "the same for the autograd stack, if less",
    wholeNumber(1),
    defaults.autogradEpochs,
  )
  .option("--grid <number>", "points along each side of the data", wholeNumber(2), defaults.grid)
  .option("--learning-rate <number>", "Adam's", positiveNumber, defaults.learningRate)
  .option("--sgd-learning-rate <number>", "SGD's", positiveNumber, defaults.sgdLearningRate)
  .option("--seed <number>", "the same seed gives the same losses", wholeNumber(0), defaults.seed)
  .addOption(
    new Option("--backend <name>", "what computes").default(defaults.backend)
      .choices(["auto", "simd", "native", "wasm", "cpu", "webgpu"]),
  )
  .option("--out <folder>", "where report.json and report.html go", "runs/nn")
  .option("--json", "print the report as JSON, and nothing else", false);

await runCommand(async () => {
  const { out, json, ...options } = command.parse(Deno.args, { from: "user" }).opts<Flags>();
  using _folder = await ownFolder(out);
  const report = await nnMilestone(options, { startProgress });
  const text = JSON.stringify(report, null, 2) + "\n";
  await writeWhole(`${out}/report.json`, text);
  await writeWhole(`${out}/report.html`, nnPage(report));
  if (json) console.log(text.trimEnd());
  else console.log(`\n${formatNnReport(report)}\n\nReport: ${out}/report.html`);
});
