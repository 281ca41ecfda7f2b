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
  /** Where the training of a model stood; at its end for one that is done. */
  resume(model: NeuralModel): TrainingState | undefined;
  /** Stores where the training of a model stands. */
  onCheckpoint(model: NeuralModel, state: TrainingState): Promise<void>;
  /** Stores a model that has learned. */
  onModel(done: { readonly model: LanguageModel }): Promise<void>;
}

/** Which run is kept. */
export interface RunFolderOptions {
  /** Whatever decides the weights: a run of anything else is not gone on with. */
  readonly run: RunDescription;
  /** Whether to go on with what is there, or to forget it. */
  readonly resume: boolean;
  /** What to do about states that cannot be gone on with: ends their error. */
  readonly otherwise?: string;
}

/**
 * Makes a folder ready for a run: without what killed writes left, or a run that is to be forgotten.
 * Resolves to whether there was one.
 */
export async function prepareRunFolder(
  folder: string,
  { resume }: Pick<RunFolderOptions, "resume">,
): Promise<boolean> {
  await sweepTemporary(folder);
  return !resume && await forgetStates(`${folder}/training`);
}

/** Keeps a run in a folder that is ready for it. */
export function openRunFolder(
  folder: string,
  { run, resume, otherwise }: RunFolderOptions,
): RunFolder {
  const stateFile = (model: NeuralModel) => `${folder}/training/${model.name}.safetensors`;
  const describe = ({ architecture, config }: NeuralModel): RunDescription => ({
    ...run,
    ...{ architecture, config },
    backend: tf.getBackend(), // each rounds in its own way
  });
  return {
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
