/** Tasks of the ninth notebook: pairs, merges, encoding by rank, bits a character, all of it. */
import { largestOf } from "../extremes.ts";
import type { Random } from "../random.ts";
import { exercise } from "./exercise.ts";

interface Word {
  tokens: string[];
  count: number;
}
type Merge = [left: string, right: string];

/** A word of few different letters, so that pairs come again. */
const letters = (rng: Random, length: number) =>
  Array.from({ length }, () => rng.choice(["a", "a", "b", "c"]));

type CountPairs = (words: Word[]) => Map<string, number>;

/** Pairs counted, each word with a weight. */
const pairsCounted = (weight: (word: Word) => number, from = 1): CountPairs => (words) => {
  const counts = new Map<string, number>();
  for (const word of words) {
    for (let i = from; i < word.tokens.length; i++) {
      const pair = `${word.tokens[i - 1]} ${word.tokens[i]}`;
      counts.set(pair, (counts.get(pair) ?? 0) + weight(word));
    }
  }
  return counts;
};

/** How often each pair `left right` stands in words that came several times: the first task's solution. */
export const countPairs: CountPairs = pairsCounted(({ count }) => count);

type MergePair = (tokens: string[], left: string, right: string) => string[];

/** Makes one token of two neighbours, wherever they stand: the second task's solution. */
export const mergePair: MergePair = (tokens, left, right) => {
  const merged: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const found = tokens[i] === left && tokens[i + 1] === right;
    merged.push(found ? left + right : tokens[i]!);
    if (found) i++;
  }
  return merged;
};

/** Whether a pair stands somewhere in a list. */
const holds = (tokens: string[], [left, right]: Merge) =>
  tokens.some((token, i) => token === left && tokens[i + 1] === right);

type EncodeWord = (word: string[], ranks: Map<string, number>) => string[];

/** Merges while one of the known pairs is chosen. */
const encodeWith =
  (choose: (known: Merge[], rankOf: (pair: Merge) => number) => Merge): EncodeWord =>
  (word, ranks) => {
    let tokens = word;
    const rankOf = (pair: Merge) => ranks.get(pair.join(" ")) ?? Infinity;
    while (true) {
      const pairs = tokens.slice(1).map((right, i): Merge => [tokens[i]!, right]);
      const known = pairs.filter((pair) => rankOf(pair) < Infinity);
      if (known.length === 0) return tokens;
      tokens = mergePair(tokens, ...choose(known, rankOf));
    }
  };

const lowest = (known: Merge[], rankOf: (pair: Merge) => number) =>
  known.reduce((best, pair) => rankOf(pair) < rankOf(best) ? pair : best);

/** The tokens of a word by the ranks of the merges: the third task's solution. */
export const encodeWord: EncodeWord = encodeWith(lowest);

type Bits = (nats: number[], text: string) => number;

const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);

interface Tokenizer {
  train(words: string[][], wanted: number): Merge[];
  encode(word: string[], merges: Merge[]): string[];
}

/** Training in which a merge is, or is not, done before pairs are counted again. */
const trainWith = (
  { least = 1, later = false, recount = true } = {},
): Tokenizer["train"] =>
(words, wanted) => {
  const merges: Merge[] = [];
  while (merges.length < wanted) {
    const counted = pairsCounted(() => 1)(words.map((tokens) => ({ tokens, count: 1 })));
    for (const merge of recount ? [] : merges) counted.delete(merge.join(" "));
    const most = Math.max(0, largestOf(counted.values()));
    if (most < least) break;
    const candidates = [...counted].filter(([, count]) => count === most).map(([pair]) => pair);
    const merge = (later ? candidates.at(-1)! : candidates[0]!).split(" ") as Merge;
    merges.push(merge);
    if (recount) words = words.map((word) => mergePair(word, ...merge));
  }
  return merges;
};

const encode: Tokenizer["encode"] = (word, merges) => {
  let tokens = word;
  while (true) {
    const next = merges.find((merge) => holds(tokens, merge));
    if (next === undefined) return tokens;
    tokens = mergePair(tokens, ...next);
  }
};

