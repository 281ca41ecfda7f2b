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
import { fact } from "./format.ts";

/** Strings that are read, and written with a head silenced. */
const READ = 400;

/** Attention by distance and on a string, the model without each head, position vectors. */
export async function attentionItems(
  model: NeuralModel,
  milestone: GrammarMilestone,
): Promise<PageItem[]> {
  const { grammar, corpus } = milestone.task;
  const encoded = corpus.valid.encoded.slice(0, READ);
  const heads = await attentionByDistance(model, encoded);
  const nameOf = ({ layer, head }: { layer: number; head: number }) =>
    `layer ${layer + 1}, head ${head + 1}`;
  const text = corpus.valid.strings.find(({ length }) => length >= 8 && length <= 16) ??
    corpus.valid.strings[0]!;
  const maps = await attentionOn(model, text);
  const silenced = await ablate(model, milestone);
  const similarity = await positionSimilarity(model, 24);
  const names = ["⏎", ...text];
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
    const strings = corpus.valid.encoded.slice(0, READ);
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
      name: `without layer ${layer + 1}, head ${head + 1}`,
      ...result,
    })),
  ];
}
