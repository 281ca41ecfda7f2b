/** `deno task milestone:autograd`: reads the flags, shows the progress, writes the reports. */
import { InvalidArgumentError } from "commander";
import {
  createCommand,
  ownFolder,
  positiveNumber,
  runCommand,
  startProgress,
  UsageError,
  wholeNumber,
  writeWhole,
} from "../../command/mod.ts";
import { failure, formatAutogradReport } from "./format.ts";
import {
  autogradDefaults as defaults,
  autogradMilestone,
  type AutogradSettings,
} from "./milestone.ts";
import { autogradPage } from "./page.ts";

/** The flags: the milestone's settings, and what becomes of its report. */
interface Flags extends AutogradSettings {
  out: string;
  json: boolean;
}

const command = createCommand(
  "deno task milestone:autograd",
  "Recovers a line y = a·x + b from points on it, by gradient descent on our own\n" +
    "derivatives, and compares every step with tfjs and with PyTorch.",
);
command
  .option("--steps <number>", "steps of descent", wholeNumber(1), defaults.steps)
  .option("--learning-rate <number>", "size of a step", positiveNumber, defaults.learningRate)
  .option("--points <number>", "points on the line", wholeNumber(2), defaults.points)
  .option("--a <number>", "the true slope", finiteNumber, defaults.a)
  .option("--b <number>", "the true height at x = 0", finiteNumber, defaults.b)
  .option("--seed <number>", "the same seed gives the same points", wholeNumber(0), defaults.seed)
  .option("--out <folder>", "where report.json and report.html go", "runs/autograd")
  .option("--json", "print the report as JSON, and nothing else", false);

function finiteNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("Expected a finite number.");
}

await runCommand(async () => {
  const { out, json, ...settings } = command.parse(Deno.args, { from: "user" }).opts<Flags>();
  using _folder = await ownFolder(out);
  const progress = startProgress("descent", settings.steps);
  const report = await autogradMilestone(settings, progress);
  const text = JSON.stringify(report, null, 2) + "\n";
  await writeWhole(`${out}/report.json`, text);
  await writeWhole(`${out}/report.html`, autogradPage(report));
  if (json) console.log(text.trimEnd());
  else console.log(`\n${formatAutogradReport(report)}\n\nReport: ${out}/report.html`);
  const failed = failure(report);
  if (failed) throw new UsageError(failed);
});
