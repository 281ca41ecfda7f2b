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

/** What is learned from, and what is kept aside: to choose the weights, and to judge them. */
export interface Corpus {
  /** What the token ids stand for. */
  readonly vocabulary: Vocabulary;
  /** What is learned from. */
  readonly train: Texts;
  /** What chooses the weights. */
  readonly valid: Texts;
  /** What judges: seen by no model, neither in training nor when its weights were chosen. */
  readonly test: Texts;
}

/** How many strings of a grammar there are to be. */
export interface CorpusOptions {
  /** Training strings. */
  readonly train: number;
  /** Validation strings. */
  readonly valid: number;
  /** Test strings; as many as validation strings where not given. */
  readonly test?: number;
  /** Decides which. */
  readonly seed: number;
}

/**
 * Strings drawn from a grammar. Training, validation and test strings come from streams of their own,
 * so more of the one do not change the others. All are drawn alike, and a short string may be in two of
 * them: leaving those out would make the test strings another language than the grammar's.
 */
export function createGrammarCorpus(
  grammar: Grammar,
  { train, valid, test = valid, seed }: CorpusOptions,
): Corpus {
  const vocabulary = createVocabulary(grammar.alphabet);
  const draw = (count: number, purpose: string) => {
    const rng = createRandom(seed, "corpus", purpose);
    return encodeTexts(Array.from({ length: count }, () => grammar.sample(rng)), vocabulary);
  };
  return {
    vocabulary,
    train: draw(train, "train"),
    valid: draw(valid, "valid"),
    test: draw(test, "test"),
  };
}

/** Strings with their token ids; throws on a character that the vocabulary lacks. */
export function encodeTexts(strings: readonly string[], vocabulary: Vocabulary): Texts {
  const encoded = strings.map((text) => vocabulary.encode(text));
  const tokens = encoded.reduce((sum, { length }) => sum + length + 1, 0);
  return { strings, encoded, tokens };
}
