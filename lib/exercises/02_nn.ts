/** Tasks of the second notebook: a neuron, Adam, a matrix product, a bias, the core from memory. */
import type { Random } from "../random.ts";
import { exercise } from "./exercise.ts";

type Matrix = number[][];
type Neuron = (weights: number[], bias: number, inputs: number[]) => number;

const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);

function normals(rng: Random, count: number): number[] {
  return Array.from({ length: count }, rng.normal);
}

const matrix = (rng: Random, rows: number, columns: number): Matrix =>
  Array.from({ length: rows }, () => normals(rng, columns));

const transpose = (table: Matrix): Matrix =>
  table[0]!.map((_, column) => table.map((row) => row[column]!));

const product = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => transpose(b).map((column) => dot(row, column)));

type Means = { m: number; v: number };
type Change = (gradient: number, means: Means, t: number) => number;

/** Adam's change with its parts as given, to make wrong ones. */
const change = (
  { hats = true, root = Math.sqrt, square = (g) => g * g, step = (t) => t, keep = true }: {
    hats?: boolean;
    root?: (v: number) => number;
    square?: (gradient: number) => number;
    step?: (t: number) => number;
    keep?: boolean;
  },
): Change =>
(gradient, means, t) => {
  const m = 0.9 * means.m + 0.1 * gradient;
  const v = 0.999 * means.v + 0.001 * square(gradient);
  if (keep) Object.assign(means, { m, v });
  const [byM, byV] = hats ? [1 - 0.9 ** step(t), 1 - 0.999 ** step(t)] : [1, 1];
  return m / byM / (root(v / byV) + 1e-8);
};

type Weights = { W1: Matrix; b1: number[]; W2: Matrix; b2: number[] };

/** What the last task asks for. */
interface Core {
  forward(weights: Weights, x: number[]): number;
  adam(gradients: number[], learningRate: number): number[];
}

const affine = (x: number[], table: Matrix, bias: number[]) =>
  transpose(table).map((column, i) => dot(x, column) + bias[i]!);

const core = (
  { bend = (z) => Math.max(z, 0), uphill = false, parts = {} }: {
    bend?: (z: number) => number;
    uphill?: boolean;
    parts?: Parameters<typeof change>[0];
  },
): Core => ({
  forward: ({ W1, b1, W2, b2 }, x) => affine(affine(x, W1, b1).map(bend), W2, b2)[0]!,
  adam: (gradients, learningRate) => {
    const means = { m: 0, v: 0 };
    let place = 0;
    return gradients.map((gradient, i) => {
      const step = learningRate * change(parts)(gradient, means, i + 1);
      place += uphill ? step : -step;
      return place;
    });
  },
});

