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

/** A vocabulary of single characters (Unicode code points), ids from 1 in the order given. */
export function createVocabulary(characters: Iterable<string>): Vocabulary {
  const list = [...new Set(characters)];
  const ids = new Map(list.map((character, index) => [character, index + 1]));
  return {
    size: list.length + 1,
    start: BOUNDARY,
    end: BOUNDARY,
    characters: list,
    symbol: (id) => id === BOUNDARY ? "⏎" : list[id - 1] ?? `<${id}>`,
    encode: (text) =>
      Int32Array.from([...text], (character, position) => {
        const id = ids.get(character);
        if (id === undefined) {
          throw new RangeError(
            `Expected characters of the vocabulary, got ${
              JSON.stringify(character)
            } at ${position}`,
          );
        }
        return id;
      }),
    decode: (tokens) => {
      let text = "";
      for (let i = 0; i < tokens.length && tokens[i] !== BOUNDARY; i++) {
        text += list[tokens[i]! - 1] ?? "";
      }
      return text;
    },
  };
}
