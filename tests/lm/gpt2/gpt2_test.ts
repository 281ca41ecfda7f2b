import {
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  CheckpointError,
  openSafetensors,
  readSafetensors,
  writeSafetensors,
} from "../../../lib/safetensors/mod.ts";
import { evaluateLoss } from "../../../lib/lm/judging/evaluate.ts";
import { createGru } from "../../../lib/lm/models/gru.ts";
import { loadGpt2, openModel, saveGpt2 } from "../../../lib/lm/gpt2/mod.ts";
import type { NeuralModel } from "../../../lib/lm/language_model.ts";
import { sample } from "../../../lib/lm/sampling/sample.ts";
import { stringBatches } from "../../../lib/lm/data/batches.ts";
import { createBpeVocabulary } from "../../../lib/lm/data/bpe_vocabulary.ts";
import { trainBpe } from "../../../lib/tokenizer/mod.ts";
import { train } from "../../../lib/lm/training/train.ts";
import { createTransformer } from "../../../lib/lm/models/transformer_model.ts";
import { createVocabulary, type Vocabulary } from "../../../lib/lm/data/vocabulary.ts";
import { createRandom } from "../../../lib/random.ts";
import { type BackendName, ready, tf } from "../../../lib/tensor/mod.ts";
import type { SimdBackend } from "../../../lib/tensor/simd/mod.ts";

const here = new URL(".", import.meta.url).pathname;
const made = ["published", "sharded_half", "untied_bfloat"];

function temporaryFolder(): string {
  return `tests/.tmp/gpt2-${crypto.randomUUID()}`;
}

function logitsOf(model: NeuralModel, ids: Int32Array, length: number): Promise<Float32Array> {
  const inputs = tf.tensor2d(ids, [ids.length / length, length], "int32");
  return model.logits(inputs).data<"float32">();
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  assertEquals(a.length, b.length);
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);
}

for (const backend of ["cpu", "simd"] as BackendName[]) {
  for (const name of made) {
    Deno.test(`loadGpt2() gives ${name} the logits of transformers, on ${backend}`, async () => {
      await ready(backend);
      const model = loadGpt2(`${here}${name}`);
      using recorded = openSafetensors(`${here}${name}/recorded.safetensors`);
      const ids = recorded.read("ids").values as Int32Array;
      const expected = recorded.read("logits").values as Float32Array;
      assertLess(largestDifference(await logitsOf(model, ids, 16), expected), 1e-4);
      model.dispose();
    });
  }
}

for (const name of made) {
  Deno.test(`${name} writes with its cache what transformers generates`, async () => {
    await ready("simd");
    const model = loadGpt2(`${here}${name}`);
    using recorded = openSafetensors(`${here}${name}/recorded.safetensors`);
    const written = recorded.read("written").values as Int32Array;
    const prompt = model.vocabulary.encode(recorded.metadata.get("prompt")!);
    assertEquals([...prompt], [...written.subarray(0, prompt.length)]);
    assertEquals(model.vocabulary.decode(written), recorded.metadata.get("written"));
    const decoder = model.startDecoding(1);
    const tokens = [...prompt];
    for (let i = 0; i + 1 < written.length; i++) {
      const row = await decoder.step(Int32Array.of(tokens[i]!));
      if (i + 1 === tokens.length) tokens.push(row.indexOf(Math.max(...row)));
    }
    assertEquals(tokens, [...written]);
    decoder.dispose();
    model.dispose();
  });
}

/** The prompt, read at once, and what is likeliest after it. */
async function likeliest(model: NeuralModel, prompt: Int32Array, length: number) {
  const decoder = model.startDecoding(1);
  const tokens = [...prompt];
  let row = await decoder.prefill!(prompt);
  for (;;) {
    tokens.push(row.indexOf(Math.max(...row)));
    if (tokens.length === length) break;
    row = await decoder.step(Int32Array.of(tokens.at(-1)!));
  }
  decoder.dispose();
  return tokens;
}

