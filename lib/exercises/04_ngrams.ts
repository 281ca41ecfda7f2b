/** Tasks of the fourth notebook: counting contexts, drawing, the slope of softmax, an n-gram model. */
import { largestOf, smallestOf } from "../extremes.ts";
import type { Random } from "../random.ts";
import { exercise } from "./exercise.ts";

const end = "⏎";

type Counts = Map<string, Map<string, number>>;
type Count = (texts: readonly string[], k: number) => Counts;
type Lesson = { context: string; next: string };

/** Counts with the lessons of a text as given, to make wrong ones. */
const counting = (lessonsOf: (text: string, k: number) => Lesson[]): Count => (texts, k) => {
  const counts: Counts = new Map();
  for (const { context, next } of texts.flatMap((text) => lessonsOf(text, k))) {
    const row = counts.get(context) ?? new Map<string, number>();
    row.set(next, (row.get(next) ?? 0) + 1);
    counts.set(context, row);
  }
  return counts;
};

/** The lessons inside a text that is already framed. */
function inside(framed: string, k: number): Lesson[] {
  const count = Math.max(0, framed.length - k);
  return Array.from({ length: count }, (_, i) => ({
    context: framed.slice(i, i + k),
    next: framed[i + k]!,
  }));
}

const framed = (text: string, k: number) => end.repeat(k) + text + end;

function randomTexts(rng: Random): string[] {
  return Array.from(
    { length: 3 + rng.integer(3) },
    () => Array.from({ length: 1 + rng.integer(4) }, () => rng.choice("abc")).join(""),
  );
}

function shares(rng: Random, count: number): number[] {
  const weights = Array.from({ length: count }, () => 0.2 + rng.uniform());
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return weights.map((weight) => weight / sum);
}

function softmax(row: number[]): number[] {
  const weights = row.map(Math.exp);
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return weights.map((weight) => weight / sum);
}

type Draw = (shares: number[], u: number) => number;

/** The first share that reaches beyond the dart, the borders added up or not. */
const drawBy = (adds: boolean): Draw => (shares, u) => {
  let border = 0;
  for (const [index, share] of shares.entries()) {
    border = adds ? border + share : share;
    if (u < border) return index;
  }
  return shares.length - 1;
};

interface Setting {
  k: number;
  tokens: string[];
  alpha: number;
}

type Ngram = (texts: string[], setting: Setting) => (context: string, next: string) => number;

/** An n-gram model whose frame and smoothing are as given. */
const ngram = (
  frame: (text: string, k: number) => string,
  smooth: (seen: number, all: number, setting: Setting) => number,
): Ngram =>
(texts, setting) => {
  const counts = counting((text, k) => inside(frame(text, k), k))(texts, setting.k);
  return (context, next) => {
    const row = counts.get(context) ?? new Map<string, number>();
    const all = [...row.values()].reduce((sum, count) => sum + count, 0);
    return smooth(row.get(next) ?? 0, all, setting);
  };
};

const laplace = (seen: number, all: number, { alpha, tokens }: Setting) =>
  (seen + alpha) / (all + alpha * tokens.length);

