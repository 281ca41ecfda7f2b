import { largestOf } from "../../extremes.ts";
import type { BpeTokenizer } from "../../tokenizer/mod.ts";

/**
 * Characters to token ids and back.
 *
 * As in GPT-2, one token stands for both the start and the end of a string: it is fed first and
 * predicted last, and in between it cannot occur. Padding is no token at all but a label (−1) that
 * the loss and the judge ignore, so no model wastes probability on it.
 */
export interface Vocabulary {
  /** Number of token ids, V; ids are 0 … V−1. */
  readonly size: number;
  /** The id fed before the first character (equal to {@linkcode end}). */
  readonly start: number;
  /** The id predicted after the last character. */
  readonly end: number;
  /** What an id stands for; the end token shows as `⏎`. */
  symbol(id: number): string;
  /** Ids of a text, without start and end; throws on a character outside the vocabulary. */
  encode(text: string): Int32Array;
  /** The text of ids; stops before the first end token. */
  decode(ids: ArrayLike<number>): string;
  /** All characters in id order, so that a saved model can rebuild its vocabulary. */
  readonly characters: readonly string[];
  /** Where ids are not characters: what cuts a text into tokens. */
  readonly tokenizer?: BpeTokenizer;
}

/** The label of positions that do not count. */
export const PADDING = -1;

/** In a vocabulary of characters the border of strings, before all of them. */
const BOUNDARY = 0;

/** The last code point of the basic multilingual plane; those beyond are looked up in a map. */
const LAST_OF_TABLE = 0xffff;

/** Ids from 1 by code point, undefined for others: a table, for texts have hundreds of millions. */
function createLookUp(characters: readonly string[]): (code: number) => number | undefined {
  const codes = characters.map((character) => character.codePointAt(0)!);
  const ids = new Map(codes.map((code, index) => [code, index + 1]));
  const inTable = codes.filter((code) => code <= LAST_OF_TABLE);
  const table = new Int32Array(largestOf([0, ...inTable]) + 1);
  for (const code of inTable) table[code] = ids.get(code)!;
  return (code) => code < table.length ? table[code] || undefined : ids.get(code);
}

/** A vocabulary of single characters (Unicode code points), ids from 1 in the order given. */
export function createVocabulary(characters: Iterable<string>): Vocabulary {
  const list = [...new Set(characters)];
  const idOf = createLookUp(list);
  return {
    size: list.length + 1,
    start: BOUNDARY,
    end: BOUNDARY,
    characters: list,
    symbol: (id) => id === BOUNDARY ? "⏎" : list[id - 1] ?? `<${id}>`,
    encode: (text) => {
      const ids = new Int32Array(text.length);
      let length = 0;
      for (let at = 0; at < text.length; at++) {
        const code = text.codePointAt(at)!;
        const id = idOf(code);
        if (id === undefined) {
          const character = JSON.stringify(String.fromCodePoint(code));
          throw new RangeError(
            `Expected characters of the vocabulary, got ${character} at ${length}`,
          );
        }
        ids[length++] = id;
        if (code > LAST_OF_TABLE) at++; // it takes two places of the string
      }
      return ids.slice(0, length);
    },
    decode: (tokens) => {
      let text = "";
      for (let i = 0; i < tokens.length && tokens[i] !== BOUNDARY; i++) {
        text += list[tokens[i]! - 1] ?? "";
      }
      return text;
    },
  };
}
