/** The tasks of notebooks/08_transformer.ipynb. */
import type { Random } from "../random.ts";
import { exercise } from "./exercise.ts";

type MayLook = (queries: number, keys: number) => boolean[][];

/** A mask by a rule on the row, the column and how many keys there are before the first query. */
const maskBy =
  (rule: (row: number, column: number, first: number) => boolean): MayLook => (queries, keys) =>
    Array.from(
      { length: queries },
      (_, row) => Array.from({ length: keys }, (_, column) => rule(row, column, keys - queries)),
    );

type Norm = (x: number[], gain: number[], bias: number[]) => number[];

/** Layer norm with its parts as given. */
const normBy = (parts: {
  centre?: (x: number[]) => number;
  size?: (centred: number[]) => number;
  finish?: (value: number, gain: number, bias: number) => number;
}): Norm =>
(x, gain, bias) => {
  const { centre = mean, size = deviation, finish = (value, g, b) => value * g + b } = parts;
  const middle = centre(x);
  const centred = x.map((value) => value - middle);
  return centred.map((value, i) => finish(value / size(centred), gain[i]!, bias[i]!));
};

/** Keys and values of the positions read so far. */
interface HeadCache {
  keys: number[][];
  values: number[][];
}
type AnswerNext = (query: number[], key: number[], value: number[], cache: HeadCache) => number[];

type Attention = (q: number[][], k: number[][], v: number[][]) => number[][];

/** Attention with the scale of the scores and the mask as given. */
const attentionBy = ({ scale, seen, shares = softmax }: {
  scale: (width: number) => number;
  seen: (position: number, length: number) => number;
  shares?: (scores: number[]) => number[];
}): Attention =>
(q, k, v) =>
  q.map((query, i) => {
    const count = seen(i, k.length);
    const scores = k.slice(0, count).map((key) => dot(query, key) * scale(query.length));
    return mix(shares(scores), v.slice(0, count));
  });

const byRoot = (width: number) => 1 / Math.sqrt(width);
const causal = (position: number) => position + 1;

function mean(x: readonly number[]): number {
  return x.reduce((sum, value) => sum + value, 0) / x.length;
}

function deviation(centred: readonly number[]): number {
  return Math.sqrt(mean(centred.map((value) => value ** 2)) + 1e-5);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function softmax(scores: readonly number[]): number[] {
  const powers = scores.map(Math.exp);
  const sum = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / sum);
}

/** The mean of rows in these shares. */
function mix(shares: readonly number[], rows: readonly number[][]): number[] {
  return rows[0]!.map((_, i) => dot(shares, rows.map((row) => row[i]!)));
}

/** A step with a cache whose parts are as given. */
const stepBy = ({ keep = true, late = false, scale = byRoot }: {
  keep?: boolean;
  late?: boolean;
  scale?: (width: number) => number;
}): AnswerNext =>
(query, key, value, { keys, values }) => {
  const [allKeys, allValues] = [[...keys, key], [...values, value]];
  if (keep) keys.push(key);
  if (keep) values.push(value);
  const rows = late && allKeys.length > 1 ? allKeys.length - 1 : allKeys.length;
  const scores = allKeys.slice(0, rows).map((one) => dot(query, one) * scale(query.length));
  return mix(softmax(scores), allValues.slice(0, rows));
};

function vectors(rng: Random, rows: number, width: number): number[][] {
  return Array.from({ length: rows }, () => vector(rng, width));
}

function vector(rng: Random, width: number): number[] {
  return Array.from({ length: width }, () => Number((2 * rng.normal()).toFixed(2)));
}

/** Feeds positions one after the other; what each is answered, and what is kept in the end. */
function feed(answer: AnswerNext, positions: number[][][]): unknown {
  const cache: HeadCache = { keys: [], values: [] };
  const answers = positions.map(([query, key, value]) => answer(query!, key!, value!, cache));
  return { answers, kept: [cache.keys.length, cache.values.length] };
}

