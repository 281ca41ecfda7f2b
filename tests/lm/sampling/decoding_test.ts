import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { createGru } from "../../../lib/lm/models/gru.ts";
import { feed, type NeuralModel } from "../../../lib/lm/language_model.ts";
import { createRereadingDecoder } from "../../../lib/lm/models/neural.ts";
import { createRnn } from "../../../lib/lm/models/rnn.ts";
import { createTransformer } from "../../../lib/lm/models/transformer_model.ts";
import { createVocabulary } from "../../../lib/lm/data/vocabulary.ts";
import { createRandom } from "../../../lib/random.ts";
import { ready, tf } from "../../../lib/tensor/mod.ts";

const vocabulary = createVocabulary("abcdefghij");

/** Models whose predictions differ from token to token: larger weights than they would start with. */
function createModels(): NeuralModel[] {
  const rng = createRandom(0);
  const size = { contextLength: 7, width: 8, heads: 2, layers: 2 };
  const models = [
    createRnn({}, { vocabulary, rng }),
    createGru({}, { vocabulary, rng }),
    createTransformer(size, { vocabulary, rng }),
    createTransformer({ ...size, contextLength: 1, tied: false }, { vocabulary, rng }),
  ];
  for (const { parameters } of models) {
    for (const parameter of parameters.values()) {
      const noise = Float32Array.from({ length: parameter.size }, () => rng.normal() / 2);
      tf.tidy(() => parameter.assign(parameter.add(tf.tensor(noise, parameter.shape))));
    }
  }
  return models;
}

function drawTexts(size: number, length: number): Int32Array[] {
  const rng = createRandom(1);
  return Array.from(
    { length: size },
    () => Int32Array.from({ length }, (_, i) => i === 0 ? vocabulary.start : rng.integer(11)),
  );
}

/** ln P(next) after all of a text, read as a whole. */
async function afterWhole(model: NeuralModel, text: Int32Array): Promise<Float32Array> {
  const all = await model.logProbabilities({ size: 1, length: text.length, inputs: text });
  return all.slice(-vocabulary.size);
}

function assertClose(actual: Float32Array, expected: Float32Array, message: string): void {
  assertEquals(actual.length, expected.length, message);
  const largest = Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)));
  assertLess(largest, 1e-5, `${message}: off by ${largest}`);
}

Deno.test("decoding in step equals reading each text as a whole, also beyond the context", async () => {
  await ready("simd");
  for (const model of createModels()) {
    const texts = drawTexts(3, 20);
    const decoder = model.startDecoding(texts.length);
    for (let length = 1; length <= 20; length++) {
      const steps = await decoder.step(Int32Array.from(texts, (text) => text[length - 1]!)); // [B, V]
      for (const [row, text] of texts.entries()) {
        const step = steps.slice(row * vocabulary.size, (row + 1) * vocabulary.size);
        const whole = await afterWhole(model, text.slice(0, length));
        assertClose(step, whole, `${model.name} after ${length} tokens, row ${row}`);
      }
    }
    decoder.dispose();
    model.dispose();
  }
});

/** ln P(next) of one sequence after each of its tokens, read one by one. */
async function afterEach(model: NeuralModel, text: Int32Array): Promise<Float32Array[]> {
  const decoder = model.startDecoding(1);
  const predictions = [];
  for (const token of text) predictions.push((await decoder.step(Int32Array.of(token))).slice());
  decoder.dispose();
  return predictions;
}

for (const backend of ["simd", "cpu"] as const) {
  Deno.test(`a prompt read at once predicts what reading it token by token does, on ${backend}`, async () => {
    await ready(backend);
    const text = drawTexts(1, 24)[0]!;
    for (const model of createModels().slice(2)) { // Transformers; their contexts are 7 and 1
      const expected = await afterEach(model, text);
      for (const [before, length] of [[0, 7], [0, 8], [0, 12], [0, 22], [2, 4], [5, 3], [3, 20]]) {
        const decoder = model.startDecoding(1);
        for (const token of text.subarray(0, before)) await decoder.step(Int32Array.of(token));
        let end = before! + length!;
        const read = await decoder.prefill!(text.subarray(before, end));
        assertClose(read, expected[end - 1]!, `${length} at once after ${before}`);
        const next = await decoder.step(text.subarray(end, ++end));
        assertClose(next, expected[end - 1]!, `one more after ${length} after ${before}`);
        decoder.dispose();
      }
      model.dispose();
    }
  });
}

