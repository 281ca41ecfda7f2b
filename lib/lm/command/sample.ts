/** `deno task sample`: lets a saved model write, and shows each piece as it comes. */
import {
  createCommand,
  Option,
  orUsageError,
  positiveNumber,
  runCommand,
  UsageError,
  wholeNumber,
} from "../../command/mod.ts";
import { type BackendName, ready } from "../../tensor/mod.ts";
import { openModel, type WeightFormat } from "../gpt2/mod.ts";
import { printable, streamText } from "../sampling/stream.ts";

interface Flags {
  model: string;
  prompt: string;
  temperature: number;
  topK?: number;
  topP?: number;
  count: number;
  length: number;
  seed: number;
  backend: BackendName;
  weights: WeightFormat;
  threads: number;
}

const command = createCommand(
  "deno task sample",
  "Lets a trained model write: one that milestone:lm has saved under OUT/models,\n" +
    "or a folder of GPT-2's architecture, such as Hugging Face transformers writes.",
)
  .requiredOption("--model <path>", "the folder, or OUT/models/NAME")
  .option("--prompt <text>", "what each text begins with", "")
  .option(
    "--temperature <number>",
    "below 1 the likely becomes likelier, 0 always takes it",
    atLeastZero,
    1,
  )
  .option("--top-k <number>", "only the k likeliest tokens may come next", wholeNumber(1))
  .option("--top-p <share>", "only the likeliest of this share may come next", positiveNumber)
  .option("--count <number>", "texts", wholeNumber(1), 1)
  .option("--length <number>", "most tokens of a text, the prompt included", wholeNumber(1), 500)
  .option("--seed <number>", "the same seed writes the same texts", wholeNumber(0), 0)
  .addOption(
    new Option("--backend <name>", "what computes").default("auto")
      .choices(["auto", "simd", "native", "wasm", "cpu", "webgpu"]),
  )
  .addOption(
    new Option("--weights <format>", "of a GPT-2 folder: f16 takes half the memory, and less time")
      .default("f32").choices(["f32", "f16"]),
  )
  .option("--threads <number>", "threads that compute", wholeNumber(1), 1);

function atLeastZero(text: string): number {
  return text.trim() !== "" && Number(text) === 0 ? 0 : positiveNumber(text);
}

await runCommand(async () => {
  const { model: path, count, length, backend, weights, threads, ...options } = command
    .parse(Deno.args, { from: "user" }).opts<Flags>();
  await orUsageError(
    ready({ backend, threads }),
    `Expected a backend that works here, got ${backend}`,
  );
  const model = openModel(path, { weights });
  for (let index = 0; index < count; index++) {
    if (index > 0) await write("\n\n");
    let waiting = options.prompt; // until it is known to be one that the model can read
    try {
      for await (const piece of streamText(model, { ...options, index, maxLength: length })) {
        await write(shown(waiting + piece));
        waiting = "";
      }
      await write(shown(waiting));
    } catch (error) {
      throw error instanceof RangeError ? new UsageError(error.message) : error;
    }
  }
  await write("\n");
});

/** A terminal would obey control characters; a pipe gets the text as it is. */
function shown(text: string): string {
  return Deno.stdout.isTerminal() ? printable(text) : text;
}

/** Writes all of a text; a reader that has gone away ends the command quietly. */
async function write(text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  try {
    for (let done = 0; done < bytes.length;) done += await Deno.stdout.write(bytes.subarray(done));
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(0);
    throw error;
  }
}
