/** From a text to the vocabulary that its tokens are of, and what tells texts apart. */
import { createHash } from "node:crypto";
import { UsageError } from "../../errors.ts";
import { trainBpe } from "../../tokenizer/mod.ts";
import { createBpeVocabulary } from "../data/bpe_vocabulary.ts";
import { createVocabulary, type Vocabulary } from "../data/vocabulary.ts";
import type { TextOptions } from "./text_data.ts";

/** More different characters than this are no text of a language. */
const MOST_CHARACTERS = 65_535;

/** Byte pairs are learned from so many characters: more tell nothing new. */
export const MOST_TAUGHT = 1 << 22;

/** The first of the texts, in all at most {@linkcode MOST_TAUGHT} characters. */
export function taughtOf(texts: Iterable<string>): { texts: string[]; characters: number } {
  const taught: string[] = [];
  let characters = 0;
  for (const text of texts) {
    const length = charactersIn(text);
    if (characters + length > MOST_TAUGHT) break;
    taught.push(text);
    characters += length;
  }
  return { texts: taught, characters };
}

/**
 * A vocabulary of characters in the order of their code points, or of byte pairs.
 *
 * @param of `train` teaches byte pairs, `all` names the characters
 */
export function createTextVocabulary(
  { tokenizer, vocab }: Pick<TextOptions, "tokenizer" | "vocab">,
  { train, all }: { train: Iterable<string>; all: Iterable<string> },
): Vocabulary {
  if (tokenizer === "bpe") return createBpeVocabulary(trainBpe(train, { size: vocab }));
  const characters = new Set<string>();
  for (const text of all) for (const character of text) characters.add(character);
  if (characters.size > MOST_CHARACTERS) {
    throw new UsageError(
      `Expected at most ${MOST_CHARACTERS} different characters, got ${characters.size}; ` +
        "--tokenizer bpe takes any",
    );
  }
  const inOrder = [...characters].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
  return createVocabulary(inOrder);
}

/** How many characters (Unicode code points) a text has. */
export function charactersIn(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** A digest of a text that is read in pieces. */
export function createFingerprint(): { add(piece: string): void; end(): string } {
  const hash = createHash("sha256");
  return { add: (piece) => void hash.update(piece), end: () => hash.digest("hex").slice(0, 16) };
}