/** The tasks in the order of the notebook. */
export const exercises = [
  exercise<CountPairs, [Word[]]>({
    name: "count-pairs",
    task: "how often each two tokens stand side by side, in words that came several times",
    inputs: (rng) => [[2, 3].map((count) => ({ tokens: letters(rng, 5), count }))],
    use: (mine, [words]) => [...mine(words)].sort(([a], [b]) => a < b ? -1 : 1),
    reference: countPairs,
    hints: [
      {
        whenever: pairsCounted(() => 1),
        say: "A word that came three times brings each of its pairs three times: add `count`",
      },
      {
        whenever: pairsCounted(({ count }) => count, 2),
        say: "The first pair of each word is missing",
      },
      {
        whenever: (words) => {
          const counts = new Map<string, number>();
          for (const { tokens, count } of words) {
            tokens.slice(1).forEach((right, i) => counts.set(`${tokens[i]} ${right}`, count));
          }
          return counts;
        },
        say: "A pair that comes twice keeps only its last count: add to what is there",
      },
    ],
  }),
  exercise<MergePair, [string[], string, string]>({
    name: "merge-pair",
    task: "make one token of two neighbours, wherever they stand",
    inputs: (rng) => [[...letters(rng, 6), "a", "a", "a", "b"], "a", rng.choice(["a", "b"])],
    reference: mergePair,
    hints: [
      {
        whenever: (tokens, left, right) => {
          const at = tokens.findIndex((token, i) => token === left && tokens[i + 1] === right);
          return at < 0 ? tokens : tokens.toSpliced(at, 2, left + right);
        },
        say: "Only the first place is merged: go on to the end",
      },
      {
        whenever: (tokens, left, right) =>
          tokens.map((token, i) =>
            token === left && tokens[i + 1] === right ? left + right : token
          ),
        say: "The right one is still there behind its merge: skip it",
      },
      {
        whenever: (tokens, left, right) => {
          const merged: string[] = [];
          for (const token of tokens) {
            if (token === right && merged.at(-1)?.endsWith(left)) {
              merged.push(merged.pop()! + token);
            } else merged.push(token);
          }
          return merged;
        },
        say: "A merged token merges again: `a a a` must become `aa a`, not `aaa`",
      },
    ],
  }),
  exercise<EncodeWord, [string[], Map<string, number>]>({
    name: "encode-by-rank",
    task: "merge a word's neighbours, the pair that was learned first each time",
    inputs: (rng) => {
      const merges = rng.shuffle(["b c", "a b", "a a", "c a"]);
      const longer = ["a bc", "ab c", "aa b", "ca b"];
      return [
        [...letters(rng, 4), "a", "b", "c", "a", "b"],
        new Map([...merges, ...longer].map((pair, rank) => [pair, rank])),
      ];
    },
    describe: ([word, ranks]) => `${word.join(" ")}, merges ${[...ranks.keys()].join(", ")}`,
    trials: 8,
    reference: encodeWord,
    hints: [
      {
        whenever: encodeWith((known) => known[0]!),
        say: "You merge what comes first in the word; take what comes first in the list",
      },
      {
        whenever: encodeWith((known, rankOf) =>
          known.reduce((best, pair) => rankOf(pair) > rankOf(best) ? pair : best)
        ),
        say: "You take the merge that was learned last; a low rank was learned first",
      },
      {
        whenever: (word, ranks) => {
          const pairs = word.slice(1).map((right, i): Merge => [word[i]!, right]);
          const rankOf = (pair: Merge) => ranks.get(pair.join(" ")) ?? Infinity;
          const best = lowest(pairs, rankOf);
          return rankOf(best) < Infinity ? mergePair(word, ...best) : word;
        },
        say: "One merge is done; go on until no neighbours are a known pair",
      },
      { whenever: (word) => word, say: "Nothing is merged" },
      { whenever: "slow", say: "It never ends: stop when no neighbours are a known pair" },
    ],
  }),
  exercise<Bits, [number[], string]>({
    name: "bits-per-character",
    task: "the surprise of a text in bits, for each of its characters",
    inputs: (rng) => [
      Array.from({ length: 4 }, () => -Math.log(rng.uniform())),
      `${letters(rng, 5).join("")}🐳 ${letters(rng, 2).join("")}`,
    ],
    reference: (nats, text) => total(nats) / Math.LN2 / [...text].length,
    hints: [
      {
        whenever: (nats, text) => total(nats) / Math.LN2 / text.length,
        say: "The whale is one character, though `length` counts two: spread the text, `[...text]`",
      },
      {
        whenever: (nats, text) => total(nats) / [...text].length,
        say: "That is in nats: a bit is ln 2 of them",
      },
      {
        whenever: (nats, text) => total(nats) * Math.LN2 / [...text].length,
        say: "Divide by ln 2: there are more bits than nats, since a bit is smaller",
      },
      {
        whenever: (nats) => total(nats) / Math.LN2 / nats.length,
        say: "That is bits a token: divide by the number of characters",
      },
      {
        whenever: (nats, text) => total(nats) / nats.length / Math.LN2 / [...text].length,
        say: "It is divided twice: the sum over all tokens is the surprise of the whole text",
      },
    ],
  }),
  exercise<Tokenizer, { words: string[][]; wanted: number; word: string[] }>({
    name: "tokenizer-from-memory",
    task: "a tokenizer `{ train, encode }` on lists of strings",
    inputs: (rng) => ({
      words: Array.from({ length: 4 }, () => letters(rng, 6)),
      wanted: 5,
      word: letters(rng, 8),
    }),
    use: (mine, { words, wanted, word }) => {
      const merges = mine.train(words.map((one) => [...one]), wanted);
      return { merges, encoded: mine.encode(word, merges) };
    },
    reference: { train: trainWith(), encode },
    hints: [
      {
        whenever: { train: trainWith({ recount: false }), encode },
        say: "The merges are not carried out while training: after each, merge it in all words",
      },
      {
        whenever: { train: trainWith({ later: true }), encode },
        say: "Of equally frequent pairs take the one that was met first",
      },
      {
        whenever: { train: trainWith(), encode: (word) => word },
        say: "Training is right, encoding merges nothing",
      },
    ],
  }),
];