for (
  const [name, record, kind] of [
    ["published", "recorded_f16", "float16"], // float32, rounded
    ["sharded_half", "recorded", "float16"],
    ["untied_bfloat", "recorded", "bfloat16"],
  ] as const
) {
  Deno.test(`${name} with weights in half precision computes and writes what transformers does`, async () => {
    await ready("simd");
    const model = loadGpt2(`${here}${name}`, { weights: "f16" });
    using recorded = openSafetensors(`${here}${name}/${record}.safetensors`);
    const ids = recorded.read("ids").values as Int32Array;
    const expected = recorded.read("logits").values as Float32Array;
    assertLess(largestDifference(await logitsOf(model, ids, 16), expected), 1e-4);
    const written = recorded.read("written").values as Int32Array;
    const prompt = model.vocabulary.encode(recorded.metadata.get("prompt")!);
    assertEquals(await likeliest(model, prompt, written.length), [...written]);
    const backend = tf.backend() as SimdBackend;
    const packed = [...model.parameters].filter(([, parameter]) => backend.packed(parameter));
    const matrices = [...model.parameters.keys()].filter((name) =>
      /(c_\w+|wte|head)\.weight/.test(name)
    );
    assertEquals(packed.map(([name]) => name), matrices);
    assertEquals([...new Set(packed.map(([, matrix]) => backend.packed(matrix)!.kind))], [kind]);
    model.dispose();
  });
}

