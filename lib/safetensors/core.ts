/** The part of the format that needs no files: bytes in memory, in a browser as in Deno. */
export { type DataType, type TensorValues } from "./data_types.ts";
export { encodeSafetensors } from "./encode_safetensors.ts";
export { CheckpointError, within } from "./error.ts";
export { type Header, LONGEST_HEADER, type TensorEntry } from "./header.ts";
export {
  openSafetensorsBytes,
  type Rows,
  type SafetensorsFile,
  type StoredTensor,
} from "./read_safetensors.ts";
export { requireTensors } from "./require_tensors.ts";
export { isObject, parseObject, shown } from "./strict_json.ts";
