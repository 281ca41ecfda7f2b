/** A trained model as the bytes of a safetensors file, and back: for a disk and for a page alike. */
import { createRandom } from "../../random.ts";
import {
  CheckpointError,
  encodeSafetensors,
  openSafetensorsBytes,
  parseObject,
  requireTensors,
  type SafetensorsFile,
} from "../../safetensors/core.ts";
import { tf } from "../../tensor/mod.ts";
import type { Vocabulary } from "../data/vocabulary.ts";
import type { NeuralModel } from "../language_model.ts";
import { type CountModel, isCounted } from "../models/count_ngram.ts";
import { type Blueprint, blueprintOf } from "../models/registry.ts";
import { readTensors } from "../training/state.ts";
import {
  checkDescription,
  descriptionOf,
  type ModelDescription,
  vocabularyOf,
} from "./description.ts";
import { countTensors, loadCounts } from "./saved_counts.ts";

/** A model's weights or counts, with a copy of its description. */
export async function encodeModel(
  model: NeuralModel | CountModel,
): Promise<Uint8Array<ArrayBuffer>> {
  const metadata = new Map([["format", "pt"], ["model", JSON.stringify(descriptionOf(model))]]);
  const tensors = isCounted(model) ? countTensors(model) : await readTensors(model.parameters);
  return encodeSafetensors(tensors, metadata);
}

/**
 * The model of such bytes, where there are no files.
 *
 * @throws CheckpointError on bytes that are broken or hold no model
 */
export function decodeModel(bytes: Uint8Array): NeuralModel | CountModel {
  using file = openSafetensorsBytes(bytes);
  const described = new TextEncoder().encode(file.metadata.get("model") ?? "");
  const description = checkDescription(parseObject(described));
  return restoreModel(file, { description, vocabulary: vocabularyOf(description) });
}

/**
 * The model of a description around the tensors of a file.
 *
 * @throws CheckpointError on tensors other than those the description asks for, before any is read
 */
export function restoreModel(
  file: SafetensorsFile,
  { description, vocabulary }: { description: ModelDescription; vocabulary: Vocabulary },
): NeuralModel | CountModel {
  const { architecture, config } = description;
  return architecture === "count"
    ? loadCounts(file, { config, vocabulary })
    : loadWeights(file, { blueprint: checkBlueprint(description, vocabulary), vocabulary });
}

function checkBlueprint(description: ModelDescription, { size }: Vocabulary): Blueprint {
  try {
    return blueprintOf(description, size);
  } catch (error) {
    throw error instanceof RangeError ? new CheckpointError(error.message) : error;
  }
}

function loadWeights(
  file: SafetensorsFile,
  { blueprint, vocabulary }: { blueprint: Blueprint; vocabulary: Vocabulary },
): NeuralModel {
  requireTensors(file.tensors, blueprint.shapes);
  const model = blueprint.create({ vocabulary, rng: createRandom(0) });
  for (const [name, parameter] of model.parameters) {
    const { shape, values } = file.read(name);
    tf.tidy(() => parameter.assign(tf.tensor(values as Float32Array, [...shape])));
  }
  return model;
}
