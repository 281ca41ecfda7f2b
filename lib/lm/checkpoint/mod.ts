/** Checkpoints: safetensors files, saved models, and training that can be resumed. */
export { type DataType, type TensorValues } from "./data_types.ts";
export { type Header, type TensorEntry } from "./header.ts";
export {
  openSafetensors,
  readSafetensors,
  type SafetensorsFile,
  type StoredTensor,
} from "./read_safetensors.ts";
export { CheckpointError } from "./strict_json.ts";
export { encodeSafetensors, writeSafetensors } from "./write_safetensors.ts";
