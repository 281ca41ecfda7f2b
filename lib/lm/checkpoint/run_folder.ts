/**
 * Where a run of several models keeps what it has done: `training/NAME.safetensors` while a model
 * learns and afterwards, and `models/NAME.safetensors` with `NAME.json` when it is done.
 */
import { tf } from "../../tensor/mod.ts";
import { isCounted } from "../models/count_ngram.ts";
import { isNeural, type LanguageModel, type NeuralModel } from "../language_model.ts";
import type { TrainingState } from "../training/state.ts";
import { saveModel } from "./saved_model.ts";
import { readTrainingState, type RunDescription, writeTrainingState } from "./training_file.ts";

/** What a run calls, model by model. */
export interface RunFolder {
  /** Where the training of a model stood; at its end for one that is done. */
  resume(model: NeuralModel): TrainingState | undefined;
  /** Stores where the training of a model stands. */
  onCheckpoint(model: NeuralModel, state: TrainingState): Promise<void>;
  /** Stores a model that has learned. */
  onModel(done: { readonly model: LanguageModel }): Promise<void>;
}

/**
 * Keeps a run in a folder.
 *
 * @param options.run whatever decides the weights: a run of anything else is not gone on with
 * @param options.resume whether to go on with what is there, or to forget it
 */
export async function openRunFolder(
  folder: string,
  { run, resume }: { run: RunDescription; resume: boolean },
): Promise<RunFolder> {
  const stateFile = (model: NeuralModel) => `${folder}/training/${model.name}.safetensors`;
  const describe = ({ architecture, config }: NeuralModel): RunDescription => ({
    ...run,
    ...{ architecture, config },
    backend: tf.getBackend(), // each rounds in its own way
  });
  await sweep(`${folder}/training`, resume ? [".tmp"] : [".tmp", ".safetensors"]);
  await sweep(`${folder}/models`, [".tmp"]);
  return {
    resume: (model) =>
      resume
        ? readTrainingState(stateFile(model), {
          run: describe(model),
          parameters: model.parameters,
        })
        : undefined,
    onCheckpoint: (model, state) =>
      writeTrainingState(stateFile(model), { state, run: describe(model) }),
    onModel: async ({ model }) => {
      if (isNeural(model) || isCounted(model)) {
        await saveModel(`${folder}/models/${model.name}`, model);
      }
    },
  };
}

/** Removes what has no use any more: files that killed writes have left half done, and old states. */
async function sweep(folder: string, endings: string[]): Promise<void> {
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (endings.some((ending) => name.endsWith(ending))) await Deno.remove(`${folder}/${name}`);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
