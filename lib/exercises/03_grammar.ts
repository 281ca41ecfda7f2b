/** Tasks of the third notebook: a rule as a table, surprise, entropy, short sight, a judge. */
import { createGrammar } from "../grammar/mod.ts";
import { largestOf } from "../extremes.ts";
import type { Random } from "../random.ts";
import { exercise } from "./exercise.ts";

type Followers = (state: string) => string[];

const classes = ["a", "A", "0"];
const states = ["", ...classes, ...classes.map((one) => one + one)];

function sharesOf(rng: Random, count: number): number[] {
  const weights = Array.from({ length: count }, () => 0.1 + rng.uniform());
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return weights.map((weight) => weight / sum);
}

type OfList = (probabilities: number[]) => number;

const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);
const mean = (values: number[]) => sum(values) / values.length;
const surprise = (p: number) => -Math.log(p);
const share = (p: number, of: (p: number) => number) => p === 0 ? 0 : p * of(p);

type Blend = (visits: number[], predictions: number[][]) => number[];

const blend: Blend = (visits, predictions) =>
  predictions[0]!.map((_, t) =>
    sum(predictions.map((row, s) => visits[s]! * row[t]!)) / sum(visits)
  );

type Judge = (text: string, n: number) => boolean;

/** A judge of `sticky` whose rules are as given, to make wrong ones. */
const judge = (
  { least = (n) => n - 1, exact = false, ends = true, empty = false, others = false }: {
    least?: (n: number) => number;
    exact?: boolean;
    ends?: boolean;
    empty?: boolean;
    others?: boolean;
  },
): Judge =>
(text, n) => {
  const kinds = Array.from(text, kindOf);
  if (!others && kinds.includes("other")) return false;
  const runs: number[] = [];
  kinds.forEach((kind, i) => {
    if (kind === kinds[i - 1]) runs[runs.length - 1]!++;
    else runs.push(1);
  });
  if (runs.length === 0) return empty;
  const long = (run: number) => exact ? run === least(n) : run >= least(n);
  return (ends ? runs : runs.slice(0, -1)).every(long);
};

function kindOf(character: string): string {
  if (/[a-z]/.test(character)) return "lower";
  if (/[A-Z]/.test(character)) return "upper";
  return /[0-9]/.test(character) ? "digit" : "other";
}

/** Members of `sticky` N, the same with a character changed, cut or strange, and the empty text. */
function textsFor(rng: Random, n: number): string[] {
  const grammar = createGrammar("sticky", n);
  const members = Array.from({ length: 6 }, () => grammar.sample(rng));
  const changed = members.map((text) => {
    const place = rng.integer(text.length);
    return text.slice(0, place) + rng.choice("aA0?") + text.slice(place + 1);
  });
  const kinds = ["!".repeat(n), "a".repeat(n - 2), "a".repeat(n - 1), `${"a".repeat(n)}B`];
  return ["", ...kinds, ...members, ...changed, ...members.map((text) => text.slice(0, -1))];
}

