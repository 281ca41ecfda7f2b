/** The safetensors file format (https://huggingface.co/docs/safetensors): tensors by name, checked. */
export { type ByteSource, fileSource, memorySource, readAll } from "./byte_source.ts";
export { type DataType, type TensorValues } from "./data_types.ts";
export { CheckpointError, within } from "./error.ts";
export { type Header, LONGEST_HEADER, type TensorEntry } from "./header.ts";
export {
  openSafetensors,
  readSafetensors,
  type SafetensorsFile,
  type StoredTensor,
} from "./read_safetensors.ts";
export { requireTensors } from "./require_tensors.ts";
export { isObject, parseObject, shown } from "./strict_json.ts";
export { encodeSafetensors, writeSafetensors } from "./write_safetensors.ts";
