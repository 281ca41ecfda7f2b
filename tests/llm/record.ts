/**
 * `deno task record:llm`: asks a large language model and scores it on some grammars, and adds what came
 * of it to a file that the notebook about evaluation reads. What was asked before is not asked again.
 */
import { collectSamples, createScorer } from "../../lib/chat/mod.ts";
import { createCommand, runCommand, wholeNumber } from "../../lib/command/mod.ts";
import { writeWhole } from "../../lib/files.ts";
import { createGrammar } from "../../lib/grammar/mod.ts";
import { createGrammarCorpus } from "../../lib/lm/data/corpus.ts";
import { describeAsked } from "../../lib/lm/judging/asked_strings.ts";
import { referenceCurves, servedCurve } from "../../lib/lm/judging/in_context.ts";
import { judgeSamples } from "../../lib/lm/judging/judge.ts";

const languages = [["sticky", 3], ["parity", 3], ["brackets", 3]] as const;

const command = createCommand(
  "deno task record:llm",
  "Asks a large language model and scores it, and adds that to a file of recordings.",
)
  .requiredOption("--llm <url>", "OpenAI-compatible endpoint that continues texts")
  .requiredOption("--llm-model <name>", "the model there")
  .requiredOption("--title <text>", "the model's full name")
  .requiredOption("--licence <text>", "its licence")
  .requiredOption("--source <text>", "where its file is from")
  .requiredOption("--server <text>", "what serves it")
  .requiredOption("--date <day>", "the day of the recording")
  .option("--wanted <number>", "new strings", wholeNumber(1), 150)
  .option("--strings <number>", "strings that are scored", wholeNumber(1), 24)
  .option("--out <file>", "the recordings", "notebooks/large_language_models.json")
  .option("--answers <folder>", "answers that are there already", "tests/.tmp/answers");

/** A number without noise, for a file that people read. */
function rounded(key: string, value: unknown): unknown {
  return typeof value === "number" && key !== "seed" ? Number(value.toPrecision(5)) : value;
}

async function readRecordings(path: string) {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return { command: "deno task record:llm --help", languages: [], models: [] };
    }
    throw error;
  }
}

await runCommand(async () => {
  command.parse(Deno.args, { from: "user" });
  const flags = command.opts();
  const { llm: url, llmModel: model, title, licence, source, server, date } = flags;
  const cache = flags.answers;
  const endpoint = { url, model, key: Deno.env.get("OPENAI_API_KEY"), timeout: 600_000 };
  const recorded = await readRecordings(flags.out);
  const entry = { title, licence, source, server, date, languages: [] as object[] };
  for (const [family, n] of languages) {
    const grammar = createGrammar(family, n);
    const size = { train: 1000, valid: flags.strings, seed: 0 };
    const corpus = createGrammarCorpus(grammar, size);
    const training = corpus.train.strings;
    const setting = {
      ...{ grammar, vocabulary: corpus.vocabulary, training, seed: 0 },
      strings: corpus.valid.strings,
    };
    if (!recorded.languages.some((known: { family: string }) => known.family === family)) {
      recorded.languages.push({
        ...{ family, n, ...size, entropyFloor: grammar.entropyFloor() },
        ideal: [1, 2, 3].map((k) => grammar.idealLoss(k) - grammar.entropyFloor()),
        random: Math.log(grammar.alphabet.length + 1) - grammar.entropyFloor(),
        curves: await referenceCurves(setting),
      });
    }
    const collected = await collectSamples(endpoint, {
      ...{ training, wanted: flags.wanted, seed: 0, mode: "completion", cache },
      onRound: (found) => console.error(`${family}: ${found} new strings`),
    });
    const { generated, failures } = judgeSamples(
      collected.samples.map((text) => ({ text, finished: true })),
      { grammar, known: new Set(training) },
    );
    const { samples: _all, cached: _cached, rejected: _lines, copied: _some, ...asked } = collected;
    const scorer = await createScorer(endpoint, { alphabet: grammar.alphabet, cache });
    const { points } = await servedCurve(scorer, {
      ...{ ...setting, name: title },
      onPoint: ({ examples, excessLoss }) =>
        Promise.resolve(console.error(`${family}, ${examples}: ${excessLoss.toFixed(3)}`)),
    });
    entry.languages.push({
      ...{ family, n, asked, generated, failures },
      strings: describeAsked(collected, { grammar, training }),
      ...{ spelling: scorer.spelling.name, points },
    });
    const others = recorded.models.filter((known: { title: string }) => known.title !== title);
    const all = { ...recorded, models: [...others, entry] };
    await writeWhole(flags.out, JSON.stringify(all, rounded, 1) + "\n");
  }
});
