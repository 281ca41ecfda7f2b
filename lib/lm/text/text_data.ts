/** What models learn from a text, however it was read: as lines, or as one stream of tokens. */
import type { BatchSource } from "../data/batches.ts";
import type { Vocabulary } from "../data/vocabulary.ts";
import type { TokenBatch } from "../language_model.ts";

/** How a text is read, named as on the command line. */
export interface TextOptions {
  /** The file. */
  readonly text: string;
  /** Reads it as one continuous text, in windows of so many tokens, instead of line by line. */
  readonly context?: number | undefined;
  /** What a token is: a character, or a run of bytes that often come together. */
  readonly tokenizer: "characters" | "bpe";
  /** How many byte-pair tokens, if they are that. */
  readonly vocab: number;
  /** Most training lines; of a longer file so many are drawn. */
  readonly train: number;
  /** Most validation lines and as many test lines, or windows of a continuous text. */
  readonly valid: number;
  /** Passes through the training lines. */
  readonly epochs: number;
  /** Training steps on a continuous text. */
  readonly steps: number;
  /** Windows in such a step. */
  readonly batch: number;
  /** Decides which lines are learned. */
  readonly seed: number;
  /** Where the tokens of a continuous text are kept while models learn. */
  readonly tokenFile: string;
}

/** What is learned, what chooses the weights, and what judges them. */
export type TextPart = "train" | "valid" | "test";

/** A text, ready to be learned. */
export interface TextData {
  /** Its tokens. */
  readonly vocabulary: Vocabulary;
  /** What the report says of it. */
  readonly description: TextDescription;
  /** Most tokens that a Transformer is to see at once. */
  readonly contextLength: number;
  /** Tells this text from another, for runs that go on. */
  readonly fingerprint: string;
  /** Passes of a training, or parts of one. */
  readonly epochs: number;
  /** Tokens in each of them. */
  readonly tokensAnEpoch: number;
  /** What is learned: lines, or windows drawn from a stream. */
  readonly source: BatchSource;
  /** Batches to measure the loss on, of unseen or of training text. */
  batches(part: TextPart): TokenBatch[];
  /** The training text token by token, without borders. */
  trainStrings(): Iterable<Int32Array>;
  /** The pieces of what a model wrote whose novelty counts. */
  piecesOf(text: string): string[];
  /** Those of the pieces that stand in the training text. */
  known(pieces: ReadonlySet<string>): Promise<Set<string>>;
  /** Most tokens of a text that a model writes. */
  readonly longestSample: number;
  /** Closes files. */
  dispose(): void;
}

/** What a text is, in numbers. */
export interface TextDescription {
  /** The file's name. */
  readonly file: string;
  /** Whether each line is a document of its own, or all is one. */
  readonly kind: "lines" | "continuous";
  /** Characters in it (Unicode code points), line ends included. */
  readonly characters: number;
  /** Tokens to learn. */
  readonly tokens: number;
  /** Training lines, or tokens of the training part. */
  readonly train: number;
  /** Validation lines, or tokens of the validation part. */
  readonly valid: number;
  /** Test lines, or tokens of the test part. */
  readonly test: number;
  /** Lines that were left out, for they were too long or too many. */
  readonly leftOut: number;
  /** What a token is. */
  readonly tokenizer: "characters" | "bpe";
  /** Characters of the training part that byte pairs were learned from. */
  readonly taught?: number;
  /** How many tokens there are. */
  readonly vocabulary: number;
}
