/**
 * `deno task test:interop`: what we save, loaded by Hugging Face transformers with no code of ours.
 * Needs a `python3` with the packages of tests/requirements.txt.
 */
import { assertEquals, assertLess } from "@std/assert";
import { loadGpt2, saveGpt2 } from "../../lib/lm/gpt2/mod.ts";
import type { NeuralModel } from "../../lib/lm/language_model.ts";
import { createBpeVocabulary } from "../../lib/lm/data/bpe_vocabulary.ts";
import { trainBpe } from "../../lib/tokenizer/mod.ts";
import { createTransformer } from "../../lib/lm/models/transformer_model.ts";
import { createVocabulary, type Vocabulary } from "../../lib/lm/data/vocabulary.ts";
import { createRandom } from "../../lib/random.ts";
import { ready, tf } from "../../lib/tensor/mod.ts";

const texts = [
  "Call me Ishmael .",
  "  two blanks, 'tis n't  it's 123 456\n\n\ttabs \r\n and é ü 🐳 – “quotes”   ",
  "ſ ² Ⅷ \u00a0\u2028 \u0085 . , ! ? ' s 're",
  "",
];

interface Answer {
  model: string;
  parameters: number;
  logits: number[];
  encoded: number[][];
  decoded: string[];
  end: number;
  longest: number;
  generated: number[];
}

/** What transformers says of a folder. */
async function ask(folder: string, rows: number[][]): Promise<Answer> {
  const child = new Deno.Command("python3", {
    args: [new URL("check_folder.py", import.meta.url).pathname],
    env: { HF_HUB_OFFLINE: "1", TRANSFORMERS_VERBOSITY: "error" },
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify({ folder, texts, rows })));
  await writer.close();
  const { code, stdout } = await child.output();
  assertEquals(code, 0);
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Logits of rows, and what is generated greedily after a prompt. */
async function ours(model: NeuralModel, rows: number[][], prompt: Int32Array) {
  const logits = await model.logits(tf.tensor2d(rows, undefined, "int32")).data<"float32">();
  const decoder = model.startDecoding(1);
  const written = [...prompt];
  for (let i = 0; i < prompt.length + 4; i++) {
    const row = await decoder.step(Int32Array.of(written[i]!));
    if (i + 1 === written.length) written.push(row.indexOf(Math.max(...row)));
    if (written.length > prompt.length && written.at(-1) === model.vocabulary.end) break;
  }
  return { logits, written };
}

const kinds: Record<string, { create: () => Vocabulary; options: object }> = {
  "characters, tied": { create: () => createVocabulary(texts.join("")), options: {} },
  "trained BPE, untied, relu": {
    create: () => createBpeVocabulary(trainBpe([...texts, ...texts], { size: 300 })),
    options: { tied: false, activation: "relu", feedForward: 20 },
  },
};

for (const [name, { create, options }] of Object.entries(kinds)) {
  Deno.test(`transformers loads what we save and computes the same: ${name}`, async () => {
    await ready("simd");
    const vocabulary = create();
    const model = createTransformer(
      { width: 16, heads: 4, layers: 2, contextLength: 24, ...options },
      { vocabulary, rng: createRandom(3) },
    );
    for (const parameter of model.parameters.values()) { // larger than a start
      parameter.assign(parameter.add(tf.randomNormal(parameter.shape, 0, 0.3, "float32", 1)));
    }
    const folder = `tests/.tmp/interop-${crypto.randomUUID()}`;
    await saveGpt2(folder, model);
    const random = createRandom(4);
    const rows = [0, 1].map(() =>
      Array.from({ length: 24 }, () => random.integer(vocabulary.size))
    );
    const answer = await ask(folder, rows);
    const prompt = vocabulary.encode(texts[0]!);
    const { logits, written } = await ours(model, rows, prompt);
    const differences = answer.logits.map((value, i) => Math.abs(value - logits[i]!));
    assertEquals(answer.logits.length, logits.length);
    assertLess(Math.max(...differences), 1e-4);
    assertEquals(answer.model, "GPT2LMHeadModel");
    assertEquals(answer.parameters, model.parameterCount);
    assertEquals(answer.encoded, texts.map((text) => [...vocabulary.encode(text)]));
    assertEquals(answer.decoded, texts);
    assertEquals([answer.end, answer.longest], [vocabulary.end, 24]);
    assertEquals(answer.generated, written);
    for (const saved of [folder, `${folder}/again`]) {
      const loaded = loadGpt2(saved);
      assertEquals(loaded.config, model.config);
      assertEquals(loaded.vocabulary.encode(texts[1]!), vocabulary.encode(texts[1]!));
      assertEquals((await ours(loaded, rows, prompt)).logits, logits);
    }
    await Deno.remove(folder, { recursive: true });
  });
}