export const exercises = [
  exercise<MayLook, [number, number]>({
    name: "may-look",
    task: "the causal mask: who may look at whom, for the last few of some positions",
    inputs: (rng) => {
      const queries = 2 + rng.integer(2);
      return [queries, queries + 1 + rng.integer(2)];
    },
    describe: ([queries, keys]) => `${queries} queries and ${keys} keys`,
    reference: maskBy((row, column, first) => column <= first + row),
    hints: [
      {
        whenever: maskBy((row, column) => column <= row),
        say: "The first row is not the first position: the last query stands at the last key, so " +
          "the first one at `keys - queries`",
      },
      {
        whenever: maskBy((row, column, first) => column < first + row),
        say: "Nobody may look at itself in your mask, and the first position would have nothing " +
          "to look at: `<=` instead of `<`",
      },
      {
        whenever: maskBy((row, column, first) => column >= first + row),
        say: "Your positions look at what comes later, which is what is to be predicted: the " +
          "other way round",
      },
      {
        whenever: maskBy((row, column, first) => column > first + row),
        say: "That is what is forbidden: `true` is for where one may look",
      },
      { whenever: maskBy(() => true), say: "Everybody sees everything: where is the mask?" },
    ],
  }),
  exercise<Norm, [number[], number[], number[]]>({
    name: "layer-norm",
    task: "layer norm of one vector: mean 0, variance 1, then gain and bias",
    inputs: (rng) => [vector(rng, 4), vector(rng, 4), vector(rng, 4)],
    tolerance: 1e-7, // so that a missing ε shows
    reference: normBy({}),
    hints: [
      {
        whenever: normBy({ finish: (value) => value }),
        say: "Mean and variance are right; now stretch by `gain[i]` and shift by `bias[i]`",
      },
      {
        whenever: normBy({ centre: () => 0 }),
        say: "The mean was not subtracted: your vector has its right size but not its place",
      },
      {
        whenever: normBy({ size: (centred) => mean(centred.map((value) => value ** 2)) + 1e-5 }),
        say: "You divide by the variance: divide by its square root",
      },
      {
        whenever: normBy({
          size: (centred) =>
            Math.sqrt(
              centred.reduce((sum, value) => sum + value ** 2, 0) / (centred.length - 1) + 1e-5,
            ),
        }),
        say: "The variance is the mean of the squares: divide their sum by n, not by n − 1",
      },
      {
        whenever: normBy({
          size: (centred) => Math.sqrt(centred.reduce((sum, value) => sum + value ** 2, 0) + 1e-5),
        }),
        say: "The variance is the mean of the squares, not their sum",
      },
      {
        whenever: normBy({
          size: (centred) => Math.sqrt(mean(centred.map((value) => value ** 2))),
        }),
        say: "Very nearly: the ε of 10⁻⁵ under the root is missing, without which a vector of " +
          "equal numbers is divided by 0",
      },
      {
        whenever: normBy({ finish: (value, gain, bias) => (value + bias) * gain }),
        say: "First stretch, then shift: the gain must not multiply the bias",
      },
      {
        whenever: (x, gain, bias) => {
          const middle = mean(x);
          const size = deviation(x);
          return x.map((value, i) => (value - middle) / size * gain[i]! + bias[i]!);
        },
        say: "The variance is that of the differences from the mean: square those, not `x` itself",
      },
    ],
  }),
  exercise<AnswerNext, number[][][]>({
    name: "attention-with-cache",
    task: "keep the new key and value, then answer the query from all that are kept",
    inputs: (rng) => [vectors(rng, 3, 2), vectors(rng, 3, 2), vectors(rng, 3, 2)],
    describe: (positions) => `${positions.length} positions, fed one after the other`,
    use: feed,
    reference: stepBy({}),
    hints: [
      {
        whenever: stepBy({ keep: false }),
        say: "Nothing is left in the cache for the next position: push the key and the value",
      },
      {
        whenever: stepBy({ late: true }),
        say: "The new position does not see itself: put its key and value in before you answer",
      },
      {
        whenever: stepBy({ scale: () => 1 }),
        say: "The scores are not divided by √D, where D is how long the query is",
      },
      {
        whenever: (query, key, value, cache) => {
          cache.keys.push(key);
          cache.values.push(value);
          return softmax(cache.keys.map((one) => dot(query, one) * byRoot(query.length)));
        },
        say: "Those are the shares: the answer is the mix of the values in these shares",
      },
      {
        whenever: (query, key, value, cache) => {
          cache.keys.push(key);
          cache.values.push(value);
          const scores = cache.keys.map((one) => dot(query, one) * byRoot(query.length));
          return mix(softmax(scores), cache.keys);
        },
        say: "The keys are for finding: mix the values",
      },
    ],
  }),
  exercise<Attention, [number[][], number[][], number[][]]>({
    name: "attention-from-memory",
    task: "causal attention of all positions: rows of queries, keys and values to rows of answers",
    inputs: (rng) => [vectors(rng, 3, 2), vectors(rng, 3, 2), vectors(rng, 3, 2)],
    reference: attentionBy({ scale: byRoot, seen: causal }),
    hints: [
      {
        whenever: attentionBy({ scale: byRoot, seen: (_position, length) => length }),
        say: "The first position looks at later ones: where is the mask?",
      },
      {
        whenever: attentionBy({ scale: () => 1, seen: causal }),
        say: "The scores are not divided by √D",
      },
      {
        whenever: attentionBy({ scale: (width) => 1 / width, seen: causal }),
        say: "You divide by D: divide by its square root",
      },
      {
        whenever: attentionBy({ scale: () => 1, seen: (_position, length) => length }),
        say: "Two things are missing: the mask, and the division by √D",
      },
      {
        whenever: attentionBy({ scale: byRoot, seen: causal, shares: (scores) => scores }),
        say: "The scores are used as shares: put them through softmax first",
      },
      {
        whenever: (q, k, v) => attentionBy({ scale: byRoot, seen: causal })(k, q, v),
        say: "Rows ask and columns are asked: your keys ask and your queries are found",
      },
      {
        whenever: (q, k, v) =>
          q.map((query, i) => {
            const all = softmax(k.map((key) => dot(query, key) * byRoot(query.length)));
            return mix(all.slice(0, i + 1), v.slice(0, i + 1));
          }),
        say:
          "The shares of a row do not sum to 1: forbid later positions before softmax, not after",
      },
    ],
  }),
];
