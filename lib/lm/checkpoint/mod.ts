/** Checkpoints: safetensors files, saved models, and training that can be resumed. */
export { type DataType, type TensorValues } from "../../safetensors/data_types.ts";
export { type Header, type TensorEntry } from "../../safetensors/header.ts";
export {
  openSafetensors,
  readSafetensors,
  type SafetensorsFile,
  type StoredTensor,
} from "../../safetensors/read_safetensors.ts";
export { CheckpointError } from "../../safetensors/error.ts";
export { encodeSafetensors, writeSafetensors } from "../../safetensors/write_safetensors.ts";
export { requireTensors } from "../../safetensors/require_tensors.ts";
export { openRunFolder, type RunFolder } from "./run_folder.ts";
export { loadModel, type ModelDescription, saveModel } from "./saved_model.ts";
export { readTrainingState, type RunDescription, writeTrainingState } from "./training_file.ts";
