/** Saved models, and training that can be resumed. */
export {
  openRunFolder,
  prepareRunFolder,
  type RunFolder,
  type RunFolderOptions,
} from "./run_folder.ts";
export type { ModelDescription } from "./description.ts";
export { decodeModel, encodeModel } from "./model_bytes.ts";
export { loadModel, saveModel } from "./saved_model.ts";
export { readTrainingState, type RunDescription, writeTrainingState } from "./training_file.ts";
