/**
 * Prompts and cached decoding of a model of GPT-2's smallest shape, 124 million random weights, one text at
 * a time, beside transformers: `deno task bench:decoding --torch python3`. Heavy (a checkpoint of 498 MB), so
 * no row of the table.
 */
import { createCommand, formatTable, runCommand, wholeNumber } from "../../lib/command/mod.ts";
import { loadGpt2, type WeightFormat } from "../../lib/lm/gpt2/mod.ts";
import type { NeuralModel } from "../../lib/lm/mod.ts";
import { ready } from "../../lib/tensor/mod.ts";
import { small, writeGpt2Small } from "./gpt2_small.ts";
import { type Contestant, measure, type Timing } from "./measure.ts";
import { startTorch } from "./torch.ts";

const folder = "tests/.tmp/gpt2-small";

/** Tokens that are in the cache before a token is timed, and how many are timed before it starts anew. */
const PAST = 64, STEPS = 64;

/** What is timed: each is a row, and each contestant gets so many seconds of it. Transformers has float32. */
const works: readonly Work[] = [
  { kind: "prefill", weights: "f32", seconds: 8 },
  { kind: "decode", weights: "f32", seconds: 3 },
  { kind: "decode", weights: "f16", seconds: 3 },
];

interface Work {
  kind: "prefill" | "decode";
  weights: WeightFormat;
  seconds: number;
}

type Backend = "simd" | "native";

const models = new Map<string, NeuralModel>();

interface Options {
  prompt: number;
  threads: number;
  torch?: string;
}

const command = createCommand(
  "deno task bench:decoding",
  "Times prompts and cached decoding at GPT-2's smallest shape.",
)
  .option("--prompt <number>", "tokens of the prompt", wholeNumber(1), 512)
  .option("--threads <number>", "threads of each contestant", wholeNumber(1), 1)
  .option("--torch <python>", "also time transformers, run by this Python");

await runCommand(async () => {
  const options = command.parse(Deno.args, { from: "user" }).opts<Options>();
  const { torch: python, threads } = options;
  try {
    await writeGpt2Small(folder);
    const torch = python ? startTorch(python, threads, "decoding_torch.py") : undefined;
    const rows: string[][] = [];
    const names = [
      "simd",
      ...await hasNative() ? ["native"] : [],
      ...torch ? ["transformers"] : [],
    ];
    for (const { kind, weights, seconds } of works) {
      const prompt = kind === "prefill" ? options.prompt : PAST;
      const contestants: Contestant[] = [];
      for (const name of names) {
        if (name === "transformers") {
          contestants.push({ ...torch!.contestant({ kind, folder, prompt }), name });
        } else contestants.push(await ours(name as Backend, { kind, prompt, weights, threads }));
      }
      const timings = await measure(contestants, { seconds });
      rows.push([
        `${kind === "prefill" ? `prompt of ${prompt}` : "one token"}, ${weights}`,
        ...names.map((name) => cell(timings.get(name)!)),
        ...torch ? ratios(timings, names) : [],
      ]);
    }
    await torch?.stop();
    const over = torch ? names.slice(0, -1).map((name) => `${name} / transformers`) : [];
    console.log(formatTable(["", ...names, ...over], rows));
  } finally {
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
});

/** Our own model on a backend. */
async function ours(
  name: Backend,
  { kind, prompt, weights, threads }: Omit<Work, "seconds"> & { prompt: number; threads: number },
): Promise<Contestant> {
  await ready({ backend: name, threads });
  const key = `${name} ${weights}`;
  const model = models.get(key) ?? loadTimed(key, weights);
  models.set(key, model);
  const tokens = Int32Array.from({ length: prompt }, (_, i) => i * 7919 % small.vocabularySize);
  const work = kind === "prefill" ? prefillOf(model, tokens) : stepOf(model, tokens);
  return {
    name,
    run: async (repeat) => {
      await ready({ backend: name, threads });
      return await work(repeat);
    },
  };
}

/** Reads the prompt as a whole. */
function prefillOf(model: NeuralModel, tokens: Int32Array) {
  return async (repeat: number) => {
    let seconds = 0;
    for (let i = 0; i < repeat; i++) {
      const decoder = model.startDecoding(1);
      const start = performance.now();
      await decoder.prefill!(tokens);
      seconds += (performance.now() - start) / 1000;
      decoder.dispose();
    }
    return seconds;
  };
}

/** Reads one token after the prompt. */
function stepOf(model: NeuralModel, tokens: Int32Array) {
  let decoder = model.startDecoding(1);
  let left = 0;
  return async (repeat: number) => {
    if (left < repeat) {
      decoder.dispose();
      decoder = model.startDecoding(1);
      await decoder.prefill!(tokens);
      left = STEPS;
    }
    left -= repeat;
    const start = performance.now();
    for (let i = 0; i < repeat; i++) await decoder.step(Int32Array.of(i));
    return (performance.now() - start) / 1000;
  };
}

function loadTimed(key: string, weights: WeightFormat): NeuralModel {
  const start = performance.now();
  const model = loadGpt2(folder, { weights });
  const seconds = (performance.now() - start) / 1000;
  console.error(`${key} loaded in ${seconds.toFixed(1)} s, ${megabytes()} MB resident`);
  return model;
}

async function hasNative(): Promise<boolean> {
  return await ready("native").then(() => true, () => false);
}

function cell({ fast, median }: Timing): string {
  return `${(1000 * fast).toPrecision(3)} (${(1000 * median).toPrecision(3)}) ms`;
}

function ratios(timings: ReadonlyMap<string, Timing>, names: string[]): string[] {
  const reference = timings.get("transformers")!.fast;
  return names.slice(0, -1).map((name) => (timings.get(name)!.fast / reference).toFixed(2));
}

function megabytes(): number {
  return Math.round(Deno.memoryUsage().rss / 2 ** 20);
}
