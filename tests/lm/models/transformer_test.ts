import {
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import type { TokenBatch } from "../../../lib/lm/language_model.ts";
import { transformerConfig } from "../../../lib/lm/models/transformer.ts";
import { createTransformer } from "../../../lib/lm/models/transformer_model.ts";
import { initialTransformer, transformerShapes } from "../../../lib/lm/models/transformer.ts";
import { createVocabulary } from "../../../lib/lm/data/vocabulary.ts";
import { createRandom } from "../../../lib/random.ts";
import { ready, softmaxCrossEntropy, tf } from "../../../lib/tensor/mod.ts";

const vocabulary = createVocabulary("abcdefghij");
const small = { contextLength: 6, width: 8, heads: 2, layers: 2 };

function build(options = {}) {
  return createTransformer({ ...small, ...options }, { vocabulary, rng: createRandom(0) });
}

const batch: TokenBatch = {
  size: 2,
  length: 5,
  inputs: Int32Array.of(0, 1, 2, 3, 4, 0, 10, 0, 0, 0),
  targets: Int32Array.of(1, 2, 3, 4, 0, 10, 0, -1, -1, -1),
  tokens: 7,
};
const inputsOf = (values: number[]) => tf.tensor2d(values, [1, values.length], "int32");

Deno.test("every position attends to itself and to what is before it, never to what comes", async () => {
  await ready("simd");
  const seen = new Map<string, number[]>();
  const attention: tf.Tensor[] = [];
  const model = build();
  const logits = model.logits(inputsOf([0, 1, 2, 3, 4]), {
    observe: (name, value) => {
      seen.set(name, value.shape);
      if (name.endsWith(".attention")) attention.push(tf.keep(value.clone()));
    },
  });
  assertEquals(Object.fromEntries(seen), {
    "embedding": [1, 5, 8],
    "block0.attention": [1, 2, 5, 5],
    "block0.mlp": [1, 5, 32],
    "block0": [1, 5, 8],
    "block1.attention": [1, 2, 5, 5],
    "block1.mlp": [1, 5, 32],
    "block1": [1, 5, 8],
  });
  for (const weights of attention) {
    const future = weights.sub(tf.linalg.bandPart(weights, -1, 0)).abs().sum();
    assertEquals((await future.data())[0], 0);
    for (const total of await weights.sum(-1).data()) assertAlmostEquals(total, 1, 1e-6);
  }
  const changed = model.logits(inputsOf([0, 1, 2, 9, 9]));
  const difference = await logits.sub(changed).abs().max(-1).data();
  assertEquals([...difference.slice(0, 3)], [0, 0, 0]);
  assertLess(1e-4, difference[3]!);
});

Deno.test("the same characters in another order give another prediction: positions matter", async () => {
  await ready("simd");
  const model = build();
  const last = async (tokens: number[]) =>
    await model.logits(inputsOf(tokens)).slice([0, 3, 0], [1, 1, 11]).data();
  assertNotEquals(await last([0, 1, 2, 3]), await last([0, 2, 1, 3]));
});

Deno.test("without position embeddings the order of what lies before shows nowhere in one layer", async () => {
  await ready("simd");
  const model = build({ layers: 1, positions: false });
  assertEquals(model.architecture, "transformer-nope");
  assertEquals(model.parameters.has("transformer.wpe.weight"), false);
  const last = async (tokens: number[]) =>
    await model.logits(inputsOf(tokens)).slice([0, 3, 0], [1, 1, 11]).data();
  const [one, other] = [await last([0, 1, 2, 3]), await last([0, 2, 1, 3])];
  one.forEach((value, i) => assertAlmostEquals(value, other[i]!, 1e-5));
  assertNotEquals(one, await last([0, 1, 1, 3])); // but what they are does
});

Deno.test("the loss leaves padding out and equals that of all logits", async () => {
  await ready("simd");
  const model = build();
  const inputs = tf.tensor2d(batch.inputs, [2, 5], "int32");
  const rows = model.logits(inputs).reshape<tf.Tensor2D>([10, 11]);
  const all = softmaxCrossEntropy(rows, tf.tensor1d(batch.targets, "int32"));
  assertAlmostEquals((await model.loss(batch).data())[0]!, (await all.data())[0]!, 1e-6);
});

Deno.test("dropout is a function of its seed, and off without one", async () => {
  await ready("simd");
  const model = build({ dropout: 0.3 });
  const loss = async (dropoutSeed?: number) =>
    (await model.loss(batch, { dropoutSeed }).data())[0]!;
  assertEquals(await loss(1), await loss(1));
  assertNotEquals(await loss(1), await loss(2));
  assertNotEquals(await loss(1), await loss());
  assertEquals(await loss(), (await build().loss(batch).data())[0]);
});

Deno.test("dropout falls on each place by itself, and leaves the mean as it was", async () => {
  await ready("simd");
  const model = createTransformer(
    { contextLength: 50, width: 40, heads: 2, dropout: 0.3 },
    { vocabulary, rng: createRandom(0) },
  );
  for (const [name, parameter] of model.parameters) { // embedding and attention add 1, thinking nothing
    const one = name.endsWith("wte.weight") || name.endsWith("attn.c_proj.bias");
    parameter.assign(one ? tf.ones(parameter.shape) : tf.zeros(parameter.shape));
  }
  const read = (dropoutSeed: number) => {
    const seen = new Map<string, tf.Tensor>();
    model.logits(inputsOf(new Array(50).fill(1)), {
      observe: (name, value) => seen.set(name, tf.keep(value.clone())),
      dropoutSeed,
    });
    const embedding = seen.get("embedding")!;
    return { embedding, attention: seen.get("block0")!.sub(embedding) };
  };
  const { embedding, attention } = read(5);
  for (const dropped of [embedding, attention]) {
    assertAlmostEquals((await dropped.mean().data())[0]!, 1, 0.08); // of 2,000 values
    assertAlmostEquals((await dropped.max().data())[0]!, 1 / 0.7, 1e-5);
  }
  for (const other of [embedding, read(6).embedding]) { // nor as anywhere in the pass after it
    const apart = (await other.sub(attention).abs().greater(0.1).mean().data())[0]!;
    assertAlmostEquals(apart, 2 * 0.3 * 0.7, 0.05);
  }
});

Deno.test("parameters have GPT-2's names, shapes and start", async () => {
  await ready("simd");
  const config = transformerConfig({ vocabularySize: 50257, width: 64, heads: 4, layers: 3 });
  const shapes = transformerShapes(config);
  assertEquals(shapes.get("transformer.wte.weight"), [50257, 64]);
  assertEquals(shapes.get("transformer.wpe.weight"), [config.contextLength, 64]);
  assertEquals(shapes.get("transformer.h.2.attn.c_attn.weight"), [64, 192]);
  assertEquals(shapes.get("transformer.h.2.mlp.c_fc.bias"), [256]);
  assertEquals(shapes.has("lm_head.weight"), false);
  assertEquals(shapes.size, 2 + 3 * 12 + 2);
  const parameters = initialTransformer({ ...config, vocabularySize: 99 }, createRandom(0));
  const deviation = async (name: string) =>
    Math.sqrt((await tf.moments(parameters.get(`transformer.${name}`)!).variance.data())[0]!);
  assertAlmostEquals(await deviation("h.0.attn.c_attn.weight"), 1 / Math.sqrt(3 * 64), 0.002);
  assertAlmostEquals(await deviation("h.0.mlp.c_proj.weight"), 1 / Math.sqrt(18 * 64), 0.002);
  assertEquals(await deviation("h.1.ln_2.weight"), 0);
});

Deno.test("a tied head has no parameters of its own", async () => {
  await ready("simd");
  const block = (4 * 8) + (8 * 24 + 24) + (8 * 8 + 8) + (8 * 32 + 32) + (32 * 8 + 8);
  const tied = 11 * 8 + 6 * 8 + 2 * block + 2 * 8;
  assertEquals(build().parameterCount, tied);
  assertEquals(build({ tied: false }).parameterCount, tied + 11 * 8);
});

Deno.test("a width that the heads cannot share is refused", () => {
  assertThrows(
    () => transformerConfig({ vocabularySize: 11, width: 8, heads: 3 }),
    RangeError,
    "Expected a width that 3 heads share evenly, got 8",
  );
});

Deno.test("predicting takes no more memory with sixteen layers than with two", async () => {
  await ready("simd");
  const [size, length] = [64, 16];
  const inputs = Int32Array.from({ length: size * length }, (_, i) => i % 10);
  const long: TokenBatch = { size, length, inputs, targets: inputs, tokens: size * length };
  const peakOf = (layers: number) => {
    const model = build({ contextLength: length, width: 32, layers });
    model.loss(long).dispose();
    model.dispose();
    return (tf.memory() as unknown as { heapSize: number }).heapSize;
  };
  const withTwo = peakOf(2);
  assertLess(peakOf(16), 2 * withTwo); // most of which is weights
});
