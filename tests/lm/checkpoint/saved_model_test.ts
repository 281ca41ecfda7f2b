import { assertEquals, assertLess, assertStringIncludes, assertThrows } from "@std/assert";
import { createBigram } from "../../../lib/lm/models/bigram.ts";
import {
  CheckpointError,
  encodeSafetensors,
  openSafetensors,
  readSafetensors,
  type StoredTensor,
} from "../../../lib/safetensors/mod.ts";
import { decodeModel, encodeModel, loadModel, saveModel } from "../../../lib/lm/checkpoint/mod.ts";
import { createCountModel } from "../../../lib/lm/models/count_ngram.ts";
import { createGru } from "../../../lib/lm/models/gru.ts";
import { createMlp } from "../../../lib/lm/models/mlp.ts";
import type { NeuralModel } from "../../../lib/lm/language_model.ts";
import { createRnn } from "../../../lib/lm/models/rnn.ts";
import { createBpeVocabulary } from "../../../lib/lm/data/bpe_vocabulary.ts";
import { trainBpe } from "../../../lib/tokenizer/mod.ts";
import { createTransformer } from "../../../lib/lm/models/transformer_model.ts";
import { createVocabulary } from "../../../lib/lm/data/vocabulary.ts";
import { createRandom } from "../../../lib/random.ts";
import { ready, tf } from "../../../lib/tensor/mod.ts";
import { largestAllocation } from "../../safetensors/allocation.ts";

const folder = new URL("../../.tmp/saved_model", import.meta.url).pathname;
const newPath = () => `${folder}/${crypto.randomUUID()}/model`;
const ingredients = () => ({ vocabulary: createVocabulary("añ😀"), rng: createRandom(0) });

const create: Record<string, () => NeuralModel> = {
  bigram: () => createBigram(ingredients()),
  mlp: () => createMlp({ lookBack: 3, embedding: 2, hidden: 5, activation: "relu" }, ingredients()),
  rnn: () => createRnn({ embedding: 2, hidden: 3 }, ingredients()),
  gru: () => createGru({ embedding: 2, hidden: 3 }, ingredients()),
  transformer: () => createTransformer({ width: 6, heads: 3, layers: 2 }, ingredients()),
  "transformer-nope": () => createTransformer({ width: 6, positions: false }, ingredients()),
  untied: () => createTransformer({ activation: "relu", tied: false, dropout: 0.1 }, ingredients()),
};

Deno.test("loadModel() and decodeModel() give back every kind of model", async () => {
  await ready("simd");
  for (
    const [name, model] of Object.entries(create).map(([name, make]) => [name, make()] as const)
  ) {
    const path = newPath();
    await saveModel(path, model);
    const read = [loadModel(path), decodeModel(await encodeModel(model))] as NeuralModel[];
    for (const loaded of read) {
      assertEquals([loaded.name, loaded.architecture], [model.name, model.architecture]);
      assertEquals(loaded.config, model.config, name);
      assertEquals(loaded.vocabulary.characters, ["a", "ñ", "😀"]);
      assertEquals([...loaded.parameters.keys()], [...model.parameters.keys()]);
      const batch = { size: 1, length: 3, inputs: Int32Array.of(0, 2, 3) };
      assertEquals(await loaded.logProbabilities(batch), await model.logProbabilities(batch), name);
    }
  }
});

Deno.test("loadModel() gives back a model of byte pairs, and refuses a broken tokenizer", async () => {
  await ready("simd");
  const path = newPath();
  const vocabulary = createBpeVocabulary(trainBpe(["añ😀 añ😀"], { size: 260 }));
  const model = createGru({ embedding: 2, hidden: 3 }, { vocabulary, rng: createRandom(0) });
  await saveModel(path, model);
  const loaded = loadModel(path);
  assertEquals(loaded.vocabulary.encode("añ <b>"), vocabulary.encode("añ <b>"));
  const batch = { size: 1, length: 3, inputs: Int32Array.of(0, 258, 3) };
  assertEquals(await loaded.logProbabilities(batch), await model.logProbabilities(batch));
  const description = JSON.parse(await Deno.readTextFile(`${path}.json`));
  description.tokenizer.model.type = "WordPiece";
  await Deno.writeTextFile(`${path}.json`, JSON.stringify(description));
  assertThrows(() => loadModel(path), CheckpointError, 'model.type of tokenizer.json to be "BPE"');
});