Deno.test("weights in half precision are other numbers than float32, and are saved as what they are", async () => {
  await ready("simd");
  const [whole, half] = (["f32", "f16"] as const).map((weights) =>
    loadGpt2(`${here}published`, { weights })
  ) as [NeuralModel, NeuralModel];
  const name = "transformer.h.1.mlp.c_fc.weight";
  const [values, rounded] = [whole, half].map((model) => model.parameters.get(name)!.dataSync());
  assertEquals(rounded, values!.map(Math.f16round));
  const folder = temporaryFolder();
  await saveGpt2(folder, half);
  const ids = half.vocabulary.encode(text).subarray(0, 12);
  const again = await logitsOf(loadGpt2(folder), ids, 12);
  assertLess(largestDifference(again, await logitsOf(half, ids, 12)), 1e-5);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("large matrices are packed as float32, which changes no prediction, nor how it is trained", async () => {
  await ready("simd");
  const folder = temporaryFolder();
  const model = makeModel(createVocabulary(text), { width: 256, layers: 1 });
  await saveGpt2(folder, model);
  const loaded = loadGpt2(folder);
  const matrix = "transformer.h.0.mlp.c_fc.weight"; // 256 × 1024
  const backend = tf.backend() as SimdBackend;
  assertEquals(backend.packed(loaded.parameters.get(matrix)!)?.kind, "float32");
  const ids = model.vocabulary.encode(text).subarray(0, 12);
  assertLess(
    largestDifference(await logitsOf(loaded, ids, 12), await logitsOf(model, ids, 12)),
    1e-5,
  );
  const options = { count: 2, seed: 3, maxLength: 20, prefix: "Call" };
  assertEquals(await sample(loaded, options), await sample(model, options));
  const strings = [model.vocabulary.encode("Call me")];
  const [own, expected] = await Promise.all([loaded, model].map(async (model) => {
    const { vocabulary } = model;
    const batches = stringBatches({ train: strings, valid: strings, vocabulary });
    const { epochs } = await train(model, { batches, seed: 0, epochs: 3, learningRate: 0.01 });
    return epochs.at(-1)!.validLoss;
  }));
  assertAlmostEquals(own!, expected!, 1e-4);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("openModel() takes weights in half precision of GPT-2 folders alone", async () => {
  await ready("simd");
  const folder = temporaryFolder();
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/gru.json`, "{}");
  assertThrows(
    () => openModel(`${folder}/gru`, { weights: "f16" }),
    CheckpointError,
    "Expected a GPT-2 folder for weights of f16",
  );
  openModel(`${here}published`, { weights: "f16" }).dispose();
  await Deno.remove(folder, { recursive: true });
});

const text = "Call me Ishmael. 12 whales – and a 🐳!\n\ttwo  blanks ' n't";

function makeModel(vocabulary: Vocabulary, options: object = {}): NeuralModel {
  return createTransformer({ width: 8, contextLength: 12, layers: 2, ...options }, {
    vocabulary,
    rng: createRandom(1),
  });
}

const vocabularies: Record<string, () => Vocabulary> = {
  characters: () => createVocabulary(text),
  bpe: () => createBpeVocabulary(trainBpe([text, text], { size: 270 })),
};

for (const [kind, createOne] of Object.entries(vocabularies)) {
  Deno.test(`a Transformer of ${kind} survives its GPT-2 folder`, async () => {
    await ready("simd");
    const folder = temporaryFolder();
    const model = makeModel(createOne(), {
      tied: kind === "bpe",
      activation: "relu",
      dropout: 0.2,
    });
    await saveGpt2(folder, model);
    const loaded = loadGpt2(folder);
    assertEquals(loaded.config, model.config);
    const ids = model.vocabulary.encode(text);
    assertEquals(loaded.vocabulary.encode(text), ids);
    assertEquals(loaded.vocabulary.decode(ids), text);
    const batch = ids.slice(0, 12);
    assertEquals(await logitsOf(loaded, batch, 12), await logitsOf(model, batch, 12));
    const options = { count: 3, seed: 2, maxLength: 20, prefix: "Call" };
    assertEquals(await sample(loaded, options), await sample(model, options));
    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("a config of two layers and four heads has transformers' field names and values", async () => {
  const folder = temporaryFolder();
  await saveGpt2(folder, makeModel(createVocabulary("abc"), { heads: 4, dropout: 0.1 }));
  const config = JSON.parse(await Deno.readTextFile(`${folder}/config.json`));
  assertEquals(config, {
    architectures: ["GPT2LMHeadModel"],
    ...{ model_type: "gpt2", vocab_size: 4, n_positions: 12, n_embd: 8, n_layer: 2, n_head: 4 },
    n_ctx: 12,
    ...{ n_inner: 32, activation_function: "gelu_new", layer_norm_epsilon: 1e-5 },
    ...{ embd_pdrop: 0.1, resid_pdrop: 0.1, attn_pdrop: 0, tie_word_embeddings: true },
    ...{ bos_token_id: 0, eos_token_id: 0, torch_dtype: "float32" },
  });
  await Deno.remove(folder, { recursive: true });
});

Deno.test("saveGpt2() refuses what is no Transformer", async () => {
  const gru = createGru({}, { vocabulary: createVocabulary("ab"), rng: createRandom(0) });
  await assertRejects(() => saveGpt2(temporaryFolder(), gru), CheckpointError, "got gru");
});

/** A copy of the published folder, with its config changed. */
async function changed(change: Record<string, unknown>): Promise<string> {
  const folder = temporaryFolder();
  await Deno.mkdir(folder, { recursive: true });
  for (const name of ["config.json", "model.safetensors", "tokenizer.json"]) {
    await Deno.copyFile(`${here}published/${name}`, `${folder}/${name}`);
  }
  const config = JSON.parse(await Deno.readTextFile(`${folder}/config.json`));
  await Deno.writeTextFile(`${folder}/config.json`, JSON.stringify({ ...config, ...change }));
  return folder;
}

for (
  const [change, message] of [
    [{ model_type: "llama" }, 'expected "gpt2" as model_type, got "llama"'],
    [{ model_type: undefined }, "as model_type, got nothing"],
    [{ activation_function: "gelu" }, 'as activation_function, got "gelu"'],
    [{ activation_function: "toString" }, "as activation_function"],
    [{ scale_attn_by_inverse_layer_idx: true }, "as scale_attn_by_inverse_layer_idx, got true"],
    [{ scale_attn_weights: false }, "as scale_attn_weights, got false"],
    [{ add_cross_attention: true }, "as add_cross_attention, got true"],
    [{ layer_norm_epsilon: 1e-6 }, "expected 0.00001 as layer_norm_epsilon, got 0.000001"],
    [{ quantization_config: { bits: 4 } }, 'as quantization_config, got {"bits":4}'],
    [{ n_layer: 1e9 }, "a whole number from 1 to 1024 as n_layer, got 1000000000"],
    [{ n_layer: 1 }, 'expected no tensor "transformer.h.1.'],
    [{ n_layer: 3 }, "expected a tensor transformer.h.2.ln_1.weight, found none"],
    [{ n_head: 3 }, "expected a number that divides n_embd of 8 as n_head, got 3"],
    [{ n_inner: 31 }, "c_fc.weight of shape [8,31], got [8,32]"],
    [{ vocab_size: 271 }, "wte.weight of shape [271,8], got [272,8]"],
    [{ n_positions: "many" }, 'as n_positions, got "many"'],
    [{ tie_word_embeddings: false }, "expected a tensor lm_head.weight, found none"],
    [{ resid_pdrop: 1 }, "as resid_pdrop, got 1"],
  ] as const
) {
  Deno.test(`loadGpt2() refuses ${JSON.stringify(change)} by name`, async () => {
    const folder = await changed(change);
    assertThrows(() => loadGpt2(folder), CheckpointError, message);
    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("loadGpt2() takes what changes no number: upcast attention, cache, a missing eos", async () => {
  await ready("simd");
  const change = { reorder_and_upcast_attn: true, use_cache: false, eos_token_id: 50256 };
  const folder = await changed(change);
  const model = loadGpt2(folder);
  assertEquals([model.vocabulary.start, model.vocabulary.end], [0, 0]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a loaded model whose end is not token 0 is evaluated and fine-tuned from its own end", async () => {
  await ready("simd");
  const folder = await changed({ eos_token_id: 5, bos_token_id: 5, resid_pdrop: 0 });
  const model = loadGpt2(folder);
  const text = model.vocabulary.encode("Call me");
  const rows = Int32Array.of(5, ...text); // [1, T]
  const inputs = { size: 1, length: rows.length, inputs: rows };
  const predicted = await model.logProbabilities(inputs);
  const losses = [...text, 5].map((token, i) => -predicted[i * model.vocabulary.size + token]!);
  const expected = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  assertAlmostEquals(await evaluateLoss(model, [text]), expected, 1e-5);
  const { vocabulary } = model;
  const batches = stringBatches({ train: [text], valid: [text], vocabulary });
  const options = { batches, seed: 0, epochs: 40, learningRate: 0.01 };
  const { epochs } = await train(model, options);
  assertAlmostEquals(epochs[0]!.trainLoss, expected, 1e-4);
  assertLess(epochs.at(-1)!.validLoss, expected / 2);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("loadGpt2() refuses pickled weights and says why", async () => {
  const folder = await changed({});
  await Deno.rename(`${folder}/model.safetensors`, `${folder}/pytorch_model.bin`);
  assertThrows(() => loadGpt2(folder), CheckpointError, "pickle can run any code");
  await Deno.remove(`${folder}/pytorch_model.bin`);
  assertThrows(() => loadGpt2(folder), CheckpointError, "found neither");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("loadGpt2() refuses an index that leaves the folder, lacks a shard, or names one twice", async () => {
  const folder = await changed({});
  const index = `${folder}/model.safetensors.index.json`;
  const write = (map: unknown) => Deno.writeTextFile(index, JSON.stringify({ weight_map: map }));
  await Deno.rename(`${folder}/model.safetensors`, `${folder}/a.safetensors`);
  await write({ "wte.weight": "../a.safetensors" });
  assertThrows(() => loadGpt2(folder), CheckpointError, 'got "../a.safetensors"');
  await write({ "wte.weight": "b.safetensors" });
  assertThrows(() => loadGpt2(folder), CheckpointError, "b.safetensors");
  await write([]);
  assertThrows(() => loadGpt2(folder), CheckpointError, "expected an object as weight_map");
  await Deno.copyFile(`${folder}/a.safetensors`, `${folder}/b.safetensors`);
  await write({ "wte.weight": "a.safetensors", "wpe.weight": "b.safetensors" });
  assertThrows(() => loadGpt2(folder), CheckpointError, "which is there, got");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("loadGpt2() takes an index as it is, and refuses one that misplaces, lacks or invents a tensor", async () => {
  await ready("cpu");
  const folder = temporaryFolder();
  await Deno.mkdir(folder, { recursive: true });
  for (const { name } of Deno.readDirSync(`${here}sharded_half`)) {
    await Deno.copyFile(`${here}sharded_half/${name}`, `${folder}/${name}`);
  }
  loadGpt2(folder).dispose();
  const index = `${folder}/model.safetensors.index.json`;
  const { weight_map } = JSON.parse(await Deno.readTextFile(index));
  const refused = async (change: Record<string, string | undefined>, message: string) => {
    await Deno.writeTextFile(index, JSON.stringify({ weight_map: { ...weight_map, ...change } }));
    const { message: said } = assertThrows(() => loadGpt2(folder), CheckpointError);
    assertStringIncludes(said, message);
    assertEquals([said.includes(index), said.split("\n").length], [true, 1]);
  };
  const bias = "transformer.h.0.ln_1.bias";
  const third = "model-00003-of-00003.safetensors";
  await refused({ [bias]: third }, `weight_map of "${bias}", which is there, got "${third}"`);
  await refused({ [bias]: undefined }, `weight_map of "${bias}", which is there, got nothing`);
  await refused({ "transformer.h.9.ln_1.bias": third }, `"transformer.h.9.ln_1.bias" in ${third}`);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("loadGpt2() ends at the first token of a list that the vocabulary has", async () => {
  await ready("cpu");
  for (const eos_token_id of [[5, 7], [50256, 5, 7], 5]) {
    const folder = await changed({ eos_token_id, bos_token_id: [7] });
    const { vocabulary } = loadGpt2(folder);
    assertEquals([vocabulary.start, vocabulary.end], [7, 5]);
    await Deno.remove(folder, { recursive: true });
  }
  const none = loadGpt2(await changed({ eos_token_id: [] }));
  assertEquals(none.vocabulary.end, 0);
});

for (
  const [what, file, content] of [
    ["no JSON", "config.json", "{"],
    ["a list", "config.json", "[]"],
    ["two fields of one name", "config.json", '{"model_type": "gpt2", "model_type": "gpt2"}'],
    ["a tokenizer that is none", "tokenizer.json", '{"model": null}'],
    ["a tokenizer of words", "tokenizer.json", '{"model": {"type": "WordLevel"}}'],
    ["truncated weights", "model.safetensors", "12345678"],
  ] as const
) {
  Deno.test(`loadGpt2() refuses ${what} as ${file}, and names the file`, async () => {
    const folder = await changed({});
    await Deno.writeTextFile(`${folder}/${file}`, content);
    assertThrows(() => loadGpt2(folder), CheckpointError, `${folder}/${file}`);
    await Deno.remove(`${folder}/${file}`);
    assertThrows(() => loadGpt2(folder), CheckpointError, file);
    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("openModel() names the models that are near a path without one", async () => {
  const folder = temporaryFolder();
  await Deno.mkdir(`${folder}/models`, { recursive: true });
  await Deno.writeTextFile(`${folder}/models/gru.safetensors`, "");
  assertThrows(() => openModel(folder), CheckpointError, `there are ${folder}/models/gru`);
  assertThrows(() => openModel("tests/.tmp/nowhere"), CheckpointError, "got nothing");
  assertEquals(openModel(`${here}published/`).architecture, "transformer");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("loadGpt2() takes a second copy of a tied head, and refuses one that differs", async () => {
  await ready("cpu");
  const folder = temporaryFolder();
  await Deno.mkdir(folder, { recursive: true });
  for (const { name } of Deno.readDirSync(`${here}published`)) {
    await Deno.copyFile(`${here}published/${name}`, `${folder}/${name}`);
  }
  const tensors = readSafetensors(`${folder}/model.safetensors`);
  const embedding = [...tensors].find(([name]) => name.endsWith("wte.weight"))![1];
  const head = {
    shape: embedding.shape,
    values: embedding.values.slice() as Float32Array<ArrayBuffer>,
  };
  tensors.set("lm_head.weight", head);
  await writeSafetensors(`${folder}/model.safetensors`, { tensors });
  loadGpt2(folder).dispose();
  head.values[3]! += 1;
  await writeSafetensors(`${folder}/model.safetensors`, { tensors });
  assertThrows(() => loadGpt2(folder), CheckpointError, "to equal wte.weight");
  await Deno.remove(folder, { recursive: true });
});
