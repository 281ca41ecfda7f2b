/** The flags of `deno task milestone:lm`, and the settings that they stand for. */
import type { Command } from "commander";
import {
  createCommand,
  jobsForCores,
  Option,
  positiveNumber,
  UsageError,
  wholeNumber,
} from "../../command/mod.ts";
import { grammarNames } from "../../grammar/mod.ts";
import { modelNames } from "../models/registry.ts";
import {
  type GrammarRunOptions,
  milestoneDefaults,
  textDefaults,
  type TextRunOptions,
} from "../run/options.ts";
import { readSources, type SourceFlags } from "./external_flags.ts";

/** A run as the command line describes it. */
export interface CommandLine {
  /** What is learned, and how. */
  readonly options: GrammarRunOptions | TextRunOptions;
  /** Where the report and the weights go. */
  readonly out: string;
  /** How many models are trained at once, where there are so many and memory has room. */
  readonly jobs: number;
  /** Whether to go on with what is there. */
  readonly resume: boolean;
  /** Whether that it begins anew needs no mention. */
  readonly restart: boolean;
  /** Whether to print the report as JSON, and nothing else. */
  readonly json: boolean;
}

/** Flags that only a grammar has a meaning for. */
const OF_GRAMMARS = [
  "grammar",
  "n",
  "test",
  "llm",
  "llmModel",
  "llmSamples",
  "llmMode",
  "llmScore",
  "requests",
];

/** Flags that only a text has a meaning for. */
const OF_TEXTS = ["context", "tokenizer", "vocab", "steps", "layers", "heads", "width"];

/**
 * Reads the command line.
 *
 * @throws CommanderError on flags that do not exist or cannot be read
 * @throws UsageError on flags that do not go together
 */
export async function readCommandLine(args: string[]): Promise<CommandLine> {
  const command = defineFlags();
  command.parse(args, { from: "user" });
  const { out, jobs, resume, restart, json, ...flags } = command.opts();
  const isGiven = (flag: string) => command.getOptionValueSource(flag) === "cli";
  const options = isGiven("text")
    ? textOptions({ flags, isGiven, out })
    : await grammarOptions({ flags, isGiven, out });
  return { options, out, jobs: jobs ?? jobsForCores(flags.threads), resume, restart, json };
}

/** What was given, and where the run keeps its files. */
interface Given {
  // deno-lint-ignore no-explicit-any -- as commander hands them out
  flags: Record<string, any>;
  isGiven: (flag: string) => boolean;
  out: string;
}

async function grammarOptions({ flags, isGiven, out }: Given): Promise<GrammarRunOptions> {
  const lost = OF_TEXTS.find(isGiven);
  if (lost) throw new UsageError(`Expected --text FILE with ${flagged(lost)}, got none`);
  const { llm, llmModel, llmSamples, ...settings } = flags as GrammarRunOptions & SourceFlags;
  const sources = await readSources({ llm, llmModel, llmSamples });
  return { ...settings, sources, answers: `${out}/answers` };
}

function textOptions({ flags, isGiven, out }: Given): TextRunOptions {
  const clash = OF_GRAMMARS.find(isGiven);
  if (clash) throw new UsageError(`Expected --text or ${flagged(clash)}, got both`);
  const continuous = isGiven("context");
  const useless = (continuous ? ["epochs", "train"] : ["steps"]).find(isGiven);
  if (useless) {
    const wanted = continuous ? "--steps with --context" : "--epochs without --context";
    throw new UsageError(`Expected ${wanted}, got ${flagged(useless)}`);
  }
  if (isGiven("vocab") && flags.tokenizer !== "bpe") {
    throw new UsageError("Expected --vocab with --tokenizer bpe, got it without");
  }
  const given = Object.fromEntries(Object.entries(flags).filter(([name]) => isGiven(name)));
  return {
    ...textDefaults,
    generate: continuous ? PASSAGES : textDefaults.generate,
    ...given as Partial<TextRunOptions> & Pick<TextRunOptions, "text">,
    tokenFile: `${out}/tokens.bin`,
  };
}

/** Passages of a continuous text that each model writes; they are long. */
const PASSAGES = 20;

/** A flag as it is typed. */
function flagged(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function defineFlags(): Command {
  const command = createCommand(
    "deno task milestone:lm",
    "Draws strings from a grammar (or reads a text of your own), trains language\n" +
      "models on them, lets them write and judges what they wrote.",
  );
  addGrammarFlags(command);
  addTextFlags(command);
  return command
    .option(
      "--out <folder>",
      "in the project (or a link there): for the report and the weights",
      "runs/lm",
    )
    .option(
      "--jobs <number>",
      "models trained at once; the report is the same (default: the cores by the threads)",
      wholeNumber(1),
    )
    .option("--resume", "go on with the run in that folder instead of starting anew", false)
    .addOption(
      new Option("--restart", "begin anew, as without --resume, and say nothing of it")
        .default(false).conflicts("resume"),
    )
    .option("--json", "print the report as JSON, and nothing else", false);
}

function addGrammarFlags(command: Command): void {
  const defaults = milestoneDefaults;
  const collect = (value: string, before: string[]) => [...before, value];
  command
    .option("--grammar <family>", `language to learn: ${grammarNames.join(", ")}`, defaults.grammar)
    .option("--n <number>", "the grammar's N", wholeNumber(1), defaults.n)
    .option(
      "--models <names>",
      `all, or some of: ${modelNames.join(", ")} (K is a number)`,
      (names: string) => names.split(",").map((name) => name.trim()),
      [...defaults.models],
    )
    .option("--train <number>", "training strings", wholeNumber(1), defaults.train)
    .option(
      "--valid <number>",
      "validation strings, which choose the weights",
      wholeNumber(1),
      defaults.valid,
    )
    .option("--test <number>", "test strings, which judge them", wholeNumber(1), defaults.test)
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
    .option("--threads <number>", "for each model, where it is large", wholeNumber(1), 1)
    .option("--llm <url>", "OpenAI-compatible endpoint to ask (or OPENAI_BASE_URL)")
    .option("--llm-model <name>", "a model to ask there; may be repeated", collect, [])
    .option("--llm-samples <file>", "samples pasted from elsewhere; may be repeated", collect, [])
    .option("--requests <number>", "most requests to each", wholeNumber(1), defaults.requests)
    .addOption(
      new Option("--llm-mode <mode>", "continue a list, or answer a chat")
        .choices(["auto", "completion", "chat"]).default(defaults.llmMode),
    )
    .option(
      "--llm-score <number>",
      "test strings on which each is scored",
      wholeNumber(0),
      defaults.llmScore,
    );
}

function addTextFlags(command: Command): void {
  const { vocab, steps, layers, heads } = textDefaults;
  const usual = (value: number | undefined) => `(default: ${value})`;
  command
    .option("--text <file>", "learn from its lines instead of a grammar's strings")
    .option("--context <tokens>", "with --text: as one text, so many at once", wholeNumber(2))
    .addOption(
      new Option("--tokenizer <kind>", "with --text: what a token is")
        .choices(["characters", "bpe"]),
    )
    .option("--vocab <number>", `byte-pair tokens ${usual(vocab)}`, wholeNumber(257))
    .option("--steps <number>", `training steps with --context ${usual(steps)}`, wholeNumber(1))
    .option("--layers <number>", `of the Transformer, with --text ${usual(layers)}`, wholeNumber(1))
    .option("--heads <number>", `of the Transformer, with --text ${usual(heads)}`, wholeNumber(1))
    .option(
      "--width <number>",
      "of the Transformer, with --text (default: 8·scale)",
      wholeNumber(1),
    );
}
