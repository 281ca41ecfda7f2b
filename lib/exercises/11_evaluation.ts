/** The tasks of notebooks/11_evaluation.ipynb. */
import type { Random } from "../random.ts";
import { exercise } from "./exercise.ts";

type Judge = (written: string[], known: Set<string>, isMember: (text: string) => boolean) => {
  fresh: number;
  right: number;
};

/** Counts new strings, with its steps as given. */
const judgeBy = ({ once, skip }: { once: boolean; skip: boolean }): Judge =>
(
  written,
  known,
  isMember,
) => {
  const different = once ? [...new Set(written)] : written;
  const fresh = skip ? different.filter((text) => !known.has(text)) : different;
  return { fresh: fresh.length, right: fresh.filter(isMember).length };
};

type Interval = (right: number, total: number) => [number, number];

/** Wilson's interval with the pieces as given. */
const wilsonBy = (
  { z = 1.96, inside = true, scaled = true, centred = true }: {
    z?: number;
    inside?: boolean;
    scaled?: boolean;
    centred?: boolean;
  },
): Interval =>
(right, total) => {
  const share = right / total;
  const centre = centred ? share + z ** 2 / (2 * total) : share;
  const extra = inside ? z ** 2 / (4 * total ** 2) : 0;
  const reach = z * Math.sqrt(share * (1 - share) / total + extra);
  const scale = scaled ? 1 + z ** 2 / total : 1;
  return [(centre - reach) / scale, (centre + reach) / scale];
};

type Divergence = (p: number[], q: number[]) => number;

const sumOver = (p: number[], term: (p: number, i: number) => number) =>
  p.reduce((sum, share, i) => share > 0 ? sum + term(share, i) : sum, 0);

type Order = (loss: number, error: number, ideals: number[]) => number;

function shares(rng: Random, count: number): number[] {
  const weights = Array.from({ length: count }, () => 0.1 + rng.uniform());
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}

type Verdict = (excesses: number[], state: number[], states: number) => number[];

