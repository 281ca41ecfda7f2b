/** Checkpoints: safetensors files, saved models, and training that can be resumed. */
export { type DataType, type TensorValues } from "./data_types.ts";
export { type Header, type TensorEntry } from "./header.ts";
export {
  openSafetensors,
  readSafetensors,
  type SafetensorsFile,
  type StoredTensor,
} from "./read_safetensors.ts";
export { CheckpointError } from "./error.ts";
export { encodeSafetensors, writeSafetensors } from "./write_safetensors.ts";
export { requireTensors } from "./require_tensors.ts";
export { openRunFolder, type RunFolder } from "./run_folder.ts";
export { loadModel, type ModelDescription, saveModel } from "./saved_model.ts";
export { readTrainingState, type RunDescription, writeTrainingState } from "./training_file.ts";
