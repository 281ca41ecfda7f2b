/** Reading long files, shown. */
import type { Progress } from "../../command/mod.ts";

/** Who is told how far reading is. */
export interface ReadingHooks {
  /** Shows reading that takes a while, of so many bytes. */
  startProgress?: ((name: string, bytes: number) => Progress) | undefined;
}

/** Fewer bytes are read before anybody wonders. */
const LONG = 1 << 24;

/** Does work that reads a file, and tells of the bytes so far; shows it where that takes a while. */
export async function showReading<T>(
  { path, name, startProgress }: ReadingHooks & { path: string; name: string },
  read: (onBytes: (bytes: number) => void) => Promise<T>,
): Promise<T> {
  const size = await sizeOf(path);
  const progress = size < LONG ? undefined : startProgress?.(name, size);
  try {
    const result = await read((bytes) => progress?.update(bytes));
    progress?.stop();
    return result;
  } catch (error) {
    progress?.stop("failed", false);
    throw error;
  }
}

/** Bytes of a file; 0 where there is none, which whoever reads it says better. */
export async function sizeOf(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch {
    return 0;
  }
}
