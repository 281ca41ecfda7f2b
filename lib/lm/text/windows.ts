/**
 * Windows of a long stream of tokens, as batches.
 *
 * Letters: B windows, T tokens in each.
 */
import type { Random } from "../../random.ts";
import { forgottenWhenFull } from "../data/context_chunks.ts";
import type { TokenBatch } from "../language_model.ts";
import { PADDING } from "../data/vocabulary.ts";
import type { TokenFile } from "./token_file.ts";

/** A stretch of the stream: from `begin` up to, not including, `end`. */
export interface Part {
  readonly begin: number;
  readonly end: number;
}

/**
 * One window in so many begins with the start token in place of what came before it: so the model learns
 * to begin from nothing, as it must when it writes.
 */
const WINDOWS_PER_BEGINNING = 8;

/** Windows at random places, all of whose tokens are to be predicted. */
export function randomWindows(
  file: TokenFile,
  { part: { begin, end }, start, length, size, rng }: {
    part: Part;
    /** The token that begins a text. */
    start: number;
    length: number;
    size: number;
    rng: Random;
  },
): TokenBatch {
  const inputs = new Int32Array(size * length); // [B, T]
  const targets = new Int32Array(size * length); // [B, T]
  for (let row = 0; row < size; row++) {
    const tokens = file.read(begin + rng.integer(end - begin - length), length + 1);
    if (rng.integer(WINDOWS_PER_BEGINNING) === 0) tokens[0] = start;
    inputs.set(tokens.subarray(0, length), row * length);
    targets.set(tokens.subarray(1), row * length);
  }
  return { size, length, inputs, targets, tokens: size * length };
}

/**
 * Windows one half after the other, `most` at most and spread over all of the part: of each only the
 * later half counts, so that every token is predicted from at least half a context.
 */
export function slidingWindows(
  file: TokenFile,
  { part: { begin, end }, length, size, most }: {
    part: Part;
    length: number;
    size: number;
    most: number;
  },
): TokenBatch[] {
  const step = forgottenWhenFull(length);
  const all = Math.max(1, Math.floor((end - begin - 1 - length) / step) + 1);
  const every = Math.ceil(all / most);
  const starts = Array.from({ length: Math.ceil(all / every) }, (_, i) => begin + i * every * step);
  const batches: TokenBatch[] = [];
  for (let first = 0; first < starts.length; first += size) {
    const rows = starts.slice(first, first + size);
    const inputs = new Int32Array(rows.length * length); // [B, T]
    const targets = new Int32Array(rows.length * length).fill(PADDING); // [B, T]
    rows.forEach((start, row) => {
      const tokens = file.read(start, length + 1);
      inputs.set(tokens.subarray(0, length), row * length);
      targets.set(tokens.subarray(length - step + 1), row * length + length - step);
    });
    batches.push({ size: rows.length, length, inputs, targets, tokens: rows.length * step });
  }
  return batches;
}
