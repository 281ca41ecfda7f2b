/**
 * How often each run of n tokens occurs: a dense table while that is small, a hash table beyond.
 *
 * A string is counted with n−1 start tokens before it and the end token after it.
 */
import type { Vocabulary } from "../data/vocabulary.ts";

/** Counts of n-grams. */
export interface NgramCounts {
  /** The length of what is counted, n. */
  readonly order: number;
  /** How many different n-grams were seen. */
  distinct(): number;
  /** Counts the n-grams of one string, given without start and end. */
  add(tokens: Int32Array): void;
  /** Writes how often each token came after the context (n−1 tokens) into `row`; returns their sum. */
  successors(context: ArrayLike<number>, row: Float64Array): number;
  /** Visits every n-gram that was seen, with its count; the n-gram is only lent. */
  forEach(visit: (gram: Int32Array<ArrayBuffer>, count: number) => void): void;
  /** Counts one n-gram that was seen so many times. */
  addGram(gram: ArrayLike<number>, times: number): void;
}

/** A dense table has at most so many entries: 16 MiB. */
const LARGEST_TABLE = 2 ** 22;

/** An empty table of counts for n = `order`. */
export function createNgramCounts(
  { order, vocabulary, dense = vocabulary.size ** order <= LARGEST_TABLE }: {
    order: number;
    vocabulary: Tokens;
    dense?: boolean;
  },
): NgramCounts {
  return dense ? createDenseCounts(order, vocabulary) : createSparseCounts(order, vocabulary);
}

/** How many tokens there are, and which stand before and after a string. */
type Tokens = Pick<Vocabulary, "size" | "start" | "end">;

/** One number for every possible n-gram, at the place that its tokens give as digits in base V. */
function createDenseCounts(
  order: number,
  { size: vocabularySize, start, end }: Tokens,
): NgramCounts {
  const contexts = vocabularySize ** (order - 1);
  const counts = new Uint32Array(contexts * vocabularySize);
  return {
    order,
    distinct: () => counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0),
    forEach: (visit) => {
      const gram = new Int32Array(order);
      counts.forEach((count, place) => {
        if (count === 0) return;
        for (let i = order - 1, rest = place; i >= 0; i--) {
          gram[i] = rest % vocabularySize;
          rest = Math.floor(rest / vocabularySize);
        }
        visit(gram, count);
      });
    },
    addGram: (gram, times) => {
      let place = 0;
      for (let i = 0; i < order; i++) place = place * vocabularySize + gram[i]!;
      counts[place]! += times;
    },
    add: (tokens) => {
      let place = 0; // of the n-gram that ends at the last token
      for (let i = 1; i < order; i++) place = place * vocabularySize + start;
      for (let i = 0; i <= tokens.length; i++) {
        const token = i < tokens.length ? tokens[i]! : end;
        place = (place % contexts) * vocabularySize + token;
        counts[place]!++;
      }
    },
    successors: (context, row) => {
      let place = 0;
      for (let i = 0; i < order - 1; i++) place = place * vocabularySize + context[i]!;
      let sum = 0;
      for (let token = 0; token < vocabularySize; token++) {
        sum += row[token] = counts[place * vocabularySize + token]!;
      }
      return sum;
    },
  };
}

/** Open addressing with linear probing: room for twice the n-grams seen, n + 1 numbers each. */
function createSparseCounts(
  order: number,
  { size: vocabularySize, start: startToken, end }: Tokens,
): NgramCounts {
  let capacity = 1024;
  let grams = new Int32Array(capacity * order);
  let counts = new Uint32Array(capacity); // 0 where a slot is empty
  let distinct = 0;

  /** The slot of the n-gram at `from[start …]` whose last token is `token`, or the empty one for it. */
  function find(from: ArrayLike<number>, { start, token }: { start: number; token: number }) {
    let hash = 0;
    for (let i = 0; i < order - 1; i++) hash = mix(hash, from[start + i]!);
    let slot = mix(hash, token) & (capacity - 1);
    while (counts[slot] !== 0 && !holds(slot, { from, start, token })) {
      slot = (slot + 1) & (capacity - 1);
    }
    return slot;
  }

  function holds(
    slot: number,
    { from, start, token }: { from: ArrayLike<number>; start: number; token: number },
  ): boolean {
    const first = slot * order;
    for (let i = 0; i < order - 1; i++) if (grams[first + i] !== from[start + i]) return false;
    return grams[first + order - 1] === token;
  }

  function count(from: ArrayLike<number>, { start, times }: { start: number; times: number }) {
    const slot = find(from, { start, token: from[start + order - 1]! });
    if (counts[slot] === 0) {
      for (let i = 0; i < order; i++) grams[slot * order + i] = from[start + i]!;
      distinct++;
    }
    counts[slot]! += times;
  }

  function grow() {
    const old = { grams, counts };
    capacity *= 2;
    grams = new Int32Array(capacity * order);
    counts = new Uint32Array(capacity);
    distinct = 0;
    old.counts.forEach((times, slot) => {
      if (times > 0) count(old.grams, { start: slot * order, times });
    });
  }

  return {
    order,
    distinct: () => distinct,
    forEach: (visit) =>
      counts.forEach((count, slot) => {
        if (count > 0) visit(grams.subarray(slot * order, (slot + 1) * order), count);
      }),
    addGram: (gram, times) => {
      count(gram, { start: 0, times });
      if (distinct * 2 > capacity) grow();
    },
    add: (tokens) => {
      const text = new Int32Array(order + tokens.length).fill(startToken);
      text.set(tokens, order - 1);
      text[text.length - 1] = end;
      for (let start = 0; start <= tokens.length; start++) {
        count(text, { start, times: 1 });
        if (distinct * 2 > capacity) grow();
      }
    },
    successors: (context, row) => {
      let sum = 0;
      for (let token = 0; token < vocabularySize; token++) {
        sum += row[token] = counts[find(context, { start: 0, token })]!;
      }
      return sum;
    },
  };
}

/** One round of MurmurHash3 (Appleby, 2011), so that near n-grams land far apart. */
function mix(hash: number, token: number): number {
  const mixed = Math.imul(token + 1, 0xcc9e2d51);
  const rotated = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593) ^ hash;
  return (Math.imul((rotated << 13) | (rotated >>> 19), 5) + 0xe6546b64) | 0;
}
