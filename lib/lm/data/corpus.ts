/** The strings that models learn from, and those that they are judged on. */
import type { Grammar } from "../../grammar/mod.ts";
import { createRandom } from "../../random.ts";
import { createVocabulary, type Vocabulary } from "./vocabulary.ts";

/** Strings and their token ids, without start and end. */
export interface Texts {
  /** The strings themselves. */
  readonly strings: readonly string[];
  /** Their token ids. */
  readonly encoded: readonly Int32Array[];
  /** How many tokens there are to predict: all characters, and one end a string. */
  readonly tokens: number;
}

/** What is learned from (`train`) and what is kept aside (`valid`). */
export interface Corpus {
  /** What the token ids stand for. */
  readonly vocabulary: Vocabulary;
  /** What is learned from. */
  readonly train: Texts;
  /** What is kept aside. */
  readonly valid: Texts;
}

/** How many strings of a grammar there are to be. */
export interface CorpusOptions {
  /** Training strings. */
  readonly train: number;
  /** Validation strings. */
  readonly valid: number;
  /** Decides which. */
  readonly seed: number;
}

/**
 * Strings drawn from a grammar. Training and validation strings come from streams of their own, so
 * more of the one do not change the other. Both are drawn alike, and a short string may be in both:
 * leaving those out would make the validation strings another language than the grammar's.
 */
export function createGrammarCorpus(
  grammar: Grammar,
  { train, valid, seed }: CorpusOptions,
): Corpus {
  const vocabulary = createVocabulary(grammar.alphabet);
  const draw = (count: number, purpose: string) => {
    const rng = createRandom(seed, "corpus", purpose);
    return encodeTexts(Array.from({ length: count }, () => grammar.sample(rng)), vocabulary);
  };
  return { vocabulary, train: draw(train, "train"), valid: draw(valid, "valid") };
}

/** Strings with their token ids; throws on a character that the vocabulary lacks. */
export function encodeTexts(strings: readonly string[], vocabulary: Vocabulary): Texts {
  const encoded = strings.map((text) => vocabulary.encode(text));
  const tokens = encoded.reduce((sum, { length }) => sum + length + 1, 0);
  return { strings, encoded, tokens };
}
