/** Where a checkpoint's bytes come from: a file, read piece by piece, or memory. */
import { CheckpointError } from "./error.ts";

/** Bytes at a place of a given length, from memory or disk. */
export interface ByteSource {
  /** How many bytes there are. */
  readonly length: number;
  /** Fills all of `bytes` from `offset`, which the caller has held to {@linkcode length}. */
  readInto(bytes: Uint8Array<ArrayBuffer>, offset: number): void;
  /** Gives the file back. */
  close(): void;
}

/** Bytes in memory. */
export function memorySource(from: Uint8Array): ByteSource {
  return {
    length: from.length,
    readInto: (bytes, offset) => bytes.set(from.subarray(offset, offset + bytes.length)),
    close: () => {},
  };
}

/** A file, opened; throws a CheckpointError when there is none. */
export function fileSource(path: string): ByteSource {
  let file: Deno.FsFile;
  try {
    if (!Deno.statSync(path).isFile) { // opening a pipe would wait for its writer
      throw new CheckpointError("expected a file, got something else");
    }
    file = Deno.openSync(path);
  } catch (error) {
    throw new CheckpointError((error as Error).message);
  }
  const { size } = file.statSync();
  return {
    length: size,
    readInto: (bytes, offset) => {
      file.seekSync(offset, Deno.SeekMode.Start);
      for (let done = 0; done < bytes.length;) {
        const count = file.readSync(bytes.subarray(done));
        if (count === null) {
          throw new CheckpointError(`expected ${size} bytes, got an end before that`);
        }
        done += count;
      }
    },
    close: () => file.close(),
  };
}

/** All bytes of a file of at most `most`. */
export function readAll(path: string, { most }: { most: number }): Uint8Array<ArrayBuffer> {
  const source = fileSource(path);
  try {
    if (source.length > most) {
      throw new CheckpointError(`expected at most ${most} bytes, got ${source.length}`);
    }
    const bytes = new Uint8Array(source.length);
    source.readInto(bytes, 0);
    return bytes;
  } finally {
    source.close();
  }
}