Deno.test("prompts of many sequences are read in pieces, to the same predictions", async () => {
  await ready("simd");
  const model = createModels()[2]!;
  const texts = drawTexts(200, 10); // two positions of 200 sequences at a time
  const decoder = model.startDecoding(200);
  const read = await decoder.prefill!(Int32Array.from(texts.flatMap((text) => [...text])));
  for (const row of [0, 99, 199]) {
    const expected = (await afterEach(model, texts[row]!)).at(-1)!;
    const own = read.slice(row * vocabulary.size, (row + 1) * vocabulary.size);
    assertClose(own, expected, `row ${row}`);
  }
  decoder.dispose();
  model.dispose();
});

Deno.test("feed() reads token by token where a decoder knows nothing else", async () => {
  await ready("simd");
  const model = createModels()[1]!;
  const texts = drawTexts(2, 9);
  const decoder = model.startDecoding(2);
  const tokens = Int32Array.from(texts.flatMap((text) => [...text]));
  const read = await feed(decoder, { tokens, size: 2 });
  for (const [row, text] of texts.entries()) {
    const own = read.slice(row * vocabulary.size, (row + 1) * vocabulary.size);
    assertClose(own, (await afterEach(model, text)).at(-1)!, `row ${row}`);
  }
});

Deno.test("decoding follows prefixes of different lengths and drops finished sequences", async () => {
  await ready("simd");
  for (const model of createModels()) {
    const rng = createRandom(2);
    const prefixes = ["", "abc", "j", "hgfedcba"].map((text) => [0, ...vocabulary.encode(text)]);
    let texts = prefixes.map((prefix) => prefix.slice(0, 1));
    let kept = Int32Array.of(0, 1, 2, 3);
    const decoder = model.startDecoding(4);
    for (let step = 1; step <= 12; step++) {
      const next = await decoder.step(Int32Array.from(texts, (text) => text.at(-1)!));
      for (const [row, text] of texts.entries()) {
        const predicted = next.slice(row * vocabulary.size, (row + 1) * vocabulary.size);
        const whole = await afterWhole(model, Int32Array.from(text));
        assertClose(predicted, whole, `${model.name} after ${step} tokens, row ${row}`);
      }
      if (step === 3 || step === 9) {
        const rows = step === 3 ? Int32Array.of(3, 1, 2) : Int32Array.of(2, 0);
        decoder.select(rows);
        texts = Array.from(rows, (row) => texts[row]!);
        kept = rows.map((row) => kept[row]!);
      }
      texts = texts.map((text, i) => [...text, prefixes[kept[i]!]![step] ?? rng.integer(11)]);
    }
    assertEquals(kept, Int32Array.of(2, 3));
    decoder.dispose();
    model.dispose();
  }
});

Deno.test("the Transformer's cache forgets as a decoder does that reads everything again", async () => {
  await ready("simd");
  const model = createModels()[2]!;
  const [text] = drawTexts(1, 30) as [Int32Array];
  const [cached, rereading] = [model.startDecoding(1), createRereadingDecoder(model, 1)];
  for (const token of text) {
    const step = Int32Array.of(token);
    assertClose(await cached.step(step), await rereading.step(step), "cached against reread");
  }
});

Deno.test("decoding leaves no tensor behind", async () => {
  await ready("simd");
  const before = tf.memory().numTensors;
  for (const model of createModels()) {
    const decoder = model.startDecoding(2);
    for (let step = 0; step < 9; step++) await decoder.step(Int32Array.of(1, 2));
    decoder.select(Int32Array.of(1));
    assertAlmostEquals((await decoder.step(Int32Array.of(3))).map(Math.exp).reduce(sum), 1, 1e-5);
    decoder.dispose();
    model.dispose();
  }
  assertEquals(tf.memory().numTensors, before);
});

function sum(a: number, b: number): number {
  return a + b;
}
