/** `deno task milestone:lm --text FILE`: its flags, and what a run writes. */
import type { Command } from "commander";
import {
  ensureWritableFolder,
  Option,
  startProgress,
  UsageError,
  wholeNumber,
  writeWhole,
} from "../../command/mod.ts";
import { openRunFolder } from "../checkpoint/mod.ts";
import { saveGpt2 } from "../gpt2/mod.ts";
import type { LanguageModel, NeuralModel } from "../model.ts";
import { buildTextPage } from "../page/text.ts";
import type { TextData } from "../data/text.ts";
import { openText, runTextMilestone, type TextHooks } from "../text/milestone.ts";
import { checkTextOptions, textDefaults, type TextOptions } from "../text/options.ts";
import { formatTextReport } from "../text/report.ts";

/** Flags that only a grammar has a meaning for. */
const OF_GRAMMARS = ["grammar", "n", "llm", "llmModel", "llmSamples", "requests"];

/** Flags that only a text has a meaning for. */
const OF_TEXTS = ["context", "tokenizer", "vocab", "steps", "layers", "heads", "width"];

/** Adds the flags of texts to those of the milestone. */
export function addTextFlags(command: Command): void {
  const { vocab, steps, layers, heads } = textDefaults;
  const usual = (value: number | string) => `(default: ${value})`;
  command
    .option("--text <file>", "learn from its lines instead of a grammar's strings")
    .option(
      "--context <tokens>",
      "with --text: as one text, so many at once",
      wholeNumber(2),
    )
    .addOption(
      new Option("--tokenizer <kind>", "with --text: what a token is").choices([
        "characters",
        "bpe",
      ]),
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

/** A run's flags as they were given, without the defaults of grammars. */
export interface TextFlags extends Partial<Omit<TextOptions, "text">> {
  text: string;
  out: string;
  resume: boolean;
  json: boolean;
}

/**
 * The flags for a run on a text, undefined when it is about a grammar.
 *
 * @throws UsageError on flags of the one with the other
 */
export function textFlags(command: Command): TextFlags | undefined {
  const all = command.opts();
  const isGiven = (flag: string) => command.getOptionValueSource(flag) === "cli";
  const flagged = (name: string) =>
    `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (!isGiven("text")) {
    const lost = OF_TEXTS.find(isGiven);
    if (lost) throw new UsageError(`Expected --text FILE with ${flagged(lost)}, got none`);
    return undefined;
  }
  const clash = OF_GRAMMARS.find(isGiven);
  if (clash) throw new UsageError(`Expected --text or ${flagged(clash)}, got both`);
  const continuous = isGiven("context");
  const useless = continuous ? ["epochs", "train"].find(isGiven) : ["steps"].find(isGiven);
  if (useless) {
    const wanted = continuous ? "--steps with --context" : "--epochs without --context";
    throw new UsageError(`Expected ${wanted}, got ${flagged(useless)}`);
  }
  const given = Object.entries(all).filter(([name]) => isGiven(name));
  const { out, resume, json } = all;
  return { ...Object.fromEntries(given), out, resume, json } as TextFlags;
}

/** Learns from a text and writes all that came of it. */
export async function runTextCommand({ out, resume, json, ...flags }: TextFlags): Promise<void> {
  const generate = flags.context === undefined ? textDefaults.generate : 20;
  const options: TextOptions = {
    ...{ ...textDefaults, generate },
    ...flags,
    tokenFile: `${out}/tokens.bin`,
  };
  checkTextOptions(options);
  await ensureWritableFolder(out);
  try {
    const data = await openText(options);
    try {
      await learnAndWrite(data, { options, out, resume, json });
    } finally {
      data.dispose();
    }
  } finally {
    await Deno.remove(options.tokenFile).catch(() => {}); // lines need none
  }
}

async function learnAndWrite(
  data: TextData,
  { options, out, resume, json }: Pick<TextFlags, "out" | "resume" | "json"> & {
    options: TextOptions;
  },
): Promise<void> {
  const { generate: _generate, models: _models, tokenFile: _file, backend: _backend, ...run } =
    options;
  const folder = await openRunFolder(out, { run: { ...run, text: data.fingerprint }, resume });
  const hooks: TextHooks = {
    startProgress,
    ...folder,
    onModel: async (done) => {
      await folder.onModel(done);
      await saveElsewhere(`${out}/models`, done.model);
    },
  };
  const milestone = await runTextMilestone(data, { options, hooks });
  const { report } = milestone;
  const text = JSON.stringify(report, null, 2) + "\n";
  await writeWhole(`${out}/report.json`, text);
  await writeWhole(`${out}/report.html`, buildTextPage(milestone));
  if (json) console.log(text.trimEnd());
  else console.log(`\n${formatTextReport(report)}\n\n${out}/report.html shows it all.`);
}

/** A Transformer also as a GPT-2 folder, for other tools. */
export async function saveElsewhere(folder: string, model: LanguageModel): Promise<void> {
  const { architecture } = model as Partial<NeuralModel>;
  if (architecture === "transformer") {
    await saveGpt2(`${folder}/${model.name}`, model as NeuralModel);
  }
}