export const exercises = [
  exercise<Judge, [string[], string[]]>({
    name: "new-and-right",
    task: "how many different new strings there are, and how many of them are members",
    inputs: (rng) => {
      const some = () => "ab".repeat(1 + rng.integer(2)) + "c".repeat(rng.integer(3));
      const written = Array.from({ length: 12 }, some);
      return [[...written, written[0]!, "ab", "ab"], ["ab", written[1]!]];
    },
    use: (mine, [written, known]) => mine(written, new Set(known), (text) => text.length % 2 === 0),
    describe: ([written, known]) =>
      `${written.join(" ")}, of which ${
        known.join(" ")
      } were in training; members are of even length`,
    reference: judgeBy({ once: true, skip: true }),
    hints: [
      {
        whenever: judgeBy({ once: false, skip: true }),
        say: "A string that was written twice counts twice: a Set keeps each once",
      },
      {
        whenever: judgeBy({ once: true, skip: false }),
        say: "Strings of the training set are counted: repeating is no art",
      },
      {
        whenever: judgeBy({ once: false, skip: false }),
        say: "Two things are missing: count each string once, and leave out those known",
      },
      {
        whenever: (written, known, isMember) => {
          const { fresh } = judgeBy({ once: true, skip: true })(written, known, isMember);
          return { fresh, right: [...new Set(written)].filter(isMember).length };
        },
        say: "`right` must count new strings only, as `fresh` does",
      },
    ],
  }),
  exercise<Interval, [number, number]>({
    name: "wilson",
    task: "Wilson's interval for a share, with z = 1.96",
    inputs: (rng) => {
      const total = 5 + rng.integer(40);
      return [rng.integer(total + 1), total];
    },
    describe: ([right, total]) => `${right} right of ${total}`,
    reference: wilsonBy({}),
    hints: [
      {
        whenever: wilsonBy({ inside: false, scaled: false, centred: false }),
        say: "That is the naive interval: add the three terms with z² and n",
      },
      {
        whenever: wilsonBy({ scaled: false }),
        say: "Divide both ends by 1 + z²/n",
      },
      {
        whenever: wilsonBy({ inside: false }),
        say: "Under the root z²/(4n²) is missing",
      },
      {
        whenever: wilsonBy({ centred: false }),
        say: "The middle is not the share itself: z²/(2n) is added",
      },
      {
        whenever: (right, total) => {
          const [low, high] = wilsonBy({})(right, total);
          return [high, low];
        },
        say: "The lower end comes first",
      },
    ],
  }),
  ...["divergence", "divergence-from-memory"].map((name) =>
    exercise<Divergence, [number[], number[]]>({
      name,
      task: "the Kullback–Leibler divergence of a model's shares q from the true shares p, in nats",
      inputs: (rng) => [[...shares(rng, 3), 0], shares(rng, 4)],
      reference: (p, q) => sumOver(p, (share, i) => share * Math.log(share / q[i]!)),
      hints: [
        {
          whenever: (p, q) => sumOver(q, (share, i) => share * Math.log(share / p[i]!)),
          say: "The two are exchanged: it is the truth p that weighs the terms",
        },
        {
          whenever: (p, q) => p.reduce((sum, share, i) => sum + share * Math.log(share / q[i]!), 0),
          say: "Where p is 0 the term is 0, but 0 · ln 0 is NaN in code: leave those out",
        },
        {
          whenever: (p, q) => sumOver(p, (share, i) => -share * Math.log(q[i]!)),
          say: "That is the whole loss (cross-entropy): take off what the truth pays, −Σ p ln p",
        },
        {
          whenever: (p, q) => sumOver(p, (share, i) => share * Math.log2(share / q[i]!)),
          say: "Those are bits: nats want the natural logarithm",
        },
        {
          whenever: (p, q) => sumOver(p, (share, i) => share * Math.log(q[i]! / share)),
          say: "The sign is wrong: p stands above q in the logarithm",
        },
      ],
    })
  ),
  exercise<Order, [number, number, number[]]>({
    name: "proven-order",
    task: "1 + the largest k whose ideal k-gram loss lies more than three errors above the loss",
    inputs: (rng) => {
      const ideals = [4, 3.8, 3.5, 3.2];
      return [3.1 + rng.uniform(), 0.02 + 0.08 * rng.uniform(), ideals];
    },
    describe: ([loss, error, ideals]) =>
      `a loss of ${loss.toFixed(3)} ± ${error.toFixed(3)}, ideals ${ideals.join(", ")}`,
    trials: 30,
    reference: (loss, error, ideals) => 1 + ideals.filter((one) => loss + 3 * error < one).length,
    hints: [
      {
        whenever: (loss, error, ideals) => 1 + ideals.filter((one) => loss + error < one).length,
        say: "Three errors, not one: a third of all lucky draws lie farther out than one",
      },
      {
        whenever: (loss, _error, ideals) => 1 + ideals.filter((ideal) => loss < ideal).length,
        say: "Luck proves nothing: the loss plus three times its error must lie below the line",
      },
      {
        whenever: (loss, error, ideals) =>
          1 + ideals.filter((ideal) => loss - 3 * error < ideal).length,
        say: "The error is counted in the model's favour: add it to the loss",
      },
      {
        whenever: (loss, error, ideals) => ideals.filter((one) => loss + 3 * error < one).length,
        say: "Below the line of the ideal k-gram means more than k: add 1",
      },
    ],
  }),
  exercise<Verdict, [number[], number[], number]>({
    name: "excess-by-state",
    task:
      "the mean excess in each state of the grammar, from the excess and the state of each place",
    inputs: (rng) => {
      const places = Array.from({ length: 8 }, () => Number(rng.uniform().toFixed(3)));
      return [places, [0, 1, 2, ...places.slice(3).map(() => rng.integer(3))], 3];
    },
    reference: (excesses, state, states) =>
      Array.from({ length: states }, (_, wanted) => {
        const own = excesses.filter((_, i) => state[i] === wanted);
        return own.reduce((sum, excess) => sum + excess, 0) / own.length;
      }),
    hints: [
      {
        whenever: (excesses, state, states) =>
          Array.from(
            { length: states },
            (_, wanted) =>
              excesses.reduce((sum, excess, i) => state[i] === wanted ? sum + excess : sum, 0),
          ),
        say: "Those are sums: divide each by how often the state was met",
      },
      {
        whenever: (excesses, state, states) =>
          Array.from(
            { length: states },
            (_, wanted) =>
              excesses.reduce((sum, excess, i) => state[i] === wanted ? sum + excess : sum, 0) /
              excesses.length,
          ),
        say: "Divide by how often this state was met, not by the number of all places",
      },
    ],
  }),
];
