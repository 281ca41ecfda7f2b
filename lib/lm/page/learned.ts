/** What each architecture learned, read out of its weights and drawn with its number. */
import type { Grammar } from "../../grammar/mod.ts";
import { automatonToDot } from "../../grammar/mod.ts";
import {
  bars,
  type Figure,
  graph,
  grid,
  heatMap,
  lines,
  type PageItem,
  scatter,
  type Section,
} from "../../plot/mod.ts";
import {
  analyseEmbeddings,
  attentionByDistance,
  attentionOn,
  compareBigrams,
  type EmbeddingAnalysis,
  observePositions,
  positionSimilarity,
  probeLabels,
  projectToPlane,
  recoverAutomaton,
  withoutHeads,
} from "../analysis/mod.ts";
import { createCountModel } from "../count.ts";
import { evaluateAgainstGrammar } from "../evaluate.ts";
import { judgeSamples } from "../judge.ts";
import type { JudgedModel } from "../judge_model.ts";
import type { Milestone } from "../milestone.ts";
import type { NeuralModel } from "../model.ts";
import { isNeural } from "../models.ts";
import { sample } from "../sample.ts";
import { fact } from "./overview.ts";

/** Strings that the analyses read: enough for every state to come up hundreds of times. */
const READ = 400;

/** Points that a scatter plot shows; more hide each other. */
const DRAWN = 1500;

/** A section for each model that has weights to look into. */
export async function learnedSections(milestone: Milestone): Promise<Section[]> {
  const sections: Section[] = [];
  for (const { model } of milestone.models.filter(hasWeights)) {
    const items = await lookInto(model, milestone);
    if (items.length > 0) sections.push({ title: `Inside ${model.name}`, items });
  }
  return sections;
}

function hasWeights(trained: JudgedModel): trained is JudgedModel & { model: NeuralModel } {
  return isNeural(trained.model);
}

async function lookInto(model: NeuralModel, milestone: Milestone): Promise<PageItem[]> {
  const { grammar } = milestone;
  const embeddings = await analyseEmbeddings(model, grammar);
  const items: PageItem[] = [];
  if (model.architecture === "bigram") items.push(...await bigramItems(model, milestone));
  else if (embeddings) items.push(...embeddingItems(embeddings));
  if (["rnn", "gru"].includes(model.architecture)) {
    items.push(...await stateItems(model, { milestone, name: "hidden" }));
  }
  if (model.architecture === "transformer") items.push(...await attentionItems(model, milestone));
  return items;
}

async function bigramItems(
  model: NeuralModel,
  { grammar, corpus }: Milestone,
): Promise<PageItem[]> {
  const { vocabulary, train } = corpus;
  const counted = createCountModel({ order: 2, vocabulary, strings: train.encoded });
  const tokens = Array.from({ length: vocabulary.size }, (_, token) => token);
  const truth = tokens.map((last) => trueSuccessors(grammar, { last, vocabulary }));
  const table = await compareBigrams(model, { counted, truth });
  const names = tokens.map((token) => vocabulary.symbol(token));
  const map = (title: string, z: number[][]) =>
    heatMap({ title, z, columns: names, rows: names, zmin: 0, zmax: 0.06 });
  return [
    fact(
      `Over all pairs that were seen, the log-probabilities of the trained table correlate with ` +
        `those of the counts by ${
          table.withCounts.toFixed(4)
        }, and with those of the best bigram ` +
        `model there can be by ${table.withTruth.toFixed(4)}.`,
    ),
    grid({
      title: "P(next | last): trained, counted and true",
      columns: 3,
      figures: [
        map("trained", table.model),
        map("counted", table.counted),
        map("true", table.truth),
      ],
    }),
  ];
}

/** P(next | last) of the best bigram model, in token order: end first. */
function trueSuccessors(
  grammar: Grammar,
  { last, vocabulary }: { last: number; vocabulary: Milestone["corpus"]["vocabulary"] },
): number[] {
  const context = last === vocabulary.start ? "" : vocabulary.symbol(last);
  const { end, characters } = grammar.idealPrediction(context, 2);
  return [end, ...grammar.alphabet.map((character) => characters.get(character) ?? 0)];
}

function embeddingItems(embeddings: EmbeddingAnalysis): PageItem[] {
  const { classes, labels, characters, x, y, explained, separation, nearestMean } = embeddings;
  const of = (label: number) => labels.keys().filter((i) => labels[i] === label).toArray();
  return [
    scatter({
      title: "Character vectors, seen from their widest side",
      labels: characters.length < 100,
      equalAxes: true,
      series: classes.map((name, label) => ({
        name,
        x: of(label).map((i) => x[i]!),
        y: of(label).map((i) => y[i]!),
        text: of(label).map((i) => characters[i]!),
      })),
    }),
    fact(
      `${percent(separation)} of what tells the vectors apart tells the classes apart, and ` +
        `${percent(nearestMean)} of the characters lie nearest to their own class. The picture ` +
        `shows ${percent(explained)} of all differences.`,
    ),
  ];
}

async function stateItems(
  model: NeuralModel,
  { milestone: { grammar, corpus }, name }: { milestone: Milestone; name: string },
): Promise<PageItem[]> {
  const encoded = corpus.valid.encoded.slice(0, READ);
  const points = await observePositions(model, { grammar, encoded, name });
  const probe = probeLabels(points.rows, points.states);
  const { x, y, explained } = projectToPlane(points.rows.slice(0, DRAWN));
  const states = points.states.slice(0, DRAWN);
  const recovered = await recoverAutomaton(model, { grammar, encoded, name });
  const labels = grammar.automaton.states.map(({ label }) => label || "start");
  return [
    statesFigure({ x, y, states, labels }),
    fact(
      `A linear probe reads the grammar's state off the model's with an accuracy of ` +
        `${percent(probe.accuracy)} (always guessing the most frequent one: ` +
        `${percent(probe.baseline)}). The picture shows ${percent(explained)} of all differences.`,
    ),
    await graph({
      dot: automatonToDot(recovered.automaton, "Found in the model"),
      title: "The automaton that the model made up for itself",
    }),
    fact(
      `Vectors that lie together, predict alike and lead to alike ones are taken for one state. ` +
        `States found: ${recovered.automaton.states.length}, of the grammar: ${labels.length}. ` +
        `At ${percent(recovered.agreement)} of all positions the model deems possible exactly ` +
        `what is.`,
    ),
    await graph({ dot: automatonToDot(grammar.automaton, "The grammar"), title: "The true one" }),
  ];
}

function statesFigure(
  { x, y, states, labels }: { x: number[]; y: number[]; states: number[]; labels: string[] },
): Figure {
  const used = labels.keys().filter((state) => states.includes(state)).toArray();
  const of = (state: number) => states.keys().filter((i) => states[i] === state).toArray();
  const most = 14; // more names than this are no legend
  return scatter({
    title: "The model's state after each character, coloured by the grammar's",
    equalAxes: true,
    series: used.slice(0, most).map((state) => ({
      name: labels[state]!,
      x: of(state).map((i) => x[i]!),
      y: of(state).map((i) => y[i]!),
      size: 6,
    })),
  });
}

async function attentionItems(model: NeuralModel, milestone: Milestone): Promise<PageItem[]> {
  const { grammar, corpus } = milestone;
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
  { grammar, corpus, report }: Milestone,
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

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
