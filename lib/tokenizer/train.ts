/**
 * Learns byte-pair merges from text: count neighbouring pairs in all words, merge the most frequent
 * everywhere, and again, until the vocabulary is full (Sennrich et al., 2016, algorithm 1).
 */
import TinyQueue from "tinyqueue";
import { type BpeTokenizer, createBpeTokenizer } from "./bpe.ts";
import { byteCharacters } from "./bytes.ts";
import { splitWords } from "./words.ts";

/** GPT-2's one special token, between documents; here its id is 0, the border of all our vocabularies. */
export const END_OF_TEXT = "<|endoftext|>";

/** What is learned from, and how much. */
export interface TrainBpeOptions {
  /** Token ids in all: 256 bytes, the merges, and the end-of-text token. */
  readonly size: number;
  /** Pairs seen less often are not merged: 2, since a pair seen once teaches nothing. */
  readonly leastCount?: number;
}

interface Word {
  tokens: number[];
  readonly count: number;
}

/**
 * Trains a tokenizer on texts. It may end with fewer ids than asked for when no pair comes twice.
 *
 * @throws RangeError when the size cannot hold the bytes and the end-of-text token
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { trainBpe } from "./train.ts";
 *
 * const tokenizer = trainBpe(["low low low lower lowest"], { size: 260 });
 * assertEquals(tokenizer.merges[0], ["l", "o"]);
 * assertEquals(tokenizer.decode(tokenizer.encode("slow!")), "slow!");
 * ```
 */
export function trainBpe(
  texts: Iterable<string>,
  { size, leastCount = 2 }: TrainBpeOptions,
): BpeTokenizer {
  const smallest = byteCharacters.length + 1;
  if (!Number.isInteger(size) || size < smallest) {
    throw new RangeError(`Expected a vocabulary of at least ${smallest} tokens, got ${size}`);
  }
  const tokens = [...byteCharacters];
  const merges: [string, string][] = [];
  const pairs = new PairCounts(countWords(texts));
  while (tokens.length + 1 < size) {
    const best = pairs.mostFrequent();
    if (!best || best.count < leastCount) break;
    const { left, right } = best;
    merges.push([tokens[left]!, tokens[right]!]);
    tokens.push(tokens[left]! + tokens[right]!);
    pairs.merge(best, tokens.length - 1);
  }
  return createBpeTokenizer({
    vocabulary: new Map(tokens.map((token, index) => [token, index + 1])),
    merges,
    special: new Map([[END_OF_TEXT, 0]]),
  });
}

function countWords(texts: Iterable<string>): Word[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of splitWords(text)) {
      for (const part of partsOf(word)) counts.set(part, (counts.get(part) ?? 0) + 1);
    }
  }
  const encoder = new TextEncoder();
  return [...counts].map(([word, count]) => ({ tokens: [...encoder.encode(word)], count }));
}

/** No word of a language is longer, and every merge goes through whole words. */
const LONGEST_WORD = 1000;

/** A longer one is counted in parts: each merge would go through all of a text without blanks. */
function partsOf(word: string): readonly string[] {
  return word.length > LONGEST_WORD ? word.match(/[^]{1,64}/gu)! : [word];
}

interface Pair {
  readonly left: number;
  readonly right: number;
  /** Occurrences, each word counted as often as it came. */
  count: number;
  /** Words that hold, or once held, the pair. */
  readonly words: Set<Word>;
}

/** Counts of all neighbouring pairs, kept up to date merge by merge. */
class PairCounts {
  readonly #pairs = new Map<number, Pair>();
  // Entries hold the count of when they were queued: stale ones are dropped when they come up.
  readonly #queue = new TinyQueue<{ pair: Pair; count: number }>(
    [],
    (a, b) => b.count - a.count || a.pair.left - b.pair.left || a.pair.right - b.pair.right,
  );

  constructor(words: readonly Word[]) {
    for (const word of words) {
      const { tokens } = word;
      for (let i = 1; i < tokens.length; i++) this.#add(word, tokens[i - 1]!, tokens[i]!);
    }
    for (const pair of this.#pairs.values()) this.#queue.push({ pair, count: pair.count });
  }

  /** The pair that comes most often, the one with lower ids where two do. */
  mostFrequent(): Pair | undefined {
    for (let entry = this.#queue.pop(); entry; entry = this.#queue.pop()) {
      if (entry.count === entry.pair.count && entry.count > 0) return entry.pair;
    }
    return undefined;
  }

  /** Writes `id` for the pair in all words. */
  merge({ left, right, words }: Pair, id: number): void {
    const touched = new Set<Pair>();
    for (const word of words) this.#mergeIn(word, { left, right, id, touched });
    for (const pair of touched) this.#queue.push({ pair, count: pair.count });
  }

  /** Counts only what changes: a pair beside which nothing is merged stays as it is. */
  #mergeIn(
    word: Word,
    { left, right, id, touched }: { left: number; right: number; id: number; touched: Set<Pair> },
  ): void {
    const { tokens } = word;
    const merged: number[] = [];
    let [before, isNew] = [false, false]; // whether the last token and this one are merged ones
    for (let i = 0; i < tokens.length; i += isNew ? 2 : 1, before = isNew) {
      isNew = tokens[i] === left && tokens[i + 1] === right;
      const token = isNew ? id : tokens[i]!;
      if (isNew) touched.add(this.#remove(word, left, right));
      if (i > 0 && (isNew || before)) {
        touched.add(this.#remove(word, tokens[i - 1]!, tokens[i]!));
        touched.add(this.#add(word, merged.at(-1)!, token));
      }
      merged.push(token);
    }
    word.tokens = merged;
  }

  #add(word: Word, left: number, right: number): Pair {
    const pair = this.#find(left, right);
    pair.count += word.count;
    pair.words.add(word);
    return pair;
  }

  #remove(word: Word, left: number, right: number): Pair {
    const pair = this.#find(left, right);
    pair.count -= word.count;
    return pair;
  }

  #find(left: number, right: number): Pair {
    const key = left * 2 ** 24 + right;
    let pair = this.#pairs.get(key);
    if (!pair) this.#pairs.set(key, pair = { left, right, count: 0, words: new Set() });
    return pair;
  }
}