Deno.test("loadModel() gives back a count model, dense or sparse, with back-off or without", async () => {
  const { vocabulary } = ingredients();
  const strings = ["añaañ😀", "ñ", "😀😀a"].map((text) => vocabulary.encode(text));
  for (const [order, backOff] of [[1, false], [3, true], [15, false]] as const) {
    const model = createCountModel({ order, vocabulary, strings, alpha: 0.1, backOff });
    const path = newPath();
    await saveModel(path, model);
    const loaded = loadModel(path);
    const { name, architecture, config, parameterCount } = model;
    assertEquals([loaded.name, loaded.architecture, loaded.config], [name, architecture, config]);
    assertEquals(loaded.parameterCount, parameterCount);
    const batch = { size: 1, length: 5, inputs: Int32Array.of(0, 1, 2, 1, 3) };
    assertEquals(await loaded.logProbabilities(batch), await model.logProbabilities(batch));
  }
});

Deno.test("decodeModel() refuses bytes without a model", () => {
  assertThrows(() => decodeModel(encodeSafetensors(new Map())), CheckpointError, "JSON");
});

Deno.test("loadModel() refuses counts of tokens that do not exist, and tables that are not there", async () => {
  const { vocabulary } = ingredients();
  const path = newPath();
  await saveModel(path, createCountModel({ order: 2, vocabulary, strings: [] }));
  const metadata = new Map(openSafetensors(`${path}.safetensors`).metadata);
  const write = (grams: number[], counts: number[], name = "count-2/counts") =>
    Deno.writeFileSync(
      `${path}.safetensors`,
      encodeSafetensors(
        new Map([
          ["count-2/grams", { shape: [grams.length], values: Int32Array.from(grams) }],
          [name, { shape: [counts.length], values: Int32Array.from(counts) }],
        ]),
        metadata,
      ),
    );
  const refuses = (message: string) =>
    assertThrows(() => loadModel(path), CheckpointError, message);
  write([0, 4], [1]);
  refuses(`Expected a checkpoint at ${path}: expected tokens below 4, got 4`);
  write([0, 1], [1, 1]);
  refuses("expected 4 tokens of n-grams, got 2");
  write([0, 1], [-1]);
  refuses("expected count-2/counts of I32, of at least 0");
  write([0, 1], [1], "other");
  refuses("expected a tensor count-2/counts, found none");
  write([0, 1], [1]);
  assertEquals(loadModel(path).parameterCount, 1);
});

Deno.test("a saved Transformer has the names and shapes that GPT-2's readers expect", async () => {
  await ready("simd");
  const path = newPath();
  await saveModel(path, create.transformer!());
  using file = openSafetensors(`${path}.safetensors`);
  assertEquals(file.metadata.get("format"), "pt");
  assertEquals(file.tensors.get("transformer.h.1.attn.c_attn.weight")?.shape, [6, 18]);
});

type Tensors = Map<string, StoredTensor>;

/** Saves an RNN, changes its files, and loads it. */
async function loadChanged(
  change: (files: { tensors: Tensors; description: Record<string, unknown> }) => void,
): Promise<number> {
  const path = newPath();
  await saveModel(path, create.rnn!());
  const tensors = readSafetensors(`${path}.safetensors`);
  const description = JSON.parse(await Deno.readTextFile(`${path}.json`));
  change({ tensors, description });
  const text = JSON.stringify(description);
  await Deno.writeTextFile(`${path}.json`, text);
  const metadata = new Map([["model", text]]);
  await Deno.writeFile(`${path}.safetensors`, encodeSafetensors(tensors, metadata));
  return largestAllocation(() => loadModel(path));
}