export const exercises = [
  exercise<Followers, string[]>({
    name: "runs-followers",
    task: "the classes that may follow in each state, when a run lasts exactly two characters",
    inputs: () => states,
    trials: 1,
    describe: () => `the states ${states.map((state) => `"${state}"`).join(", ")}`,
    use: (mine) => Object.fromEntries(states.map((state) => [state, [...mine(state)].sort()])),
    reference: (state) =>
      state.length === 1 ? [state] : classes.filter((one) => !state.startsWith(one)),
    hints: [
      {
        whenever: (state) => state.length === 1 ? [state] : classes,
        say:
          "That is the old rule, at least two: after two of a class the same class may not follow",
      },
      {
        whenever: (state) => classes.filter((one) => !state.startsWith(one)),
        say: 'After one character the run must go on: in "a" only a may follow',
      },
      {
        whenever: (state) =>
          state.length === 2 ? classes.filter((one) => !state.startsWith(one)) : classes,
        say: 'After one character the run must go on: in "a" only a may follow, not every class',
      },
      {
        whenever: (state) =>
          state === ""
            ? []
            : state.length === 1
            ? [state]
            : classes.filter((one) => !state.startsWith(one)),
        say: "At the start any class may follow, and yours allows none",
      },
    ],
  }),
  exercise<OfList, [number[]]>({
    name: "mean-surprise",
    task: "the mean of −ln p over the probabilities given to what came",
    inputs: (rng) => [Array.from({ length: 3 + rng.integer(3) }, () => 0.02 + 0.9 * rng.uniform())],
    reference: (list) => mean(list.map(surprise)),
    hints: [
      {
        whenever: (list) => sum(list.map(surprise)),
        say: "That is the sum of the surprises: the loss is their mean",
      },
      {
        whenever: (list) => mean(list.map((p) => -Math.log2(p))),
        say: "That is in bits: nats take the natural logarithm, Math.log",
      },
      {
        whenever: (list) => mean(list.map((p) => -Math.log10(p))),
        say: "Math.log10 has the base 10: the natural logarithm is Math.log",
      },
      {
        whenever: mean,
        say: "That is the mean of the probabilities: take −ln of each first",
      },
      {
        whenever: (list) => list.reduce((all, p) => all * p, 1),
        say: "That is how likely the whole text was: surprises are −ln, and they add",
      },
      {
        whenever: (list) => surprise(mean(list)),
        say: "First the logarithm of each, then the mean: the surprise of a mean is another number",
      },
      {
        whenever: (list) => mean(list.map(Math.log)),
        say: "ln p is negative: the surprise is −ln p",
      },
      {
        whenever: (list) => sum(list.map((p) => share(p, surprise))),
        say: "Every token counts once here: no weighting with p, they came as often as they came",
      },
    ],
  }),
  exercise<OfList, [number[]]>({
    name: "entropy",
    task: "−Σ p ln p, where outcomes with p = 0 count nothing",
    inputs: (rng) => [[...sharesOf(rng, 3), 0].toSorted(() => rng.uniform() - 0.5)],
    reference: (list) => sum(list.map((p) => share(p, surprise))),
    hints: [
      {
        whenever: (list) => sum(list.map((p) => p * surprise(p))),
        say: "0 · ln 0 is NaN to a computer: leave out the outcomes with p = 0",
      },
      {
        whenever: (list) => sum(list.map((p) => share(p, Math.log))),
        say: "The sum is negative: entropy has a minus in front",
      },
      {
        whenever: (list) => sum(list.map((p) => share(p, (q) => -Math.log2(q)))),
        say: "That is in bits: nats take the natural logarithm, Math.log",
      },
      {
        whenever: (list) => mean(list.filter((p) => p > 0).map(surprise)),
        say: "Each surprise must be weighted with how often it happens, p, not all alike",
      },
      {
        whenever: (list) => sum(list.filter((p) => p > 0).map(surprise)),
        say: "Those are the surprises added up: weight each with its p",
      },
      {
        whenever: (list) => mean(list.map((p) => share(p, surprise))),
        say: "The weights p already make it a mean: do not divide by how many there are",
      },
    ],
  }),
  exercise<Blend, [number[], number[][]]>({
    name: "blend",
    task: "the mean of the states' predictions, each weighted with its visits",
    inputs: (rng) => [
      Array.from({ length: 3 }, () => 0.5 + 4 * rng.uniform()),
      Array.from({ length: 3 }, () => sharesOf(rng, 4)),
    ],
    reference: blend,
    hints: [
      {
        whenever: (_, predictions) => blend(predictions.map(() => 1), predictions),
        say: "All states count alike in yours: a state that is met more often must weigh more",
      },
      {
        whenever: (visits, predictions) => blend(visits, predictions).map((p) => p * sum(visits)),
        say: "The shares do not add up to 1: divide by the sum of the visits",
      },
      {
        whenever: (visits, predictions) => predictions[visits.indexOf(largestOf(visits))]!,
        say: "You take the most visited state alone: the others are met as well",
      },
      {
        whenever: (visits, predictions) =>
          blend(visits, predictions).map((p) => p * sum(visits) / visits.length),
        say: "You divide by the number of states: divide by the sum of their visits",
      },
      {
        whenever: (visits, predictions) => blend(visits.map((v) => 1 / v), predictions),
        say: "Yours weighs the rarely visited states most: multiply by the visits",
      },
    ],
  }),
  exercise<Judge, [text: string, n: number]>({
    name: "sticky-from-memory",
    task: "(text, N) => whether the text belongs to sticky N",
    inputs: (rng) => {
      const n = 3 + rng.integer(3);
      return [rng.choice(textsFor(rng, n)), n];
    },
    trials: 100,
    describe: ([text, n]) => `the text "${text}" and N = ${n}`,
    reference: judge({}),
    hints: [
      {
        whenever: judge({ ends: false }),
        say: "The last run is not checked: a text may not end inside a run that is too short",
      },
      {
        whenever: judge({ empty: true }),
        say: "The empty text is no member: there must be at least one run",
      },
      {
        whenever: judge({ least: (n) => n }),
        say: "One too strict: a run lasts at least N − 1 characters",
      },
      {
        whenever: judge({ least: () => 2 }),
        say: "That is the rule for N = 3 only: a run lasts at least N − 1 characters",
      },
      {
        whenever: judge({ exact: true }),
        say: "A run may be longer than N − 1 characters: at least, not exactly",
      },
      {
        whenever: judge({ others: true }),
        say: "Characters that are no letters and no digits must be refused",
      },
    ],
  }),
];
