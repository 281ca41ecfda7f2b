/** What a part of a study found out, kept in a file that shows when it is damaged. */
import { crc32 } from "node:zlib";
import { writeWhole } from "../../files.ts";
import { CheckpointError, parseObject } from "../../safetensors/mod.ts";

/** Writes what is to be kept, plain JSON, whole. */
export async function keep(path: string, found: object): Promise<void> {
  await writeWhole(path, JSON.stringify({ checksum: checksum(found), ...found }) + "\n");
}

/** What was kept in a file; nothing where there is none, or not one that we wrote. */
export async function readKept<T extends object>(path: string): Promise<T | undefined> {
  try {
    const { checksum: said, ...found } = parseObject(await Deno.readFile(path));
    return said === checksum(found) ? found as T : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof CheckpointError) return undefined;
    throw error;
  }
}

/** Shows files that are damaged, or of another making. */
function checksum(found: object): number {
  return crc32(JSON.stringify(found));
}
