/** Writing safetensors files. */
import { writeWhole } from "../files.ts";
import { encodeSafetensors } from "./encode_safetensors.ts";
import type { StoredTensor } from "./read_safetensors.ts";

/** Writes {@linkcode encodeSafetensors} to a file, whole or not at all. */
export async function writeSafetensors(
  path: string,
  { tensors, metadata }: {
    tensors: ReadonlyMap<string, StoredTensor>;
    metadata?: ReadonlyMap<string, string>;
  },
): Promise<void> {
  await writeWhole(path, encodeSafetensors(tensors, metadata));
}
