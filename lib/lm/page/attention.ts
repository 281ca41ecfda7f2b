/** What a Transformer learned: where its heads look, and what is lost without them. */
import { bars, grid, heatMap, lines, type PageItem } from "../../plot/mod.ts";
import {
  attentionByDistance,
  attentionOn,
  positionSimilarity,
  withoutHeads,
} from "../analysis/mod.ts";
import { evaluateAgainstGrammar } from "../judging/evaluate.ts";
import { judgeSamples } from "../judging/judge.ts";
import type { GrammarMilestone } from "../run/milestone.ts";
import type { NeuralModel } from "../language_model.ts";
import { sample } from "../sampling/sample.ts";
import { percent } from "../run/report.ts";
import { drawn } from "./drawn.ts";
import { fact } from "./format.ts";

/** Strings that are read, and written with a head silenced. */
const READ = 400;

/** Attention by distance and on a string, the model without each head, position vectors. */
export async function attentionItems(
  model: NeuralModel,
  milestone: GrammarMilestone,
): Promise<PageItem[]> {
  return [
    ...await drawn("How far back each head looks", () => distanceItems(model, milestone)),
    ...await drawn("Attention while reading", () => readingItems(model, milestone)),
    ...await drawn("The model without one head", () => silencedItems(model, milestone)),
    ...await drawn("The position vectors", () => positionItems(model)),
  ];
}

/** How a head is called. */
function nameOf({ layer, head }: { layer: number; head: number }): string {
  return `layer ${layer + 1}, head ${head + 1}`;
}

async function distanceItems(
  model: NeuralModel,
  { task: { grammar, corpus } }: GrammarMilestone,
): Promise<PageItem[]> {
  const heads = await attentionByDistance(model, corpus.test.encoded.slice(0, READ));
  return [
    lines({
      title: "How far back each head looks",
      x: "characters back (0 is the last one read)",
      y: "mean attention",
      series: heads.map((head) => ({ name: nameOf(head), y: head.byDistance, markers: true })),
    }),
    fact(
      heads.map((head) => `${nameOf(head)} looks most at ${head.favourite} back`).join("; ") +
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
  { task: { corpus } }: GrammarMilestone,
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

async function silencedItems(
  model: NeuralModel,
  milestone: GrammarMilestone,
): Promise<PageItem[]> {
  const silenced = await ablate(model, milestone);
  return [
    bars({
      title: "Without one head: excess loss",
      y: "nats a token",
      categories: silenced.map(({ name }) => name),
      series: [{ name: "excess loss", values: silenced.map(({ excessLoss }) => excessLoss) }],
    }),
    fact(
      "Accuracy without one head: " +
        silenced.map(({ name, accuracy }) => `${name} ${percent(accuracy)}`).join(", ") + ".",
    ),
  ];
}

async function positionItems(model: NeuralModel): Promise<PageItem[]> {
  const similarity = await positionSimilarity(model, 24);
  return [
    heatMap({
      title: "Position vectors: the cosine of each pair",
      z: similarity,
      zmin: -1,
      zmax: 1,
      colours: "diverging",
      square: true,
      columns: similarity.map((_, i) => `${i}`),
      rows: similarity.map((_, i) => `${i}`),
    }),
  ];
}

/** Loss and accuracy of the whole model, and with each head silenced. */
async function ablate(
  model: NeuralModel,
  { task: { grammar, corpus }, report }: GrammarMilestone,
): Promise<{ name: string; excessLoss: number; accuracy: number }[]> {
  const known = new Set(corpus.train.strings);
  const measure = async () => {
    const strings = corpus.test.encoded.slice(0, READ);
    const { excessLoss } = await evaluateAgainstGrammar(model, { grammar, strings });
    const samples = await sample(model, { count: READ, seed: report.seed, maxLength: 200 });
    const { generated } = judgeSamples(samples, { grammar, known });
    return { excessLoss, accuracy: generated.accuracy ?? 0 };
  };
  const whole = { name: "all heads", ...await measure() };
  const silenced = await withoutHeads(model, measure);
  return [
    whole,
    ...silenced.map(({ layer, head, result }) => ({
      name: `without ${nameOf({ layer, head })}`,
      ...result,
    })),
  ];
}
