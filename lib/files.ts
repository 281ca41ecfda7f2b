/** Files written whole or not at all. */
import { orUsageError } from "./errors.ts";

/**
 * Writes a file under a temporary name beside its place and renames it, so that a reader never
 * sees half a file and a failed write leaves the old one as it was. Makes missing folders.
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
): Promise<void> {
  const slash = path.lastIndexOf("/");
  if (slash > 0) await Deno.mkdir(path.slice(0, slash), { recursive: true });
  const temporary = `${path}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  try {
    await Deno.writeFile(
      temporary,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}

/** Makes sure that files can be written into a folder, or throws one clear error. */
export async function ensureWritableFolder(path: string): Promise<void> {
  const tried = writeWhole(`${path}/.writable`, "").then(() => Deno.remove(`${path}/.writable`));
  await orUsageError(tried, `Expected a folder that can be written, got ${path}`);
}
