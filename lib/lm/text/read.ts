/** Reads text files piece by piece, strictly: what is no UTF-8 is an error, not a question mark. */
import { UsageError } from "../../errors.ts";

/** Bytes that are read at once. */
export const PIECE = 1 << 16;

/** Who is told how far reading is. */
export interface ReadOptions {
  /** Is told of the bytes so far. */
  readonly onBytes?: (bytes: number) => void;
}

/**
 * The text of a file in pieces of at most 64 KiB, line ends as `\n`, without a byte order mark.
 * Memory does not grow with the file.
 *
 * @throws UsageError when the file cannot be read or is not UTF-8, with the place of the first
 * invalid byte
 */
export async function* readText(
  path: string,
  { onBytes }: ReadOptions = {},
): AsyncGenerator<string> {
  using file = await open(path);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const buffer = new Uint8Array(PIECE);
  let offset = 0; // bytes before the buffer
  let carriage = ""; // a carriage return that may belong to the next piece's line feed
  for (;;) {
    const count = await file.read(buffer);
    const bytes = buffer.subarray(0, count ?? 0);
    let text: string;
    try {
      text = carriage + decoder.decode(bytes, { stream: count !== null });
    } catch {
      const place = await firstInvalidByte(path, offset);
      throw new UsageError(`Expected UTF-8 text in ${path}, got an invalid byte at ${place}`);
    }
    carriage = count !== null && text.endsWith("\r") ? "\r" : "";
    const whole = text.slice(0, text.length - carriage.length).replaceAll(/\r\n?/g, "\n");
    if (whole !== "") yield whole;
    if (count === null) return;
    offset += count;
    onBytes?.(offset);
  }
}

/** A line longer than this is no document of its own. */
const LONGEST_LINE = 1 << 20;

/**
 * The lines of a file that hold more than blanks, without blanks at their ends.
 *
 * @throws UsageError as {@linkcode readText}, and on a line of more than 2²⁰ characters
 */
export async function* readLines(
  path: string,
  options: ReadOptions = {},
): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of readText(path, options)) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop()!;
    if (rest.length > LONGEST_LINE) {
      throw new UsageError(
        `Expected lines of at most ${LONGEST_LINE} characters in ${path}, got a longer one; ` +
          "read it as one continuous text with --context",
      );
    }
    for (const line of lines) if (line.trim() !== "") yield line.trim();
  }
  if (rest.trim() !== "") yield rest.trim();
}

async function open(path: string): Promise<Deno.FsFile> {
  let problem: string;
  try {
    const { isFile, isDirectory } = await Deno.stat(path); // opening a pipe would wait for its writer
    if (isFile) return await Deno.open(path);
    problem = isDirectory ? "which is a folder" : "which is a device or a pipe";
  } catch (error) {
    problem = whyUnread(error);
  }
  throw new UsageError(`Expected a text file, got ${path}, ${problem}`);
}

function whyUnread(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "which does not exist";
  return error instanceof Deno.errors.NotCapable
    ? "which may not be read"
    : (error as Error).message;
}

/** Where the first byte that is no UTF-8 stands, at or shortly before `from`. */
async function firstInvalidByte(path: string, from: number): Promise<number> {
  const start = Math.max(0, from - 3); // a character that began in the piece before
  const bytes = new Uint8Array((1 << 16) + 3);
  using file = await Deno.open(path);
  await file.seek(start, Deno.SeekMode.Start);
  const piece = bytes.subarray(0, await file.read(bytes) ?? 0);
  const skipped = piece.findIndex((byte) => (byte & 0xc0) !== 0x80); // to a character's beginning
  // The decoder without `fatal` puts U+FFFD at the first fault: what is before it was valid.
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(piece.subarray(skipped));
  const encoder = new TextEncoder();
  let place = start + skipped;
  for (const character of text) {
    const encoded = encoder.encode(character);
    const at = place - start;
    if (!encoded.every((byte, i) => piece[at + i] === byte)) break;
    place += encoded.length;
  }
  return place;
}
