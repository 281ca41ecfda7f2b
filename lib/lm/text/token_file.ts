/** Tokens on disk, two bytes each: a text of any length, of which memory holds a window at a time. */

/** An open file of tokens. */
export interface TokenFile {
  /** How many tokens there are. */
  readonly length: number;
  /** Tokens from `start` on, `count` of them; they must be there. */
  read(start: number, count: number): Int32Array;
  /** Closes it. */
  close(): void;
}

/** Writes tokens as they come, ids below 65,536, and opens the file for reading. */
export async function writeTokenFile(
  path: string,
  pieces: AsyncIterable<Int32Array>,
): Promise<TokenFile> {
  const slash = path.lastIndexOf("/");
  if (slash > 0) await Deno.mkdir(path.slice(0, slash), { recursive: true });
  const file = await Deno.open(path, { create: true, truncate: true, write: true, read: true });
  let length = 0;
  try {
    for await (const piece of pieces) {
      await writeAll(file, new Uint8Array(Uint16Array.from(piece).buffer));
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
      return Int32Array.from(new Uint16Array(bytes.buffer));
    },
    close: () => file.close(),
  };
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
}
