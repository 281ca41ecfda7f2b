/** What models learn from a text, however it was read: as lines, or as one stream of tokens. */
import type { Random } from "../../random.ts";
import type { TokenBatch } from "../model.ts";
import type { BatchSource } from "../training/train.ts";
import type { Vocabulary } from "./vocabulary.ts";

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
  /** Steps and passes of a training. */
  readonly epochs: number;
  /** What is learned: strings, or batches drawn from a stream. */
  readonly training: {
    readonly train: readonly Int32Array[];
    readonly valid: readonly Int32Array[];
    readonly source?: BatchSource;
  };
  /** Batches to measure the loss on, of unseen or of training text. */
  batches(part: "train" | "valid"): TokenBatch[];
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
  /** Lines that were left out, for they were too long or too many. */
  readonly leftOut: number;
  /** What a token is. */
  readonly tokenizer: "characters" | "bpe";
  /** How many tokens there are. */
  readonly vocabulary: number;
}

/** What drawing batches depends on. */
export interface DrawOptions {
  batchSize: number;
  rng: Random;
}
