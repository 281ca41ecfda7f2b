/** Tasks of the tenth notebook: the ingredients of training, and how to draw from a model. */
import { largestOf } from "../extremes.ts";
import type { Random } from "../random.ts";
import { exercise } from "./exercise.ts";

const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);
const between = (rng: Random, low: number, high: number) => low + (high - low) * rng.uniform();
const normals = (rng: Random, count: number) => Array.from({ length: count }, () => rng.normal());

interface AdamW {
  learningRate: number;
  weightDecay: number;
}
type AdamWStep = (weight: number, m: number, v: number, options: AdamW) => number;

/** A step whose decay and change are as given. */
const stepOf = (
  kept: (weight: number, options: AdamW) => number,
  change = (m: number, v: number) => m / (Math.sqrt(v) + 1e-8),
): AdamWStep =>
(weight, m, v, options) => kept(weight, options) - options.learningRate * change(m, v);

const decayed = (weight: number, { learningRate, weightDecay }: AdamW) =>
  weight * (1 - learningRate * weightDecay);

interface Schedule {
  peak: number;
  warmUp: number;
  steps: number;
}
type RateAt = (step: number, schedule: Schedule) => number;

/** A schedule in two parts. */
const schedule = (warming: RateAt, cooling: RateAt): RateAt => (step, of) =>
  step < of.warmUp ? warming(step, of) : cooling(step, of);

const warming: RateAt = (step, { peak, warmUp }) => peak * (step + 1) / warmUp;
const halfCosine = (share: number) => 0.5 * (1 + Math.cos(Math.PI * share));
const cooling: RateAt = (step, { peak, warmUp, steps }) =>
  peak * halfCosine((step - warmUp) / (steps - warmUp));

type Clip = (gradients: number[][], limit: number) => number[][];

const lengthOf = (values: number[]) => Math.sqrt(total(values.map((value) => value * value)));
const scaled = (gradients: number[][], factor: (list: number[]) => number) =>
  gradients.map((list) => list.map((value) => value * factor(list)));

type Shares = (shares: number[], p: number) => number[];

const normalised = (values: number[]) => values.map((value) => value / total(values));

/** How many of the likeliest first reach p. */
function countReaching(shares: number[], p: number): number {
  let sum = 0;
  return shares.toSorted((a, b) => b - a).filter((share) => {
    const needed = sum < p;
    sum += share;
    return needed;
  }).length;
}

/** The likeliest alone, as many as wanted; the others get 0. */
function likeliest(shares: number[], count: number): number[] {
  const kept = shares.toSorted((a, b) => b - a).slice(0, Math.max(1, count));
  return shares.map((share) => kept.includes(share) ? share : 0);
}

const topP: Shares = (shares, p) => normalised(likeliest(shares, countReaching(shares, p)));

interface Ways {
  temperature?: number;
  topK?: number;
  topP?: number;
}
type SharesFor = (logits: number[], ways: Ways) => number[];

/** A sampler with parts left out or exchanged. */
const sampler = (
  { heat = (logit: number, temperature: number) => logit / temperature, k = true, p = true } = {},
): SharesFor =>
(logits, { temperature = 1, topK, topP: reach }) => {
  const highest = largestOf(logits);
  let shares = normalised(logits.map((logit) => Math.exp(heat(logit - highest, temperature))));
  if (k && topK !== undefined) shares = normalised(likeliest(shares, topK));
  if (p && reach !== undefined) shares = topP(shares, reach);
  return shares;
};

