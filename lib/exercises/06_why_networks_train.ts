/** Tasks of the sixth notebook: saturation, backward passes, running statistics, a network by hand. */
import type { Random } from "../random.ts";
import { exercise } from "./exercise.ts";

const normals = (rng: Random, count: number) => Array.from({ length: count }, () => rng.normal());
const table = (rng: Random, rows: number, columns: number) =>
  Array.from({ length: rows }, () => normals(rng, columns));

const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);
const mean = (values: number[]) => total(values) / values.length;
const dot = (a: number[], b: number[]) => total(a.map((value, i) => value * b[i]!));
const transpose = (rows: number[][]) =>
  rows[0]!.map((_, column) => rows.map((row) => row[column]!));
const product = (a: number[][], b: number[][]) =>
  a.map((row) => transpose(b).map((column) => dot(row, column)));
const scaled = (rows: number[][], factor: number) =>
  rows.map((row) => row.map((value) => value * factor));

type Shares = (activations: number[][]) => number[];

/** Shares by unit of what a condition holds for. */
const sharesWhere = (holds: (value: number) => boolean): Shares => (activations) =>
  transpose(activations).map((unit) => unit.filter(holds).length / unit.length);

/** For each unit, in what share of the examples it is saturated: the first task's solution. */
export const saturatedShares: Shares = sharesWhere((value) => Math.abs(value) > 0.97);

type LinearBackward = (
  x: number[][],
  w: number[][],
  dy: number[][],
) => { dx: number[][]; dw: number[][]; db: number[] };

/** The slopes of a linear layer: the second task's solution. */
export const linearBackward: LinearBackward = (x, w, dy) => ({
  dx: product(dy, transpose(w)),
  dw: product(transpose(x), dy),
  db: transpose(dy).map(total),
});

type NormaliseBackward = (x: number[], dy: number[]) => number[];

/** The backward pass of a normalisation, with terms left out. */
const normaliseBackwardWith =
  ({ shift = true, stretch = true, divide = true } = {}): NormaliseBackward => (x, dy) => {
    const centre = mean(x);
    const deviation = Math.sqrt(mean(x.map((value) => (value - centre) ** 2)));
    const normal = x.map((value) => (value - centre) / deviation);
    const alike = shift ? mean(dy) : 0;
    const apart = stretch ? mean(dy.map((above, i) => above * normal[i]!)) : 0;
    return dy.map((above, i) => (above - alike - normal[i]! * apart) / (divide ? deviation : 1));
  };

/** How a loss's slopes come back through x ↦ (x − mean) / standard deviation, for the notebook to go on with. */
export const normaliseBackward: NormaliseBackward = normaliseBackwardWith();

type RunningMean = (batches: number[][]) => number;

/** A running mean whose new and old parts have these weights. */
const runningMean = (old: number, fresh: number, start = 0): RunningMean => (batches) =>
  batches.reduce((running, batch) => old * running + fresh * mean(batch), start);

type NetworkBackward = (
  x: number[],
  w1: number[][],
  w2: number[][],
  next: number,
) => { loss: number; dw1: number[][]; dw2: number[][] };

/** A network's backward pass, with one of its pieces exchanged. */
const networkBackward = (
  { slope = (h: number) => 1 - h * h, right = 1, through = true } = {},
): NetworkBackward =>
(x, w1, w2, next) => {
  const h = product([x], w1)[0]!.map(Math.tanh);
  const logits = product([h], w2)[0]!;
  const sum = total(logits.map(Math.exp));
  const dLogits = logits.map((logit, j) => Math.exp(logit) / sum - (j === next ? right : 0));
  const dh = through ? product([dLogits], transpose(w2))[0]! : h.map(() => 1);
  const ds = dh.map((above, i) => above * slope(h[i]!));
  const outer = (a: number[], b: number[]) => product(a.map((one) => [one]), [b]);
  return { loss: Math.log(sum) - logits[next]!, dw1: outer(x, ds), dw2: outer(h, dLogits) };
};

