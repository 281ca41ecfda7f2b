/** Tasks of the fifth notebook: windows, cross-entropy, batches, divergence, the forward pass. */
import { largestOf } from "../extremes.ts";
import type { Random } from "../random.ts";
import { exercise } from "./exercise.ts";

type Lesson = { window: number[]; next: number };
type Windows = (ids: number[], k: number) => Lesson[];

const windowsIn = (frame: (ids: number[], k: number) => number[]): Windows => (ids, k) => {
  const framed = frame(ids, k);
  return framed.slice(k).map((next, i) => ({ window: framed.slice(i, i + k), next }));
};

const zeros = (count: number) => Array<number>(count).fill(0);

type CrossEntropy = (logits: number[][], next: number[]) => number;

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function softmax(row: number[]): number[] {
  const largest = largestOf(row);
  const weights = row.map((logit) => Math.exp(logit - largest));
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return weights.map((weight) => weight / sum);
}

function logSoftmax(row: number[]): number[] {
  const largest = largestOf(row);
  const logSum = Math.log(row.reduce((all, logit) => all + Math.exp(logit - largest), 0));
  return row.map((logit) => logit - largest - logSum);
}

type Divergence = (p: number[], q: number[]) => number;

const divergence: Divergence = (p, q) =>
  p.reduce((sum, share, i) => share === 0 ? sum : sum + share * Math.log(share / q[i]!), 0);

type Matrix = number[][];
type Weights = { C: Matrix; W1: Matrix; b1: number[]; W2: Matrix; b2: number[] };
type Forward = (weights: Weights, window: number[]) => number[];

function affine(x: number[], matrix: Matrix, bias: number[]): number[] {
  return bias.map((b, column) => x.reduce((sum, value, i) => sum + value * matrix[i]![column]!, b));
}

/** The forward pass with its parts as given, to make wrong ones. */
const forward = (
  { bend = Math.tanh, read = (window) => window, first = (b) => b, last = (b) => b, end = softmax }:
    {
      bend?: (x: number) => number;
      read?: (window: number[]) => number[];
      first?: (bias: number[]) => number[];
      last?: (bias: number[]) => number[];
      end?: (logits: number[]) => number[];
    },
): Forward =>
({ C, W1, b1, W2, b2 }, window) => {
  const x = read(window).flatMap((id) => C[id]!);
  return end(affine(affine(x, W1, first(b1)).map(bend), W2, last(b2)));
};

const without = (bias: number[]) => zeros(bias.length);

function normals(rng: Random, count: number): number[] {
  return Array.from({ length: count }, rng.normal);
}

const matrix = (rng: Random, rows: number, columns: number): Matrix =>
  Array.from({ length: rows }, () => normals(rng, columns));