const refused: Record<string, Parameters<typeof loadChanged>[0]> = {
  "expected a tensor output.bias, found none": ({ tensors }) => tensors.delete("output.bias"),
  'expected no tensor "extra"': ({ tensors }) =>
    tensors.set("extra", { shape: [1], values: new Float32Array(1) }),
  "expected output.bias of shape [4], got [2,2]": ({ tensors }) =>
    tensors.set("output.bias", { shape: [2, 2], values: new Float32Array(4) }),
  "expected output.bias of F32, F16 or BF16, got I32": ({ tensors }) =>
    tensors.set("output.bias", { shape: [4], values: new Int32Array(4) }),
  "expected one of bigram, mlp, rnn, gru, transformer, transformer-nope, got the architecture toString":
    (
      { description },
    ) => description.architecture = "toString",
  "expected a whole number from 1 to 16777216 as hidden, got -3": ({ description }) =>
    description.config = { embedding: 2, hidden: -3 },
  "expected a whole number from 1 to 16777216 as hidden, got 0": ({ description }) =>
    description.config = { embedding: 2, hidden: 0 },
  "expected a number of at least 0 and below 1 as dropout, got 1": ({ description }) => {
    description.architecture = "transformer";
    const sizes = { contextLength: 8, width: 8, heads: 2, layers: 1, feedForward: 8 };
    description.config = { ...sizes, activation: "gelu", tied: true, dropout: 1 };
  },
  "expected a whole number from 1 to 16777216 as hidden, got 1e+300": ({ description }) =>
    description.config = { embedding: 2, hidden: 1e300 },
  "expected a whole number from 1 to 16777216 as embedding, got undefined": ({ description }) =>
    description.config = { hidden: 3 },
  "expected a list of characters": ({ description }) => description.characters = ["ab"],
  "expected a name, an architecture and a config": ({ description }) => delete description.name,
  "expected input.weight of shape [2,9999999], got [2,3]": ({ description }) =>
    description.config = { embedding: 2, hidden: 9_999_999 },
  "expected a whole number from 1 to 1024 as layers, got 1000000000": ({ description }) => {
    description.architecture = "transformer";
    description.config = { contextLength: 8, width: 8, heads: 2, layers: 1e9, feedForward: 8 };
  },
};

Deno.test("loadModel() refuses tensors and sizes that do not fit each other, before making any", async () => {
  await ready("simd");
  for (const [message, change] of Object.entries(refused)) {
    const largest = await loadChanged(change).catch((error) => {
      assertEquals(error.name, "CheckpointError", `${message}: ${error.stack}`);
      assertStringIncludes(error.message, message);
      return 0;
    });
    assertEquals(largest, 0, `${message} was not refused`);
  }
  assertLess(await loadChanged(() => {}), 10_000);
});

Deno.test("loadModel() names what is missing, and a pair of files that do not belong together", async () => {
  await ready("simd");
  const path = newPath();
  assertThrows(() => loadModel(path), CheckpointError, `Expected a checkpoint at ${path}.json: `);
  await saveModel(path, create.rnn!());
  await Deno.remove(`${path}.safetensors`);
  assertThrows(
    () => loadModel(path),
    CheckpointError,
    `Expected a checkpoint at ${path}.safetensors: `,
  );
  await saveModel(path, create.rnn!());
  const other = JSON.parse(await Deno.readTextFile(`${path}.json`));
  await Deno.writeTextFile(
    `${path}.json`,
    JSON.stringify({ ...other, characters: ["x", "y", "z"] }),
  );
  assertThrows(() => loadModel(path), CheckpointError, "expected the weights of the model in");
});

Deno.test("saving and loading leaves no tensor behind but the model's", async () => {
  await ready("simd");
  const path = newPath();
  const model = create.gru!();
  const before = tf.memory().numTensors;
  await saveModel(path, model);
  loadModel(path).dispose();
  assertEquals(tf.memory().numTensors, before);
});
