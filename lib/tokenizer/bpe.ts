/**
 * A byte-level BPE tokenizer as GPT-2's: text to words, words to bytes, bytes to merged tokens.
 *
 * Every text can be encoded, since every byte is a token, and decodes to itself.
 */
import { byteCharacters, byteCharactersToBytes } from "./bytes.ts";
import { type FindMerge, type Merge, mergeWord } from "./merge.ts";
import { splitWords } from "./words.ts";

/** Text to token ids and back, by merges of neighbouring bytes. */
export interface BpeTokenizer {
  /** Number of token ids, special ones included. */
  readonly size: number;
  /** Each token's id; tokens are written in byte characters, special ones as they are. */
  readonly vocabulary: ReadonlyMap<string, number>;
  /** Merged pairs, in the order they were learned. */
  readonly merges: readonly (readonly [string, string])[];
  /** Special tokens such as `<|endoftext|>`, which no merge makes. */
  readonly special: ReadonlyMap<string, number>;
  /** Ids of a text. Special tokens written in it are taken as such unless `special` is false. */
  encode(text: string, options?: { special?: boolean }): Int32Array;
  /** The text of ids; bytes that are no UTF-8 become U+FFFD. Throws on an id out of range. */
  decode(ids: ArrayLike<number>): string;
  /** The bytes that one id stands for. */
  bytes(id: number): Uint8Array;
}

/** What a {@linkcode BpeTokenizer} is made of. */
export type BpeParts = Pick<BpeTokenizer, "vocabulary" | "merges" | "special">;

const LARGEST_CACHE = 100_000; // words; a text has far fewer that come again

/**
 * Makes a tokenizer of its vocabulary and merges.
 *
 * @throws RangeError when a byte, a token of a merge or an id is missing, or an id stands twice
 */
export function createBpeTokenizer({ vocabulary, merges, special }: BpeParts): BpeTokenizer {
  const tokens = listTokens(vocabulary, special);
  const byteIds = byteCharacters.map((character) => idOf(vocabulary, character));
  const findMerge = tabulateMerges(vocabulary, merges, tokens.length);
  const specialPattern = patternOf([...special.keys()]);
  const bytes = tokens.map((token) =>
    special.has(token)
      ? new TextEncoder().encode(token)
      : Uint8Array.from(byteCharactersToBytes(token))
  );
  const cache = new Map<string, number[]>();

  const encodeWord = (word: string): number[] => {
    const known = cache.get(word);
    if (known) return known;
    const start = Array.from(new TextEncoder().encode(word), (byte) => byteIds[byte]!);
    const ids = mergeWord(start, findMerge);
    if (cache.size < LARGEST_CACHE && word.length < 100) cache.set(word, ids);
    return ids;
  };
  const encodePlain = (text: string, into: number[]) => {
    for (const word of splitWords(text)) for (const id of encodeWord(word)) into.push(id);
  };

  return {
    size: tokens.length,
    vocabulary,
    merges,
    special,
    encode: (text, { special: useSpecial = true } = {}) => {
      const ids: number[] = [];
      const parts = useSpecial && specialPattern ? text.split(specialPattern) : [text];
      for (const part of parts) {
        const id = useSpecial ? special.get(part) : undefined;
        if (id === undefined) encodePlain(part, ids);
        else ids.push(id);
      }
      return Int32Array.from(ids);
    },
    decode: (ids) => {
      const chunks = Array.from(ids, (id) => bytesOf(bytes, id));
      return new TextDecoder("utf-8", { ignoreBOM: true }).decode(concatenate(chunks));
    },
    bytes: (id) => bytesOf(bytes, id),
  };
}

function listTokens(
  vocabulary: ReadonlyMap<string, number>,
  special: ReadonlyMap<string, number>,
): string[] {
  const all = new Map([...vocabulary, ...special]);
  const tokens = new Array<string>(all.size);
  for (const [token, id] of all) {
    if (!Number.isInteger(id) || id < 0 || id >= all.size || tokens[id] !== undefined) {
      throw new RangeError(
        `Expected each id from 0 to ${all.size - 1} once, got ${id} for ${JSON.stringify(token)}`,
      );
    }
    tokens[id] = token;
  }
  return tokens;
}

function idOf(vocabulary: ReadonlyMap<string, number>, token: string): number {
  const id = vocabulary.get(token);
  if (id === undefined) {
    throw new RangeError(
      `Expected the token ${JSON.stringify(token)} in the vocabulary, it is not`,
    );
  }
  return id;
}

/** Ranks of merges by the key left·size + right; of a merge that stands twice the last one counts. */
function tabulateMerges(
  vocabulary: ReadonlyMap<string, number>,
  merges: readonly (readonly [string, string])[],
  size: number,
): FindMerge {
  const table = new Map<number, Merge>();
  for (const [rank, [left, right]] of merges.entries()) {
    const [first, second, id] = [left, right, left + right].map((token) => {
      const id = vocabulary.get(token);
      if (id !== undefined) return id;
      throw new RangeError(
        `Expected merge ${rank} of ${JSON.stringify(left)} and ${JSON.stringify(right)} to be of ` +
          `tokens and to make one, got ${JSON.stringify(token)}, which is none`,
      );
    }) as [number, number, number];
    table.set(first * size + second, { rank, id });
  }
  return (left, right) => table.get(left * size + right);
}

/** Splits at special tokens and keeps them; longer ones win over their beginnings. */
function patternOf(special: string[]): RegExp | undefined {
  if (special.length === 0) return undefined;
  const longestFirst = special.toSorted((a, b) => b.length - a.length).map(RegExp.escape);
  return new RegExp(`(${longestFirst.join("|")})`, "u");
}

function bytesOf(bytes: readonly Uint8Array[], id: number): Uint8Array {
  const found = bytes[id];
  if (found === undefined) {
    throw new RangeError(`Expected a token id from 0 to ${bytes.length - 1}, got ${id}`);
  }
  return found;
}

function concatenate(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
