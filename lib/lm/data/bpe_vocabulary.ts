/** A byte-level BPE tokenizer as the vocabulary of a language model. */
import type { Vocabulary } from "./vocabulary.ts";
import { type BpeTokenizer, END_OF_TEXT } from "../../tokenizer/mod.ts";

/** Which ids of a tokenizer a model reads and writes; each has a usual value. */
export interface BpeVocabularyOptions {
  /** Ids that the model knows; those beyond the tokenizer's stand for nothing. */
  size?: number;
  /** Fed before a text, the end-of-text token where not given. */
  start?: number | undefined;
  /** Written after a text, the end-of-text token where not given. */
  end?: number | undefined;
}

/**
 * Token ids of a tokenizer, with its end-of-text token as the border of strings.
 *
 * @throws RangeError when there are fewer ids than tokens, or no end-of-text token
 */
export function createBpeVocabulary(
  tokenizer: BpeTokenizer,
  { size = tokenizer.size, start, end = tokenizer.special.get(END_OF_TEXT) }: BpeVocabularyOptions =
    {},
): Vocabulary {
  if (size < tokenizer.size) {
    throw new RangeError(`Expected a size of at least ${tokenizer.size} tokens, got ${size}`);
  }
  if (end === undefined) throw new RangeError(`Expected a token ${END_OF_TEXT}, found none`);
  const decode = (ids: ArrayLike<number>) => {
    const all = Array.from(ids);
    const known = all.slice(0, all.includes(end) ? all.indexOf(end) : undefined);
    return tokenizer.decode(known.filter((id) => id < tokenizer.size));
  };
  return {
    size,
    start: start ?? end,
    end,
    characters: [...tokenizer.vocabulary.keys()],
    tokenizer,
    symbol: (id) => id === end ? "⏎" : id < tokenizer.size ? tokenizer.decode([id]) : `<${id}>`,
    encode: (text) => tokenizer.encode(text, { special: false }),
    decode,
  };
}

/** How many characters each token ends, the end of a string as one: what bits a character divide by. */
export function charactersOfTokens({ size, end, tokenizer }: Vocabulary): Uint16Array {
  const counts = new Uint16Array(size).fill(1);
  if (tokenizer) {
    for (let id = 0; id < tokenizer.size; id++) {
      if (id !== end) counts[id] = tokenizer.bytes(id).filter(beginsCharacter).length;
    }
  }
  return counts;
}

/** In UTF-8 each character has one byte that is no continuation. */
function beginsCharacter(byte: number): boolean {
  return (byte & 0xc0) !== 0x80;
}
