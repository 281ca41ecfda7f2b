/**
 * Cached decoding of a model of GPT-2's smallest shape, 124 million random weights, one text at a
 * time: `deno task bench:decoding`. Heavy (a checkpoint of 498 MB), so no row of the table.
 */
import { createCommand, formatTable, runCommand, wholeNumber } from "../../lib/command/mod.ts";
import { loadGpt2 } from "../../lib/lm/gpt2/mod.ts";
import type { NeuralModel } from "../../lib/lm/mod.ts";
import { ready } from "../../lib/tensor/mod.ts";
import { writeGpt2Small } from "./gpt2_small.ts";

const folder = "tests/.tmp/gpt2-small";

const command = createCommand("deno task bench:decoding", "Times cached decoding of a large model.")
  .option("--tokens <number>", "how many are decoded", wholeNumber(1), 40)
  .option("--torch <python>", "also time transformers with one thread, run by this Python");

await runCommand(async () => {
  const { tokens, torch } = command.parse(Deno.args, { from: "user" }).opts<
    { tokens: number; torch?: string }
  >();
  try {
    await writeGpt2Small(folder);
    const backend = await ready();
    const start = performance.now();
    const model = loadGpt2(folder);
    const seconds = (performance.now() - start) / 1000;
    console.error(`loaded in ${seconds.toFixed(1)} s, ${megabytes()} MB resident`);
    const rows = [[backend, ...summary(await decode(model, tokens))]];
    if (torch) rows.push(["transformers", ...summary(await decodeByTorch(torch, tokens))]);
    console.log(formatTable(["", "median", "10th percentile", "tokens/s"], rows));
  } finally {
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
});

/** Milliseconds of each step after the first. */
async function decode(model: NeuralModel, tokens: number): Promise<number[]> {
  const decoder = model.startDecoding(1);
  const times: number[] = [];
  for (let step = 0, token = 0; step <= tokens; step++) {
    const start = performance.now();
    const row = await decoder.step(Int32Array.of(token));
    token = row.reduce((best, value, id) => value > row[best]! ? id : best, 0);
    if (step > 0) times.push(performance.now() - start);
  }
  decoder.dispose();
  return times;
}

async function decodeByTorch(python: string, tokens: number): Promise<number[]> {
  const script = new URL("decoding_torch.py", import.meta.url).pathname;
  const { success, stdout } = await new Deno.Command(python, {
    args: [script, folder, String(tokens)],
    env: { HF_HUB_OFFLINE: "1", TRANSFORMERS_VERBOSITY: "error" },
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("PyTorch did not finish");
  return JSON.parse(new TextDecoder().decode(stdout)).times.slice(1);
}

function summary(times: number[]): string[] {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * sorted.length)]!;
  return [`${at(0.5).toFixed(1)} ms`, `${at(0.1).toFixed(1)} ms`, (1000 / at(0.5)).toFixed(1)];
}

function megabytes(): number {
  return Math.round(Deno.memoryUsage().rss / 2 ** 20);
}
