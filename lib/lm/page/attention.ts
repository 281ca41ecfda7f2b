/** What a Transformer learned: where its heads look, and what is lost without them. */
import { bars, grid, heatMap, lines, type PageItem } from "../../plot/mod.ts";
import {
  attentionByDistance,
  attentionOn,
  besideUntrained,
  positionSimilarity,
  withoutHeads,
} from "../analysis/mod.ts";
import { evaluateAgainstGrammar } from "../judging/evaluate.ts";
import { judgeSamples } from "../judging/judge.ts";
import type { Grammar } from "../../grammar/mod.ts";
import type { GrammarTask } from "../run/grammar_task.ts";
import type { NeuralModel } from "../language_model.ts";
import { sample } from "../sampling/sample.ts";
import { percent } from "../run/report.ts";
import { drawn } from "./drawn.ts";
import { fact } from "./format.ts";
import type { Inside } from "./inside.ts";

/** Strings that are read, and written with a head silenced. */
const READ = 400;

/** Attention by distance and on a string, the model without each head, position vectors. */
export async function attentionItems(inside: Inside): Promise<PageItem[]> {
  const { model, task } = inside;
  return [
    ...await drawn("How far back each head looks", () => distanceItems(inside)),
    ...await drawn("Attention while reading", () => readingItems(model, task)),
    ...await drawn("The model without one head", () => silencedItems(inside)),
    ...model.config.positions
      ? await drawn("The position vectors", () => positionItems(inside))
      : [],
  ];
}

/** How a head is called. */
function nameOf({ layer, head }: { layer: number; head: number }): string {
  return `layer ${layer + 1}, head ${head + 1}`;
}

async function distanceItems({ model, untrained, task }: Inside): Promise<PageItem[]> {
  const { grammar, corpus } = task;
  const { trained: heads, untrained: before, shuffled } = await besideUntrained(model, {
    untrained,
    analyse: (model) => attentionByDistance(model, corpus.test.encoded.slice(0, READ)),
  });
  const curve = (name: string, y: readonly number[] | undefined) => ({ name, y: [...y ?? []] });
  return [
    lines({
      title: "How far back each head looks",
      x: "characters back (0 is the last one read)",
      y: "mean attention",
      series: [
        ...heads.map((head) => ({ ...curve(nameOf(head), head.byDistance), markers: true })),
        { ...curve("all alike", heads[0]?.uniform), dash: "dot" as const },
        ...before.map((head) => ({
          ...curve(`${nameOf(head)}, before training`, head.byDistance),
          dash: "dash" as const,
        })),
      ],
    }),
    fact(
      heads.map((head, i) =>
        `${nameOf(head)} gives the token ${head.favourite} back ${
          percent(head.beyondUniform)
        } more of its attention than looking at all alike would (before training ${
          percent(before[i]?.beyondUniform ?? 0)
        }, with shuffled weights ${percent(shuffled[i]?.beyondUniform ?? 0)}, to whichever token)`
      ).join("; ") +
        `. With N = ${grammar.n} the rule reaches ${
          grammar.n - 2
        } back from the last character read.`,
    ),
  ];
}

/** A string of a pleasant length, else any that the model reads at once, else the start of one. */
function textToRead({ longestInput }: NeuralModel, strings: readonly string[]): string {
  return strings.find(({ length }) => length >= 8 && length <= 16 && length < longestInput) ??
    strings.find(({ length }) => length < longestInput) ??
    strings[0]!.slice(0, longestInput - 1);
}

async function readingItems(
  model: NeuralModel,
  { corpus }: GrammarTask,
): Promise<PageItem[]> {
  const text = textToRead(model, corpus.test.strings);
  const maps = await attentionOn(model, text);
  const names = ["⏎", ...text];
  return [
    grid({
      title: `Attention while reading ${text}`,
      figures: maps.map(({ weights, ...head }) =>
        heatMap({
          title: nameOf(head),
          z: weights,
          columns: names,
          rows: names,
          zmin: 0,
          zmax: 1,
          square: true,
        })
      ),
    }),
  ];
}

async function silencedItems({ model, untrained, task, seed }: Inside): Promise<PageItem[]> {
  const { grammar, corpus } = task;
  const known = new Set(corpus.train.strings);
  const excess = async (model: NeuralModel) => {
    const strings = corpus.test.encoded.slice(0, READ);
    return (await evaluateAgainstGrammar(model, { grammar, strings })).excessLoss;
  };
  const judge = async () => {
    const samples = await sample(model, { count: READ, seed, maxLength: 200 });
    return judgeSamples(samples, { grammar, known }).generated.accuracy ?? 0;
  };
  const { trained, untrained: before, shuffled } = await besideUntrained(model, {
    untrained,
    analyse: (model) => ablate(model, () => excess(model)),
  });
  const accuracies = await ablate(model, judge);
  return [
    bars({
      title: "Without one head: excess loss",
      y: "nats a token",
      categories: trained.map(({ name }) => name),
      series: [
        { name: "trained", values: trained.map(({ result }) => result) },
        { name: "before training", values: before.map(({ result }) => result) },
        { name: "shuffled", values: shuffled.map(({ result }) => result) },
      ],
      references: knowingNothing(grammar),
    }),
    fact(
      "Accuracy without one head: " +
        accuracies.map(({ name, result }) => `${name} ${percent(result)}`).join(", ") + ".",
    ),
  ];
}

async function positionItems({ model, untrained }: Inside): Promise<PageItem[]> {
  const { trained, untrained: before, shuffled } = await besideUntrained(model, {
    untrained,
    analyse: (model) => positionSimilarity(model, 24),
  });
  const map = (title: string, similarity: number[][]) =>
    heatMap({
      title,
      z: similarity,
      zmin: -1,
      zmax: 1,
      colours: "diverging",
      square: true,
      columns: similarity.map((_, i) => `${i}`),
      rows: similarity.map((_, i) => `${i}`),
    });
  return [
    grid({
      title: "Position vectors: the cosine of each pair",
      columns: 3,
      figures: [
        map("trained", trained),
        map("before training", before),
        map("shuffled", shuffled),
      ],
    }),
  ];
}

/** The excess of guessing uniformly, and of what counting characters comes to with enough strings. */
function knowingNothing(grammar: Grammar): { name: string; y: number }[] {
  const floor = grammar.entropyFloor();
  return [
    { name: "uniform guess", y: Math.log(grammar.alphabet.length + 1) - floor },
    { name: "ideal 1-gram", y: grammar.idealLoss(1) - floor },
  ];
}

/** What is measured of the whole model, and with each head silenced. */
async function ablate(
  model: NeuralModel,
  measure: () => Promise<number>,
): Promise<{ name: string; result: number }[]> {
  const whole = { name: "all heads", result: await measure() };
  const silenced = await withoutHeads(model, measure);
  return [
    whole,
    ...silenced.map(({ result, ...head }) => ({ name: `without ${nameOf(head)}`, result })),
  ];
}
