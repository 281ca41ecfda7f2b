/**
 * GPT-2 checkpoints as folders that Hugging Face `transformers` writes and reads: `config.json`,
 * `model.safetensors`, `tokenizer.json` and what belongs to them.
 */
import { writeWhole } from "../../files.ts";
import { packedMatrix, tf } from "../../tensor/mod.ts";
import {
  CheckpointError,
  parseObject,
  readAll,
  within,
  writeSafetensors,
} from "../../safetensors/mod.ts";
import type { NeuralModel } from "../language_model.ts";
import { readTensors } from "../training/state.ts";
import { readTransformerConfig } from "../models/registry.ts";
import { transformerShapes } from "../models/transformer.ts";
import { transformerFrom } from "../models/transformer_model.ts";
import { gpt2Fields, readGpt2Config } from "./config.ts";
import { fitsGguf, gpt2Gguf } from "./gguf.ts";
import { readVocabulary, tokenizerFields, writeVocabulary } from "./tokenizer_file.ts";
import { openWeights, type Weights } from "./weights.ts";

/** JSON files of a folder beyond this are refused; GPT-2's tokenizer has 1.3 MB. */
const MOST_JSON = 100_000_000;

/**
 * Saves a Transformer as a folder that `AutoModelForCausalLM` and `AutoTokenizer` load, with a
 * `model.gguf` that llama.cpp serves. Each file is written whole, the weights last.
 *
 * @throws CheckpointError on a model of another architecture
 */
export async function saveGpt2(folder: string, model: NeuralModel): Promise<void> {
  if (model.architecture !== "transformer") {
    throw new CheckpointError(`Expected a transformer to save as GPT-2, got ${model.architecture}`);
  }
  const config = readTransformerConfig(model.config, model.vocabulary.size);
  const { start, end } = model.vocabulary;
  const json = (name: string, fields: unknown) =>
    writeWhole(`${folder}/${name}`, `${JSON.stringify(fields, null, 2)}\n`);
  await json("config.json", gpt2Fields(config, { start, end }));
  await json("generation_config.json", { bos_token_id: start, eos_token_id: end, do_sample: true });
  await json("tokenizer_config.json", tokenizerFields(config.contextLength));
  await writeWhole(`${folder}/tokenizer.json`, `${writeVocabulary(model.vocabulary)}\n`);
  const tensors = await readTensors(model.parameters);
  if (fitsGguf(config)) {
    const { vocabulary } = model;
    await writeWhole(`${folder}/model.gguf`, gpt2Gguf(tensors, { config, vocabulary }));
  }
  await writeSafetensors(`${folder}/model.safetensors`, {
    tensors,
    metadata: new Map([["format", "pt"]]),
  });
}

/**
 * Numbers as a parameter, where kernels read them. A backend takes them there when it is first asked to
 * compute; doing so at once leaves their array free before the next one is read, so that a large model
 * is never held twice.
 */
function toDevice(values: Float32Array<ArrayBuffer>, shape: readonly number[]): tf.Variable {
  return tf.tidy(() => {
    const parameter = tf.variable(tf.tensor(values, [...shape]));
    parameter.slice(shape.map(() => 0), shape.map(() => 1));
    return parameter;
  });
}

/** How the matrices of a model lie in memory: as float32, or in half of that. */
export type WeightFormat = "f32" | "f16";

/** Smaller matrices stay in a processor's cache, where packing them would gain nothing. */
const LARGE = 2 ** 18;

/** A parameter as it is multiplied fastest: of large matrices, and of all as f16, a packed one. */
function readParameter(
  weights: Weights,
  { name, shape, format }: { name: string; shape: readonly number[]; format: WeightFormat },
): tf.Variable {
  const isProduct = /\.c_\w+\.weight$/.test(name); // x·W; the embedding and the head are used as x·Wᵀ
  const [rows, columns = 0] = shape as [number, number?];
  const isPacked = (isProduct || /(wte|lm_head)\.weight$/.test(name)) &&
    (format === "f16" || rows * columns >= LARGE);
  if (!isPacked) return toDevice(weights.read(name), shape);
  const half = weights.tensors.get(name)?.type === "BF16" ? "bfloat16" : "float16";
  return tf.tidy(() =>
    tf.variable(packedMatrix({
      ...{ shape: [rows, columns], turned: isProduct, kind: format === "f16" ? half : "float32" },
      read: (first, count) => weights.read(name, { first, count }),
    }))
  );
}

/**
 * Loads a folder of GPT-2's architecture, whoever made it: float32, float16 or bfloat16, in one file or
 * sharded, tied or not, of any size that fits into memory.
 *
 * @param options the model's name, and how its matrices are to lie in memory: `f16` keeps float16 and bfloat16 as
 * they are stored and rounds float32 to float16, which halves memory and the time of a token.
 * @throws CheckpointError on what is missing, broken, pickled, or beyond what our Transformer can be
 */
export function loadGpt2(
  folder: string,
  { name = "transformer", weights: format = "f32" }: { name?: string; weights?: WeightFormat } = {},
): NeuralModel {
  const { config, start, end } = within(
    `${folder}/config.json`,
    () => readGpt2Config(parseObject(readAll(`${folder}/config.json`, { most: MOST_JSON }))),
  );
  using weights = openWeights(folder, transformerShapes(config));
  const vocabulary = within(`${folder}/tokenizer.json`, () => {
    const bytes = readAll(`${folder}/tokenizer.json`, { most: MOST_JSON });
    return readVocabulary(new TextDecoder().decode(bytes), {
      ...{ size: config.vocabularySize, start, end },
    });
  });
  const parameters = new Map<string, tf.Variable>();
  for (const [name, shape] of transformerShapes(config)) {
    parameters.set(name, readParameter(weights, { name, shape, format }));
  }
  return transformerFrom(parameters, { config, vocabulary, name });
}
