/** The safetensors file format (https://huggingface.co/docs/safetensors): tensors by name, checked. */
export * from "./core.ts";
export { type ByteSource, fileSource, memorySource, readAll } from "./byte_source.ts";
export { openSafetensors, readSafetensors } from "./read_safetensors.ts";
export { writeSafetensors } from "./write_safetensors.ts";