/** The tasks in the order of the notebook. */
export const exercises = [
  exercise<Shares, [number[][]]>({
    name: "saturated-shares",
    task: "for each unit, the share of the examples in which it lies beyond ±0.97",
    inputs: (rng) => [table(rng, 6, 3).map((row) => row.map((value) => Math.tanh(3 * value)))],
    reference: saturatedShares,
    hints: [
      {
        whenever: sharesWhere((value) => value > 0.97),
        say: "A unit near −1 is as full as one near 1: take `Math.abs`",
      },
      {
        whenever: (activations) =>
          transpose(activations).map((unit) =>
            unit.filter((value) => Math.abs(value) > 0.97).length
          ),
        say: "Those are counts: divide each by the number of examples",
      },
      {
        whenever: (activations) =>
          activations.map((row) =>
            row.filter((value) => Math.abs(value) > 0.97).length / row.length
          ),
        say: "That is a share for each example (row); a unit is a column",
      },
      {
        whenever: sharesWhere((value) => Math.abs(value) <= 0.97),
        say: "Those are the units that are not saturated",
      },
    ],
  }),
  exercise<LinearBackward, [number[][], number[][], number[][]]>({
    name: "linear-backward",
    task: "the slopes of a linear layer by its input, its weights and its bias",
    inputs: (rng) => [table(rng, 3, 2), table(rng, 2, 2), table(rng, 3, 2)],
    reference: linearBackward,
    hints: [
      {
        whenever: (x, w, dy) => ({ ...linearBackward(x, w, dy), dx: product(dy, w) }),
        say: "`dx` takes the rows of W where it should take its columns, or the other way round: " +
          "input i reaches output o through w[i][o], so dx[i] sums dy[o]·w[i][o] over o",
      },
      {
        whenever: (x, w, dy) => ({
          ...linearBackward(x, w, dy),
          dw: transpose(product(transpose(x), dy)),
        }),
        say: "`dw` lies on its side: dw[i][o] belongs to w[i][o], from input i to output o",
      },
      {
        whenever: (x, w, dy) => {
          const { dx, dw, db } = linearBackward(x, w, dy);
          return { dx, dw: scaled(dw, 1 / x.length), db: db.map((value) => value / x.length) };
        },
        say: "`dw` and `db` are means over the examples; slopes of a sum add up",
      },
      {
        whenever: (x, w, dy) => {
          const { dx, dw, db } = linearBackward(x, w, dy);
          return { dx, dw, db: db.map((value) => value / x.length) };
        },
        say: "`db` is a mean over the examples; it is their sum",
      },
      {
        whenever: (x, w, dy) => ({
          ...linearBackward(x, w, dy),
          dw: product(transpose([x[0]!]), [dy[0]!]),
        }),
        say: "`dw` knows the first example only: every example adds its share",
      },
    ],
  }),
  exercise<NormaliseBackward, [number[], number[]]>({
    name: "normalise-backward",
    task: "how a normalisation passes slopes back",
    inputs: (rng) => [normals(rng, 4), normals(rng, 4)],
    reference: normaliseBackward,
    tolerance: 1e-5,
    hints: [
      {
        whenever: normaliseBackwardWith({ stretch: false }),
        say: "Stretching all numbers alike changes nothing either: the third term is missing",
      },
      {
        whenever: normaliseBackwardWith({ shift: false }),
        say: "Shifting all numbers alike changes nothing: subtract the mean of `dy`",
      },
      {
        whenever: normaliseBackwardWith({ shift: false, stretch: false }),
        say: "Only the direct way is there: each number also acts on all others through the mean " +
          "and the deviation",
      },
      {
        whenever: normaliseBackwardWith({ divide: false }),
        say: "The direction is right; divide by the standard deviation",
      },
    ],
  }),
  exercise<RunningMean, [number[][]]>({
    name: "running-mean",
    task: "the running mean of a unit after several batches, from 0",
    inputs: (rng) => [[normals(rng, 2), normals(rng, 4), normals(rng, 3)]],
    reference: runningMean(0.9, 0.1),
    hints: [
      {
        whenever: runningMean(0.1, 0.9),
        say: "Nine tenths of the old value stay, one tenth is the batch's",
      },
      { whenever: runningMean(1, 0.1), say: "It only grows: the old value keeps nine tenths" },
      {
        whenever: (batches) => mean(batches.flat()),
        say: "That is the mean of all numbers: a running mean forgets old batches bit by bit",
      },
      {
        whenever: (batches) => runningMean(0.9, 0.1, mean(batches[0]!))(batches.slice(1)),
        say: "It starts at the first batch's mean; it should start at 0",
      },
      {
        whenever: (batches) => batches.reduce((all, batch) => 0.9 * all + 0.1 * total(batch), 0),
        say: "Those are the batches' sums: take their means",
      },
    ],
  }),
  exercise<NetworkBackward, [number[], number[][], number[][], number]>({
    name: "network-backward-from-memory",
    task: "loss and slopes of a network with one hidden layer, on plain lists",
    inputs: (rng) => [normals(rng, 3), table(rng, 3, 4), table(rng, 4, 3), rng.integer(3)],
    reference: networkBackward(),
    tolerance: 1e-5,
    hints: [
      {
        whenever: networkBackward({ slope: () => 1 }),
        say: "The slope of tanh, 1 − h², is missing on the way to the first matrix",
      },
      {
        whenever: networkBackward({ right: 0 }),
        say: "The slopes of the logits are the shares, minus 1 for the right class",
      },
      {
        whenever: networkBackward({ right: 2 }),
        say: "From the share of the right class subtract 1, once",
      },
      {
        whenever: networkBackward({ through: false }),
        say: "`dh` comes from the slopes of the logits through the second matrix",
      },
      {
        whenever: networkBackward({ slope: (h) => 1 - Math.tanh(h) ** 2 }),
        say: "The slope of tanh is 1 − h², and h is tanh(s) already",
      },
      {
        whenever: (x, w1, w2, next) => {
          const { loss, ...slopes } = networkBackward()(x, w1, w2, next);
          return { loss: -loss, ...slopes };
        },
        say: "The slopes are right, the loss has the wrong sign",
      },
    ],
  }),
];
