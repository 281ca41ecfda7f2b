/**
 * A trained model on disk: its weights as `NAME.safetensors`, and beside it `NAME.json` with what
 * rebuilds the same architecture around them.
 */
import { writeWhole } from "../../files.ts";
import {
  CheckpointError,
  LONGEST_HEADER,
  openSafetensors,
  parseObject,
  readAll,
  within,
} from "../../safetensors/mod.ts";
import type { NeuralModel } from "../language_model.ts";
import type { CountModel } from "../models/count_ngram.ts";
import { checkDescription, descriptionOf, vocabularyOf } from "./description.ts";
import { encodeModel, restoreModel } from "./model_bytes.ts";

/**
 * Saves a model as `path.safetensors` and `path.json`. The weights hold a copy of the description:
 * two files cannot be replaced at once, and so a pair that does not belong together shows.
 */
export async function saveModel(path: string, model: NeuralModel | CountModel): Promise<void> {
  await writeWhole(`${path}.json`, `${JSON.stringify(descriptionOf(model), null, 2)}\n`);
  await writeWhole(`${path}.safetensors`, await encodeModel(model));
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
    return restoreModel(file, { description, vocabulary });
  });
}
