/**
 * Where a run of several models keeps what it has done: `training/NAME.safetensors` while a model
 * learns and afterwards, and `models/NAME.safetensors` with `NAME.json` when it is done.
 */
import { CheckpointError } from "../../safetensors/mod.ts";
import { entriesOf, sweepTemporary } from "../../files.ts";
import { tf } from "../../tensor/mod.ts";
import { isCounted } from "../models/count_ngram.ts";
import { isNeural, type LanguageModel, type NeuralModel } from "../language_model.ts";
import type { TrainingState } from "../training/state.ts";
import { saveModel } from "./saved_model.ts";
import { readTrainingState, type RunDescription, writeTrainingState } from "./training_file.ts";

/** What a run calls, model by model. */
export interface RunFolder {
  /** Whether states of another run were there, and were forgotten. */
  readonly replaced: boolean;
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
 * @param options.otherwise what to do about states that cannot be gone on with: ends their error
 */
export async function openRunFolder(
  folder: string,
  { run, resume, otherwise }: { run: RunDescription; resume: boolean; otherwise?: string },
): Promise<RunFolder> {
  const stateFile = (model: NeuralModel) => `${folder}/training/${model.name}.safetensors`;
  const describe = ({ architecture, config }: NeuralModel): RunDescription => ({
    ...run,
    ...{ architecture, config },
    backend: tf.getBackend(), // each rounds in its own way
  });
  await sweepTemporary(folder);
  const replaced = !resume && await forgetStates(`${folder}/training`);
  return {
    replaced,
    resume: (model) => {
      if (!resume) return undefined;
      const { parameters } = model;
      try {
        return readTrainingState(stateFile(model), { run: describe(model), parameters });
      } catch (error) {
        if (!(error instanceof CheckpointError) || !otherwise) throw error;
        throw new CheckpointError(`${error.message}; ${otherwise}`);
      }
    },
    onCheckpoint: (model, state) =>
      writeTrainingState(stateFile(model), { state, run: describe(model) }),
    onModel: async ({ model }) => {
      if (isNeural(model) || isCounted(model)) {
        await saveModel(`${folder}/models/${model.name}`, model);
      }
    },
  };
}

/** Whether there were any. */
async function forgetStates(folder: string): Promise<boolean> {
  let found = false;
  for await (const { name } of entriesOf(folder)) {
    if (!name.endsWith(".safetensors")) continue;
    await Deno.remove(`${folder}/${name}`);
    found = true;
  }
  return found;
}
