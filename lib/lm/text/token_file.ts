/** Tokens on disk, two bytes each: a text of any length, of which memory holds a window at a time. */

import { makeFolderOf, temporaryName, writingError } from "../../files.ts";

/** An open file of tokens. */
export interface TokenFile {
  /** How many tokens there are. */
  readonly length: number;
  /** Tokens from `start` on, `count` of them; they must be there. */
  read(start: number, count: number): Int32Array;
  /** Closes it. */
  close(): void;
}

/**
 * Writes tokens as they come, ids below 65,536, and opens the file for reading.
 *
 * @throws UsageError when the disk is full or the place cannot be written
 */
export async function writeTokenFile(
  path: string,
  pieces: AsyncIterable<Int32Array>,
): Promise<TokenFile> {
  const file = await openUnseen(path);
  let length = 0;
  try {
    for await (const piece of pieces) {
      await writeAll(file, { bytes: new Uint8Array(new Uint16Array(piece).buffer), path });
      length += piece.length;
    }
  } catch (error) {
    file.close();
    throw error;
  }
  return {
    length,
    read: (start, count) => {
      if (!(start >= 0 && count >= 0 && start + count <= length)) {
        throw new RangeError(
          `Expected tokens from 0 to ${length}, got ${start} to ${start + count}`,
        );
      }
      const bytes = new Uint8Array(2 * count);
      file.seekSync(2 * start, Deno.SeekMode.Start);
      for (let done = 0; done < bytes.length;) {
        const read = file.readSync(bytes.subarray(done));
        if (read === null) throw new RangeError(`Expected ${length} tokens in ${path}, got fewer`);
        done += read;
      }
      return new Int32Array(new Uint16Array(bytes.buffer));
    },
    close: () => file.close(),
  };
}

/**
 * A file of this process alone: its name is given up at once, so that no other run can write into it,
 * and the disk gets its room back when the process ends, killed or not.
 */
async function openUnseen(path: string): Promise<Deno.FsFile> {
  try {
    await makeFolderOf(path);
    const name = temporaryName(path);
    const file = await Deno.open(name, { createNew: true, write: true, read: true });
    await Deno.remove(name);
    return file;
  } catch (error) {
    throw writingError(path, error);
  }
}

async function writeAll(
  file: Deno.FsFile,
  { bytes, path }: { bytes: Uint8Array; path: string },
): Promise<void> {
  try {
    for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
  } catch (error) {
    throw writingError(path, error);
  }
}
