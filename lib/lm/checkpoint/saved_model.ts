/**
 * A trained model on disk: its weights as `NAME.safetensors`, and beside it `NAME.json` with what
 * rebuilds the same architecture around them.
 */
import { writeWhole } from "../../files.ts";
import { createRandom } from "../../random.ts";
import { tf } from "../../tensor/mod.ts";
import { type CountModel, isCounted } from "../models/count_ngram.ts";
import type { NeuralModel } from "../language_model.ts";
import { readTensors } from "../training/state.ts";
import { readTokenizerJson, writeTokenizerJson } from "../../tokenizer/mod.ts";
import { createBpeVocabulary } from "../data/bpe_vocabulary.ts";
import { createVocabulary, type Vocabulary } from "../data/vocabulary.ts";
import { type Blueprint, blueprintOf } from "../models/registry.ts";
import {
  CheckpointError,
  isObject,
  LONGEST_HEADER,
  openSafetensors,
  parseObject,
  readAll,
  requireTensors,
  type SafetensorsFile,
  within,
  writeSafetensors,
} from "../../safetensors/mod.ts";
import { countTensors, loadCounts } from "./saved_counts.ts";

/** What `NAME.json` says. */
export interface ModelDescription {
  /** Its name in reports. */
  readonly name: string;
  /** Which architecture it is. */
  readonly architecture: string;
  /** The sizes of the architecture. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The characters of its vocabulary, in the order of their ids. */
  readonly characters?: readonly string[];
  /** Where its tokens are not characters: the `tokenizer.json` that cuts texts into them. */
  readonly tokenizer?: Readonly<Record<string, unknown>>;
}

/**
 * Saves a model as `path.safetensors` and `path.json`. The weights hold a copy of the description:
 * two files cannot be replaced at once, and so a pair that does not belong together shows.
 */
export async function saveModel(path: string, model: NeuralModel | CountModel): Promise<void> {
  const { name, architecture, config, vocabulary: { characters, tokenizer } } = model;
  const description: ModelDescription = {
    ...{ name, architecture, config },
    ...tokenizer ? { tokenizer: JSON.parse(writeTokenizerJson(tokenizer)) } : { characters },
  };
  const metadata = new Map([["format", "pt"], ["model", JSON.stringify(description)]]);
  const tensors = isCounted(model) ? countTensors(model) : await readTensors(model.parameters);
  await writeWhole(`${path}.json`, `${JSON.stringify(description, null, 2)}\n`);
  await writeSafetensors(`${path}.safetensors`, { tensors, metadata });
}

/**
 * Loads what {@linkcode saveModel} has saved.
 *
 * @throws CheckpointError on a file that is missing or broken, and on tensors other than those the
 * description asks for, before any of them is read
 */
export function loadModel(path: string): NeuralModel | CountModel {
  const { description, vocabulary } = within(`${path}.json`, () => {
    const parsed = parseObject(readAll(`${path}.json`, { most: LONGEST_HEADER }));
    const description = checkDescription(parsed);
    return { description, vocabulary: vocabularyOf(description) };
  });
  using file = openSafetensors(`${path}.safetensors`);
  return within(path, () => {
    if (file.metadata.get("model") !== JSON.stringify(description)) {
      throw new CheckpointError(`expected the weights of the model in ${path}.json`);
    }
    const { architecture, config } = description;
    return architecture === "count"
      ? loadCounts(file, { config, vocabulary })
      : loadWeights(file, { blueprint: checkBlueprint(description, vocabulary), vocabulary });
  });
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

function vocabularyOf({ characters = [], tokenizer }: ModelDescription): Vocabulary {
  if (!tokenizer) return createVocabulary(characters);
  try {
    return createBpeVocabulary(readTokenizerJson(JSON.stringify(tokenizer)));
  } catch (error) {
    throw new CheckpointError((error as Error).message);
  }
}

function checkDescription(parsed: Record<string, unknown>): ModelDescription {
  const { name, architecture, config, characters, tokenizer } = parsed;
  if (typeof name !== "string" || typeof architecture !== "string" || !isObject(config)) {
    throw new CheckpointError("expected a name, an architecture and a config");
  }
  if (isObject(tokenizer)) return { name, architecture, config, tokenizer };
  const isCharacter = (one: unknown) => typeof one === "string" && [...one].length === 1;
  if (!Array.isArray(characters) || !characters.every(isCharacter)) {
    throw new CheckpointError("expected a list of characters");
  }
  return { name, architecture, config, characters };
}
