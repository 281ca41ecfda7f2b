import { assertEquals, assertRejects } from "@std/assert";
import { createGru } from "../../../lib/lm/models/gru.ts";
import { loadGpt2 } from "../../../lib/lm/gpt2/mod.ts";
import { sample } from "../../../lib/lm/sampling/sample.ts";
import { printable, type StreamOptions, streamText } from "../../../lib/lm/sampling/stream.ts";
import type { LanguageModel } from "../../../lib/lm/language_model.ts";
import { createVocabulary } from "../../../lib/lm/data/vocabulary.ts";
import { createRandom } from "../../../lib/random.ts";
import { ready } from "../../../lib/tensor/mod.ts";

const gpt2 = new URL("../gpt2/published", import.meta.url).pathname;

function makeGru(): LanguageModel {
  return createGru({}, { vocabulary: createVocabulary("ab🐳"), rng: createRandom(0) });
}

async function written(model: LanguageModel, options: StreamOptions): Promise<string[]> {
  return await Array.fromAsync(streamText(model, options));
}

Deno.test("streamText() writes the very strings that sample() writes", async () => {
  await ready("simd");
  for (const [model, prompt] of [[makeGru(), "a"], [loadGpt2(gpt2), "Call"]] as const) {
    const options = { seed: 3, temperature: 0.9, topK: 3, maxLength: 24 };
    const samples = await sample(model, { ...options, count: 4, prefix: prompt });
    for (const [index, { text }] of samples.entries()) {
      const pieces = await written(model, { ...options, prompt, index });
      assertEquals(prompt + pieces.join(""), text);
    }
  }
});

Deno.test("streamText() never cuts a character whose bytes are several tokens", async () => {
  await ready("simd");
  const model = loadGpt2(gpt2);
  const { vocabulary } = model;
  const whale = vocabulary.encode("a🐳b"); // four tokens of one byte make the whale
  let at = 0;
  const spelling: LanguageModel = {
    ...model,
    startDecoding: () => ({
      step: () => {
        const row = new Float32Array(vocabulary.size).fill(-Infinity);
        row[whale[at++] ?? vocabulary.end] = 0;
        return Promise.resolve(row);
      },
      select: () => {},
      dispose: () => {},
    }),
  };
  assertEquals(await written(spelling, { seed: 0, maxLength: 20 }), ["a", "🐳", "b"]);
  at = 0;
  assertEquals(await written(spelling, { seed: 0, maxLength: 3 }), ["a", "�"]);
});

Deno.test("streamText() refuses a prompt that it cannot read, or that leaves no room", async () => {
  await ready("simd");
  const options = { seed: 0, maxLength: 2 };
  await assertRejects(
    () => written(makeGru(), { ...options, prompt: "ax" }),
    RangeError,
    '"x" at 1',
  );
  await assertRejects(
    () => written(makeGru(), { ...options, prompt: "aaa" }),
    RangeError,
    "at most 2 tokens, got 3",
  );
});

Deno.test("printable() shows what would command a terminal, and leaves the rest", () => {
  assertEquals(printable("\x1b[2J\x9b1m\x07\r\x7f"), "␛[2J�1m␇␍␡");
  assertEquals(printable("a\n\tbé🐳 “”"), "a\n\tbé🐳 “”");
});
