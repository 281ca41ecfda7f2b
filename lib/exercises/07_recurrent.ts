/** The tasks of notebooks/07_recurrent.ipynb. */
import type { Random } from "../random.ts";
import { exercise } from "./exercise.ts";

interface RnnWeights {
  W: number[][];
  U: number[][];
  b: number[];
}
type RnnStep = (x: number[], h: number[], weights: RnnWeights) => number[];

/** Number j of a row times a matrix. */
function times(x: readonly number[], matrix: readonly number[][], j: number): number {
  return x.reduce((sum, value, i) => sum + value * matrix[i]![j]!, 0);
}

const squash = (x: number[], h: number[], { W, U, b }: RnnWeights, bend = Math.tanh) =>
  b.map((bias, j) => bend(times(x, W, j) + times(h, U, j) + bias));

/** One part of a GRU whose state is one number. */
interface Part {
  w: number;
  u: number;
}
type Parts = Record<"reset" | "update" | "fresh", Part>;
type GruStep = (x: number, h: number, parts: Parts) => number;

const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));

/** A GRU's step with its last two lines as given. */
const gruBy = ({ fresh = usual, mix = keeping, gate = sigmoid }: {
  fresh?: (input: number, past: number, r: number) => number;
  mix?: (z: number, n: number, h: number) => number;
  gate?: (value: number) => number;
}): GruStep =>
(x, h, parts) => {
  const r = gate(x * parts.reset.w + h * parts.reset.u);
  const z = gate(x * parts.update.w + h * parts.update.u);
  return mix(z, fresh(x * parts.fresh.w, h * parts.fresh.u, r), h);
};
const usual = (input: number, past: number, r: number) => Math.tanh(input + r * past);
const keeping = (z: number, n: number, h: number) => (1 - z) * n + z * h;

type Moves = (number | undefined)[][];
type Partners = (a: Moves, b: Moves) => number[] | undefined;

/** Walks both automata at once; without `both`, two of the one may share a partner. */
const partnersBy = ({ both, all }: { both: boolean; all: boolean }): Partners => (a, b) => {
  const partner: number[] = [0];
  const open = [0];
  for (const state of open) {
    for (const [symbol, next] of a[state]!.entries()) {
      const other = b[partner[state]!]![symbol];
      if (next === undefined && other === undefined) continue;
      if (next === undefined || (all && other === undefined)) return undefined;
      if (other === undefined) continue;
      if (partner[next] === undefined && !(both && partner.includes(other))) {
        partner[next] = other;
        open.push(next);
      } else if (partner[next] !== other) return undefined;
    }
  }
  return !both || open.length === b.length ? partner : undefined;
};

/** The partner in `b` of each state of `a`, undefined when the two automata are not the same. */
export const isomorphism: Partners = partnersBy({ both: true, all: true });

/** An automaton of four states in which every state is reached, and the same in another order. */
function pairOfMoves(rng: Random): [Moves, Moves] {
  const a: Moves = Array.from({ length: 4 }, (_, state) => [
    state < 3 ? state + 1 : undefined, // the chain that reaches all
    rng.choice([0, 1, 2, 3, undefined]),
    state === 3 ? undefined : rng.integer(4),
  ]);
  const order = [0, ...rng.shuffle([1, 2, 3])]; // where each state of a stands in b
  const b: Moves = a.map(() => []);
  for (const [state, row] of a.entries()) {
    b[order[state]!] = row.map((to) => to === undefined ? undefined : order[to]!);
  }
  return [a, b];
}

/** The pair as it is, with one arrow bent, with one missing, and two states folded into one. */
function tryPartners(mine: Partners, [a, b]: [Moves, Moves]): unknown {
  const copy = (moves: Moves) => moves.map((row) => [...row]);
  const bent = copy(b);
  const row = bent[0]!;
  row[2] = (row[2]! + 1) % 4;
  const missing = copy(b);
  missing[0]![2] = undefined;
  const loop: Moves = [[0]];
  const ring: Moves = [[1], [0]]; // allows the same texts with one state more
  const said = (first: Moves, second: Moves) => mine(first, second) ?? "not the same";
  return {
    reordered: said(a, b),
    bent: said(a, bent),
    missing: said(a, missing),
    folded: said(ring, loop),
  };
}

interface TextWeights extends RnnWeights {
  embedding: number[][];
  out: number[][];
  outBias: number[];
}
type LossOfText = (ids: number[], weights: TextWeights) => number;

/** The loss of a text with the parts as given. */
const lossBy = ({ keep = true, mean = true, from = 0, late = false }: {
  keep?: boolean;
  mean?: boolean;
  from?: number;
  late?: boolean;
}): LossOfText =>
(ids, weights) => {
  const { embedding, out, outBias } = weights;
  const blank = weights.b.map(() => 0);
  let h = blank;
  let loss = 0;
  for (let t = from; t + 1 < ids.length; t++) {
    const next = squash(embedding[ids[t]!]!, keep ? h : blank, weights);
    const logits = outBias.map((bias, j) => times(late ? h : next, out, j) + bias);
    const sum = logits.reduce((all, logit) => all + Math.exp(logit), 0);
    loss += Math.log(sum) - logits[ids[t + 1]!]!;
    h = next;
  }
  return mean ? loss / (ids.length - 1) : loss;
};

function vector(rng: Random, length: number): number[] {
  return Array.from({ length }, () => Number(rng.normal().toFixed(2)));
}

function matrix(rng: Random, rows: number, columns: number): number[][] {
  return Array.from({ length: rows }, () => vector(rng, columns));
}

const part = (rng: Random): Part => {
  const [w, u] = vector(rng, 2);
  return { w: w!, u: u! };
};