export const exercises = [
  exercise<Count, [string[], number]>({
    name: "count-contexts",
    task: "for each context of length k how often each token came after it, ⏎ at both ends",
    inputs: (rng) => [randomTexts(rng), 1 + rng.integer(3)],
    describe: ([texts, k]) => `${JSON.stringify(texts)} with k = ${k}`,
    use: (mine, [texts, k]) => {
      const rows = [...mine(texts, k)].map(([context, row]) =>
        [context, Object.fromEntries([...row].sort())] as const
      );
      return Object.fromEntries(rows.sort());
    },
    reference: counting((text, k) => inside(framed(text, k), k)),
    hints: [
      {
        whenever: counting((text, k) => inside(text + end, k)),
        say:
          "The first lessons are missing: before a string begins the context is filled up with ⏎",
      },
      {
        whenever: counting((text, k) => inside(end.repeat(k) + text, k)),
        say: "The last lesson is missing: after the last character comes ⏎",
      },
      {
        whenever: counting((text, k) => inside(text, k)),
        say:
          "Both ends are missing: ⏎ stands k times before the first character, once after the last",
      },
      {
        whenever: counting((text, k) => inside(end + text + end, k)),
        say: "One ⏎ before the string is enough only for k = 1: k of them fill the first context",
      },
      {
        whenever: counting((text, k) => inside(end.repeat(k) + text + end.repeat(k), k)),
        say: "One ⏎ after the string is enough: it is predicted once",
      },
      {
        whenever: counting((text, k) => inside(framed(text, k + 1), k + 1)),
        say: "Your contexts are one character too long: k counts those before the predicted one",
      },
      {
        whenever: (texts, k) => {
          const counts = counting((text, k) => inside(framed(text, k), k))(texts, k);
          for (const row of counts.values()) for (const next of row.keys()) row.set(next, 1);
          return counts;
        },
        say: "Every count is 1: add to what is there already instead of setting it anew",
      },
    ],
  }),
  exercise<Draw, [number[], number]>({
    name: "draw",
    task: "the index of the share that a dart between 0 and 1 hits",
    inputs: (rng) => [shares(rng, 4), rng.uniform()],
    trials: 30,
    describe: ([list, u]) =>
      `shares ${list.map((share) => share.toFixed(3)).join(", ")}, u = ${u.toFixed(3)}`,
    reference: drawBy(true),
    hints: [
      {
        whenever: (list) => list.indexOf(largestOf(list)),
        say: "That is always the likeliest one: the dart u must decide",
      },
      {
        whenever: (list, u) => {
          const apart = list.map((share) => Math.abs(share - u));
          return apart.indexOf(smallestOf(apart));
        },
        say:
          "That is the share whose size is nearest to the dart: add up the shares to get borders",
      },
      {
        whenever: drawBy(false),
        say: "You compare the dart with each share alone: add up the shares to get the borders",
      },
      {
        whenever: (list, u) => Math.floor(u * list.length),
        say: "That draws all alike: the wider a share, the more often it should be hit",
      },
      {
        whenever: (list, u) => drawBy(true)(list, u) + 1,
        say: "One too far: it looks as if you count from 1",
      },
      {
        whenever: (list, u) => list[drawBy(true)(list, u)]!,
        say: "That is the share that was hit: return its index",
      },
    ],
  }),
  exercise<(row: number[], next: number) => number[], [number[], number]>({
    name: "softmax-gradient",
    task: "the slope of the loss −ln P(next) by each logit of the row",
    inputs: (rng) => [Array.from({ length: 4 }, rng.normal), rng.integer(4)],
    describe: ([row, next]) =>
      `logits ${row.map((logit) => logit.toFixed(3)).join(", ")}, next = ${next}`,
    reference: (row, next) => softmax(row).map((share, t) => share - (t === next ? 1 : 0)),
    hints: [
      {
        whenever: (row, next) => softmax(row).map((share, t) => (t === next ? 1 : 0) - share),
        say: "Observed minus predicted is the way downhill; the slope itself is predicted minus " +
          "observed",
      },
      {
        whenever: (row) => softmax(row),
        say: "Those are the predicted shares: take off what was observed, 1 at `next`",
      },
      {
        whenever: (row, next) => row.map((logit, t) => logit - (t === next ? 1 : 0)),
        say: "You take the logits for the shares: softmax comes first",
      },
      {
        whenever: (row, next) => softmax(row).map((share, t) => t === next ? share - 1 : 0),
        say:
          "The slope at `next` is right, but the other logits have slopes too: raising them takes " +
          "from its share",
      },
      {
        whenever: (row, next) => softmax(row).map((share, t) => t === next ? -1 / share : 0),
        say: "That is the slope by the share itself: go on with the chain rule through softmax",
      },
    ],
  }),
  exercise<Ngram, { texts: string[]; setting: Setting }>({
    name: "ngram-from-memory",
    task: "(texts, { k, tokens, alpha }) => (context, next) => P",
    inputs: (rng) => ({
      texts: randomTexts(rng),
      setting: {
        k: 1 + rng.integer(3),
        tokens: [end, "a", "b", "c"],
        alpha: 0.1 + rng.uniform(),
      },
    }),
    describe: ({ texts, setting: { k, alpha } }) =>
      `${JSON.stringify(texts)} with k = ${k}, α = ${alpha.toFixed(3)}, at all contexts and "cc…"`,
    use: (mine, { texts, setting }) => {
      const { k, tokens } = setting;
      const model = mine(texts, setting);
      const contexts = texts.flatMap((text) => inside(framed(text, k), k))
        .map(({ context }) => context);
      return ["c".repeat(k), ...new Set(contexts)].map((context) =>
        tokens.map((next) => model(context, next))
      );
    },
    reference: ngram(framed, laplace),
    hints: [
      {
        whenever: ngram(framed, (seen, all, { alpha }) => (seen + alpha) / (all + alpha)),
        say:
          "The shares of a context do not add up to 1: each of the V tokens gets α, so divide by " +
          "the sum plus α times V",
      },
      {
        whenever: ngram(framed, (seen, all) => seen / all),
        say: "α is not used, so what was never seen gets 0, or 0/0 after a new context",
      },
      {
        whenever: ngram(
          framed,
          (seen, all, { alpha, tokens }) =>
            all === 0 ? 0 : laplace(seen, all, { k: 0, alpha, tokens }),
        ),
        say: "After a context that was never seen you answer 0: there all tokens are alike, 1/V",
      },
      {
        whenever: ngram((text) => text + end, laplace),
        say: "The beginnings are not counted: put k times ⏎ before each text",
      },
      {
        whenever: ngram((text, k) => end.repeat(k) + text, laplace),
        say: "The ends are not counted: after the last character comes ⏎",
      },
    ],
  }),
];