export const exercises = [
  exercise<Windows, [number[], number]>({
    name: "windows",
    task: "all lessons of a string: the k ids before each token, and the token",
    inputs: (rng) => [
      Array.from({ length: 3 + rng.integer(3) }, () => 1 + rng.integer(9)),
      1 + rng.integer(3),
    ],
    describe: ([ids, k]) => `ids [${ids.join(", ")}], k = ${k}`,
    reference: windowsIn((ids, k) => [...zeros(k), ...ids, 0]),
    hints: [
      {
        whenever: windowsIn((ids) => [...ids, 0]),
        say: "The first lessons are missing: before the string the window is filled with 0",
      },
      {
        whenever: windowsIn((ids, k) => [...zeros(k), ...ids]),
        say: "The last lesson is missing: after the last character comes ⏎, the id 0",
      },
      {
        whenever: windowsIn((ids) => ids),
        say: "Both ends are missing: k zeros before the string, one after it",
      },
      {
        whenever: (ids, k) =>
          windowsIn((ids, k) => [...zeros(k), ...ids, 0])(ids, k)
            .map(({ window, next }) => ({ window: window.toReversed(), next })),
        say: "Each window is the wrong way round: the token nearest to the predicted one is last",
      },
      {
        whenever: (ids, k) =>
          windowsIn((ids, k) => [...zeros(k), ...ids, 0])(ids, k)
            .map(({ window, next }) => ({ window: [...window.slice(1), next], next })),
        say: "The window holds the token that is to be predicted: it must end just before it",
      },
    ],
  }),
  exercise<CrossEntropy, [number[][], number[]]>({
    name: "mean-cross-entropy",
    task: "the mean of −ln softmax(logits)[next] over the rows, for logits of any size",
    inputs: (rng) => {
      const scale = rng.choice([
        (x: number) => x,
        (x: number) => 1000 + x, // overflows
        (x: number) => -1000 * Math.abs(x), // underflows
      ]);
      const rows = Array.from({ length: 3 }, () => normals(rng, 4).map(scale));
      return [rows, rows.map(() => rng.integer(4))];
    },
    trials: 12,
    reference: (rows, next) => mean(rows.map((row, i) => -logSoftmax(row)[next[i]!]!)),
    hints: [
      {
        whenever: (rows, next) =>
          mean(
            rows.map((row, i) =>
              Math.log(row.reduce((all, logit) => all + Math.exp(logit), 0)) - row[next[i]!]!
            ),
          ),
        say: "Right for small logits; for large ones the sum of the powers overflows: take the " +
          "largest of a row off all of them first",
      },
      {
        whenever: (rows, next) => mean(rows.map((row, i) => -Math.log(softmax(row)[next[i]!]!))),
        say: "Nearly: a share may be so small that it becomes 0, and its logarithm −∞. Take the " +
          "logarithm apart: logit minus largest, minus the logarithm of the sum",
      },
      {
        whenever: (rows, next) =>
          mean(rows.map((row, i) => {
            const sum = row.reduce((all, logit) => all + Math.exp(logit), 0);
            return -Math.log(Math.exp(row[next[i]!]!) / sum);
          })),
        say:
          "Right for small logits; for large ones e to their power overflows: take the largest " +
          "of a row off all of them first",
      },
      {
        whenever: (rows, next) => mean(rows.map((row, i) => logSoftmax(row)[next[i]!]!)),
        say: "The mean of ln p is negative: the surprise is −ln p",
      },
      {
        whenever: (rows, next) => rows.reduce((sum, row, i) => sum - logSoftmax(row)[next[i]!]!, 0),
        say: "That is the sum over the rows: divide by how many there are",
      },
      {
        whenever: (rows) => mean(rows.map((row) => -mean(logSoftmax(row)))),
        say: "You average over all tokens: only the one that came counts, at `next`",
      },
      {
        whenever: (rows, next) => mean(rows.map((row, i) => softmax(row)[next[i]!]!)),
        say: "Those are the shares of what came: the surprise is −ln of them",
      },
    ],
  }),
  exercise<(order: number[], size: number) => number[][], [number[], number]>({
    name: "mini-batches",
    task: "the batches of one epoch, the last with what is left",
    inputs: (rng) => [
      rng.shuffle(Array.from({ length: 7 + rng.integer(4) }, (_, i) => i)),
      3 + rng.integer(2),
    ],
    trials: 8,
    reference: (order, size) =>
      Array.from(
        { length: Math.ceil(order.length / size) },
        (_, batch) => order.slice(batch * size, (batch + 1) * size),
      ),
    hints: [
      {
        whenever: (order, size) =>
          Array.from(
            { length: Math.floor(order.length / size) },
            (_, batch) => order.slice(batch * size, (batch + 1) * size),
          ),
        say: "What is left at the end is thrown away: the last batch may be smaller",
      },
      {
        whenever: (order, size) =>
          Array.from(
            { length: Math.ceil(order.length / size) },
            (_, batch) => order.slice(batch, batch + size),
          ),
        say: "The batches overlap: each starts `size` after the one before, not one after it",
      },
      {
        whenever: (order, size) =>
          Array.from(
            { length: size },
            (_, batch) => order.filter((_, i) => i % size === batch),
          ),
        say: "You have made `size` batches: `size` is how many lessons are in one",
      },
      {
        whenever: (order, size) => {
          const sorted = order.toSorted((a, b) => a - b);
          return Array.from(
            { length: Math.ceil(order.length / size) },
            (_, batch) => sorted.slice(batch * size, (batch + 1) * size),
          );
        },
        say: "Take the lessons in the order that you are given: it was shuffled on purpose",
      },
      {
        whenever: (order, size) =>
          Array.from(
            { length: Math.floor(order.length / size) + 1 },
            (_, batch) => order.slice(batch * size, (batch + 1) * size),
          ),
        say: "When it comes out even there is an empty batch at the end",
      },
    ],
  }),
  exercise<Divergence, [number[], number[]]>({
    name: "kl-divergence",
    task: "Σ pᵢ ln(pᵢ / qᵢ), where terms with pᵢ = 0 count nothing",
    inputs: (rng) => {
      const [, ...some] = softmax([0, ...normals(rng, 3)]);
      const rest = some.reduce((sum, share) => sum + share, 0);
      return [[0, ...some.map((share) => share / rest)], softmax(normals(rng, 4))];
    },
    describe: ([p, q]) =>
      `p = ${p.map((x) => x.toFixed(3)).join(", ")}; q = ${q.map((x) => x.toFixed(3)).join(", ")}`,
    reference: divergence,
    hints: [
      {
        whenever: (p, q) => p.reduce((sum, share, i) => sum + share * Math.log(share / q[i]!), 0),
        say: "0 · ln 0 is NaN to a computer: leave out the terms with p = 0",
      },
      {
        whenever: (p, q) => divergence(q, p),
        say: "The two are exchanged: the weights in front are the true shares p",
      },
      {
        whenever: (p, q) => -p.reduce((sum, share, i) => sum + share * Math.log(q[i]!), 0),
        say: "That is the cross-entropy, what the believer pays: take off what the knower pays",
      },
      {
        whenever: (p) =>
          -p.reduce((sum, share) => share === 0 ? sum : sum + share * Math.log(share), 0),
        say: "That is the entropy of p alone: q must come in",
      },
      {
        whenever: (p, q) =>
          p.reduce((sum, share, i) => share === 0 ? sum : sum + Math.log(share / q[i]!), 0),
        say: "Each logarithm must be weighted with how often it is met, pᵢ",
      },
    ],
  }),
  exercise<Forward, { weights: Weights; window: number[] }>({
    name: "mlp-from-memory",
    task: "({ C, W1, b1, W2, b2 }, window) => shares",
    inputs: (rng) => ({
      weights: {
        C: matrix(rng, 5, 2),
        W1: matrix(rng, 4, 3),
        b1: normals(rng, 3),
        W2: matrix(rng, 3, 5),
        b2: normals(rng, 5),
      },
      window: [rng.integer(2), 2 + rng.integer(3)],
    }),
    describe: ({ window }) => `the window [${window.join(", ")}], 5 tokens, E = 2, H = 3`,
    use: (mine, { weights, window }) => mine(weights, window),
    reference: forward({}),
    hints: [
      {
        whenever: forward({ bend: (x) => x }),
        say: "The hidden layer is not bent: tanh goes around x W1 + b1",
      },
      {
        whenever: forward({ bend: (x) => Math.max(0, x) }),
        say: "That is relu: this network bends with tanh",
      },
      {
        whenever: forward({ read: (window) => window.toReversed() }),
        say:
          "The vectors are laid side by side in the wrong order: the first of the window is first",
      },
      { whenever: forward({ first: without }), say: "The bias b1 is missing" },
      { whenever: forward({ last: without }), say: "The bias b2 is missing" },
      {
        whenever: forward({ first: without, last: without }),
        say: "Both biases are missing",
      },
      {
        whenever: forward({ end: (logits) => logits }),
        say: "Those are the logits: softmax turns them into shares",
      },
      {
        whenever: forward({ end: logSoftmax }),
        say: "Those are the logarithms of the shares",
      },
    ],
  }),
];