export const exercises = [
  exercise<RnnStep, [number[], number[], RnnWeights]>({
    name: "rnn-step",
    task: "one step of an RNN: tanh of what the input and the old state add up to",
    inputs: (rng) => [
      vector(rng, 2),
      vector(rng, 3),
      { W: matrix(rng, 2, 3), U: matrix(rng, 3, 3), b: vector(rng, 3) },
    ],
    reference: (x, h, weights) => squash(x, h, weights),
    hints: [
      {
        whenever: (x, h, weights) => squash(x, h, weights, (value) => value),
        say: "The sum is right: now put it through tanh",
      },
      {
        whenever: (x, h, { W, U, b }) =>
          squash(x, h, { W, b, U: U.map((_, i) => U.map((row) => row[i]!)) }),
        say:
          "U is used the wrong way round: `U[i][j]` leads from the old state i to the new state j",
      },
      {
        whenever: (x, h, { W, U, b }) => squash(x, h, { W, U, b: b.map(() => 0) }),
        say: "The bias is missing",
      },
      {
        whenever: (x, h, weights) => squash(x, h.map(() => 0), weights),
        say: "The old state is not used: that is a layer without a memory",
      },
      {
        whenever: (x, h, { W, U, b }) =>
          b.map((bias, j) => Math.tanh(times(x, W, j) + bias) + Math.tanh(times(h, U, j))),
        say: "Add first, then take one tanh of the sum",
      },
    ],
  }),
  exercise<GruStep, [number, number, Parts]>({
    name: "gru-step",
    task: "one step of a GRU whose state is one number",
    inputs: (rng) => {
      const [x, h] = vector(rng, 2);
      return [x!, Math.tanh(h!), { reset: part(rng), update: part(rng), fresh: part(rng) }];
    },
    reference: gruBy({}),
    hints: [
      {
        whenever: gruBy({ mix: (z, n, h) => z * n + (1 - z) * h }),
        say: "The update gate is the wrong way round: where z is 1 the old state is kept",
      },
      {
        whenever: gruBy({ fresh: (input, past) => Math.tanh(input + past) }),
        say: "The reset gate is not used: it multiplies what the old state adds to the news",
      },
      {
        whenever: gruBy({ fresh: (input, past, r) => Math.tanh(r * (input + past)) }),
        say: "The reset gate multiplies the past only, not the input",
      },
      {
        whenever: gruBy({ fresh: (input, past, r) => input + r * past }),
        say: "The news wants a tanh",
      },
      {
        whenever: gruBy({ gate: (value) => value }),
        say: "Gates lie between 0 and 1: put them through the sigmoid, 1 / (1 + e⁻ˣ)",
      },
      { whenever: gruBy({ gate: Math.tanh }), say: "Gates want the sigmoid, not tanh" },
      { whenever: gruBy({ mix: (_z, n) => n }), say: "Nothing of the old state is kept: mix by z" },
    ],
  }),
  exercise<Partners, [Moves, Moves]>({
    name: "same-automaton",
    task: "the partner of each state in another automaton, or undefined if they are not the same",
    inputs: pairOfMoves,
    use: tryPartners,
    describe: ([a]) => `${JSON.stringify(a)} and the same in another order`,
    reference: isomorphism,
    hints: [
      {
        whenever: partnersBy({ both: false, all: true }),
        say: "Two states of `a` got the same partner: before you pair two, see that the one in " +
          "`b` is still free, and in the end that all of `b` have a partner",
      },
      {
        whenever: partnersBy({ both: true, all: false }),
        say: "An arrow that only `a` has is overlooked: if one of the two allows a symbol and " +
          "the other does not, they are not the same",
      },
      {
        whenever: (a, b) => a.length === b.length ? a.map((_, i) => i) : undefined,
        say:
          "Equally many states are not enough, and their numbers mean nothing: state 1 of `a` may " +
          "be state 3 of `b`. Start at 0 in both and follow the same symbols",
      },
      {
        whenever: "slow",
        say: "It walks in circles: go on from a state only the first time you meet it",
      },
    ],
  }),
  exercise<LossOfText, [number[], TextWeights]>({
    name: "rnn-from-memory",
    task: "the mean loss of a text that an RNN reads, from ids to nats",
    inputs: (rng) => [
      [0, 1 + rng.integer(2), 1 + rng.integer(2), 1 + rng.integer(2), 0],
      {
        embedding: matrix(rng, 3, 2),
        W: matrix(rng, 2, 2),
        U: matrix(rng, 2, 2),
        b: vector(rng, 2),
        out: matrix(rng, 2, 3),
        outBias: vector(rng, 3),
      },
    ],
    describe: ([ids]) => `the ids ${ids.join(" ")} and random weights`,
    reference: lossBy({}),
    hints: [
      {
        whenever: lossBy({ keep: false }),
        say: "The state is forgotten between characters: declare `h` outside of the loop",
      },
      {
        whenever: lossBy({ mean: false }),
        say: "That is the sum: divide it by the number of predictions",
      },
      {
        whenever: lossBy({ late: true }),
        say: "You predict from the state before the character was read: renew it first",
      },
      {
        whenever: lossBy({ from: 1 }),
        say: "The first character is not predicted: feed the start token too",
      },
      {
        whenever: (ids, weights) => lossBy({})(ids, weights) * (ids.length - 1) / ids.length,
        say: "There is one prediction less than there are ids: nothing comes after the last",
      },
      {
        whenever: (ids, weights) => -lossBy({})(ids, weights),
        say: "The sign is wrong: the logarithm of a probability is negative, the loss is not",
      },
    ],
  }),
];