export const exercises = [
  exercise<Neuron, [number[], number, number[]]>({
    name: "neuron",
    task: "the sum w · x + b, for lists of any length",
    inputs: (rng) => {
      const length = 2 + rng.integer(3);
      return [normals(rng, length), rng.normal(), normals(rng, length)];
    },
    reference: (weights, bias, inputs) => dot(weights, inputs) + bias,
    hints: [
      {
        whenever: (weights, _bias, inputs) => dot(weights, inputs),
        say: "The dot product is right, and the bias is missing",
      },
      {
        whenever: (weights, bias, inputs) => dot(weights, inputs) - bias,
        say: "The bias is added, not taken off",
      },
      {
        whenever: (weights, bias, inputs) => total(weights) + total(inputs) + bias,
        say: "Each weight multiplies its input: you add the two",
      },
      {
        whenever: (weights, bias, inputs) => total(weights) * total(inputs) + bias,
        say: "Multiply each weight with its own input, then add up: you do it the other way round",
      },
      {
        whenever: (weights, bias, inputs) =>
          weights.reduce((sum, weight, i) => sum + weight * inputs[i]! + bias, 0),
        say: "The bias is added once, not once for each input",
      },
      {
        whenever: (weights, bias, inputs) =>
          weights[0]! * inputs[0]! + weights[1]! * inputs[1]! + bias,
        say: "Right for two inputs; there may be more, so go through all of them",
      },
      {
        whenever: (weights, bias, inputs) => Math.max(0, dot(weights, inputs) + bias),
        say: "Do not bend yet: here the plain sum is wanted, relu comes later",
      },
    ],
  }),
  exercise<Change, { gradients: number[] }>({
    name: "adam-change",
    task: "bring both means up to date and return m̂ / (√v̂ + ε)",
    inputs: (rng) => ({ gradients: normals(rng, 3) }),
    describe: ({ gradients }) =>
      `gradients ${gradients.map((g) => g.toFixed(4)).join(", ")} one after the other`,
    use: (mine, { gradients }) => {
      const means = { m: 0, v: 0 };
      const changes = gradients.map((gradient, i) => mine(gradient, means, i + 1));
      return { changes, m: means.m, v: means.v };
    },
    reference: change({}),
    hints: [
      {
        whenever: change({ hats: false }),
        say: "The hats are missing: divide m by 1 − 0.9ᵗ and v by 1 − 0.999ᵗ",
      },
      {
        whenever: (gradient, means, t) => {
          means.m = 0.1 * means.m + 0.9 * gradient;
          means.v = 0.001 * means.v + 0.999 * gradient ** 2;
          return means.m / (1 - 0.9 ** t) / (Math.sqrt(means.v / (1 - 0.999 ** t)) + 1e-8);
        },
        say: "β is the share that is kept of the old mean, and 1 − β that of the new gradient",
      },
      {
        whenever: (gradient, means, t) => {
          means.m = 0.999 * means.m + 0.001 * gradient;
          means.v = 0.9 * means.v + 0.1 * gradient ** 2;
          return means.m / (1 - 0.999 ** t) / (Math.sqrt(means.v / (1 - 0.9 ** t)) + 1e-8);
        },
        say: "The two β are exchanged: 0.9 is for m, 0.999 for v",
      },
      {
        whenever: (gradient, means, t) => -change({})(gradient, means, t),
        say: "The minus belongs to the step, not to the change: return m̂ / (√v̂ + ε) as it is",
      },
      {
        whenever: change({ keep: false }),
        say: "The means are not kept: write the new ones into `means`, for the next step",
      },
      {
        whenever: change({ root: (v) => v }),
        say: "The root is missing: divide by √v̂",
      },
      {
        whenever: change({ square: (gradient) => gradient }),
        say: "v is the mean of the squares of the gradients",
      },
      {
        whenever: change({ step: () => 1 }),
        say: "The power t is missing: after t steps the share 1 − βᵗ has arrived",
      },
      {
        whenever: (gradient, means, t) => {
          const wrong = change({})(gradient, means, t);
          Object.assign(means, { m: means.m / (1 - 0.9 ** t), v: means.v / (1 - 0.999 ** t) });
          return wrong;
        },
        say: "The hats belong to the answer alone: what is kept in `means` stays without them",
      },
    ],
  }),
  exercise<(a: Matrix, b: Matrix) => Matrix, [Matrix, Matrix]>({
    name: "matrix-product",
    task: "the product of two matrices, given as lists of rows",
    inputs: (rng) => {
      const inner = 2 + rng.integer(2);
      return [matrix(rng, inner, inner), matrix(rng, inner, inner)];
    },
    describe: ([a, b]) =>
      [a, b].map((table) =>
        `[${table.map((row) => row.map((x) => x.toFixed(2)).join(" ")).join(" | ")}]`
      ).join(" · "),
    reference: product,
    hints: [
      {
        whenever: (a, b) => a.map((row, i) => row.map((value, j) => value * b[i]![j]!)),
        say:
          "That multiplies place by place: in row i, column j stands the dot product of row i of " +
          "the first and column j of the second",
      },
      {
        whenever: (a, b) => product(a, transpose(b)),
        say: "You take rows of the second matrix: its columns are wanted",
      },
      {
        whenever: (a, b) =>
          a.map((row) => transpose(b).map((column) => total(row) + total(column))),
        say: "A dot product multiplies the pairs before it adds them up",
      },
      {
        whenever: (a, b) => product(b, a),
        say: "The two are exchanged: a · b is another product than b · a",
      },
      {
        whenever: (a, b) => product(transpose(a), b),
        say: "You take columns of the first matrix: its rows are wanted",
      },
      {
        whenever: (a, b) => transpose(product(a, b)),
        say: "The result is transposed: a row of it belongs to a row of the first matrix",
      },
    ],
  }),
  exercise<(table: Matrix, bias: number[]) => Matrix, [Matrix, number[]]>({
    name: "add-bias",
    task: "the bias of each column, added to every row",
    inputs: (rng) => [matrix(rng, 3, 3), normals(rng, 3)],
    reference: (table, bias) =>
      table.map((row) => row.map((value, column) => value + bias[column]!)),
    hints: [
      {
        whenever: (table, bias) => table.map((row, i) => row.map((value) => value + bias[i]!)),
        say: "You add one bias to each row: a bias belongs to a neuron, and that is a column",
      },
      {
        whenever: (table, bias) =>
          table.map((row, i) => i > 0 ? row : row.map((value, column) => value + bias[column]!)),
        say: "Only the first row got its biases: they are repeated for every row",
      },
      {
        whenever: (table, bias) =>
          table.map((row, i) => row.map((value, column) => value + (i === column ? bias[i]! : 0))),
        say: "You add along the diagonal: every row gets the whole list of biases",
      },
      {
        whenever: (table, bias) => table.map((row) => row.map((value) => value + total(bias))),
        say: "You add the sum of all biases: each column has its own",
      },
      {
        whenever: (table, bias) =>
          table.map((row) => row.map((value, column) => value * bias[column]!)),
        say: "Add, do not multiply",
      },
    ],
  }),
  exercise<Core, { weights: Weights; x: number[]; gradients: number[]; learningRate: number }>({
    name: "network-from-memory",
    task: "{ forward, adam }: a network with one ReLU layer, and the way of a parameter under Adam",
    inputs: (rng) => ({
      weights: {
        W1: matrix(rng, 2, 4),
        b1: normals(rng, 4),
        W2: matrix(rng, 4, 1),
        b2: normals(rng, 1),
      },
      x: normals(rng, 2),
      gradients: normals(rng, 4),
      learningRate: 0.1,
    }),
    describe: ({ x, gradients }) =>
      `x = [${x.map((value) => value.toFixed(3)).join(", ")}], gradients ` +
      `[${gradients.map((value) => value.toFixed(3)).join(", ")}], learning rate 0.1`,
    use: ({ forward, adam }, { weights, x, gradients, learningRate }) => ({
      forward: forward(weights, x),
      adam: adam(gradients, learningRate),
    }),
    reference: core({}),
    hints: [
      {
        whenever: core({ bend: (z) => z }),
        say: "The hidden layer is not bent, so the whole is one tilted plane: relu goes around it",
      },
      {
        whenever: core({ bend: Math.tanh }),
        say: "The network is right but for its bend: relu, not tanh",
      },
      {
        whenever: core({ uphill: true }),
        say: "Adam walks uphill: subtract the step",
      },
      {
        whenever: core({ parts: { hats: false } }),
        say: "The network is right; in Adam the hats are missing: 1 − βᵗ",
      },
      {
        whenever: core({ parts: { step: (t) => t - 1 } }),
        say: "In Adam t counts from 1: with 0 the first step divides by 0",
      },
      {
        whenever: {
          ...core({}),
          forward: ({ W1, b1, W2, b2 }, x) =>
            Math.max(0, affine(affine(x, W1, b1).map((z) => Math.max(z, 0)), W2, b2)[0]!),
        },
        say: "The output is bent too: relu is for the hidden layer only",
      },
    ],
  }),
];