/** The tasks in the order of the notebook. */
export const exercises = [
  exercise<AdamWStep, [number, number, number, AdamW]>({
    name: "adamw-step",
    task: "one weight after a step of AdamW",
    inputs: (rng) => [
      between(rng, 1, 3),
      rng.normal(),
      between(rng, 0.5, 2),
      { learningRate: between(rng, 0.05, 0.2), weightDecay: between(rng, 0.1, 0.9) },
    ],
    reference: stepOf(decayed),
    hints: [
      { whenever: stepOf((weight) => weight), say: "The weight does not shrink yet" },
      {
        whenever: stepOf((weight, { weightDecay }) => weight * (1 - weightDecay)),
        say: "It shrinks too much: by the learning rate times the decay",
      },
      {
        whenever: stepOf(decayed, (m, v) => m / (v + 1e-8)),
        say: "Divide by the root of v",
      },
      {
        whenever: stepOf(decayed, (m, v) => -m / (Math.sqrt(v) + 1e-8)),
        say: "It walks uphill: subtract Adam's step",
      },
      { whenever: stepOf(decayed, () => 0), say: "It shrinks, and Adam's step is missing" },
    ],
  }),
  exercise<RateAt, [number, Schedule]>({
    name: "warm-up-and-cosine",
    task: "the learning rate of a step",
    inputs: (rng) => [rng.integer(60), { peak: between(rng, 1, 2), warmUp: 20, steps: 60 }],
    trials: 8,
    reference: schedule(warming, cooling),
    hints: [
      {
        whenever: schedule((step, { peak, warmUp }) => peak * step / warmUp, cooling),
        say: "The first step has a rate of 0: steps are counted from 0, so take step + 1",
      },
      { whenever: cooling, say: "It does not warm up" },
      {
        whenever: schedule(warming, (_step, { peak }) => peak),
        say: "After warming up it stays at the peak",
      },
      {
        whenever: schedule(warming, (step, { peak, steps }) => peak * halfCosine(step / steps)),
        say: "The cosine begins after warming up: take the share of the steps that remained then",
      },
      {
        whenever: schedule(
          warming,
          (step, { peak, warmUp, steps }) => peak * (1 - (step - warmUp) / (steps - warmUp)),
        ),
        say: "That is a straight line down, not half a cosine",
      },
    ],
  }),
  exercise<Clip, [number[][], number]>({
    name: "clip-gradients",
    task: "all gradients together no longer than a limit",
    inputs: (rng) => [[normals(rng, 1), normals(rng, 2), normals(rng, 3)], between(rng, 0.3, 4)],
    trials: 8,
    reference: (gradients, limit) =>
      scaled(gradients, () => Math.min(1, limit / lengthOf(gradients.flat()))),
    hints: [
      {
        whenever: (gradients, limit) => scaled(gradients, () => limit / lengthOf(gradients.flat())),
        say: "Gradients that are short enough must stay: the factor is at most 1",
      },
      {
        whenever: (gradients, limit) =>
          scaled(gradients, (list) => Math.min(1, limit / lengthOf(list))),
        say: "Each parameter is clipped by itself: take the length of all together",
      },
      {
        whenever: (gradients, limit) =>
          gradients.map((list) => list.map((value) => Math.max(-limit, Math.min(limit, value)))),
        say:
          "Each number is cut off by itself, which changes the direction: multiply all by one factor",
      },
      {
        whenever: (gradients, limit) =>
          scaled(gradients, () => Math.min(1, limit / lengthOf(gradients.flat()) ** 2)),
        say: "The root is missing: the length is the root of the sum of squares",
      },
    ],
  }),
  exercise<Shares, [number[], number]>({
    name: "top-p",
    task: "the fewest likeliest that together reach p, as shares",
    inputs: (rng) => [
      normalised(Array.from({ length: 6 }, () => between(rng, 0.02, 1) ** 2)),
      between(rng, 0.3, 0.95),
    ],
    reference: topP,
    hints: [
      {
        whenever: (shares, p) => likeliest(shares, countReaching(shares, p)),
        say: "The right ones are kept; now let them sum to 1 again",
      },
      {
        whenever: (shares, p) => normalised(likeliest(shares, countReaching(shares, p) - 1)),
        say: "One too few: the one that reaches p stays in",
      },
      {
        whenever: (shares, p) => normalised(shares.map((share) => share >= p ? share : 0)),
        say: "p is for the sum of those kept, not for each",
      },
      {
        whenever: (shares, p) => {
          const kept = shares.slice(
            0,
            1 + shares.findIndex((_, i) => total(shares.slice(0, i + 1)) >= p),
          );
          return normalised(shares.map((share, i) => i < kept.length ? share : 0));
        },
        say: "You take them in the order of the list: take the likeliest first",
      },
    ],
  }),
  exercise<SharesFor, [number[], Ways]>({
    name: "sampler-from-memory",
    task: "the shares from which one draws: temperature, then top-k, then top-p",
    inputs: (rng) => {
      const ways: Ways = {};
      if (rng.uniform() < 0.8) ways.temperature = between(rng, 0.4, 2);
      if (rng.uniform() < 0.7) ways.topK = 2 + rng.integer(3);
      if (rng.uniform() < 0.7) ways.topP = between(rng, 0.5, 0.9);
      return [normals(rng, 6), ways];
    },
    trials: 12,
    reference: sampler(),
    hints: [
      {
        whenever: (logits, { temperature = 1, topK, topP: reach }) => {
          let shares = sampler()(logits, { temperature });
          if (reach !== undefined) shares = topP(shares, reach);
          return topK === undefined ? shares : normalised(likeliest(shares, topK));
        },
        say: "Top-k comes before top-p",
      },
      { whenever: sampler({ k: false }), say: "Top-k is missing" },
      { whenever: sampler({ p: false }), say: "Top-p is missing" },
      { whenever: sampler({ heat: (logit) => logit }), say: "The temperature is missing" },
      {
        whenever: sampler({ heat: (logit, temperature) => logit * temperature }),
        say: "Divide the logits by the temperature: a low one makes the likely likelier",
      },
    ],
  }),
];
