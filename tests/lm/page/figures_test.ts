import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  analyseEmbeddings,
  observePositions,
  projectToPlane,
} from "../../../lib/lm/analysis/mod.ts";
import type { NeuralModel } from "../../../lib/lm/language_model.ts";
import { askedSection } from "../../../lib/lm/page/asked.ts";
import { bigramItems } from "../../../lib/lm/page/bigram.ts";
import { lossCurves } from "../../../lib/lm/page/curves.ts";
import { embeddingItems } from "../../../lib/lm/page/embeddings.ts";
import { verdictSection } from "../../../lib/lm/page/overview.ts";
import { samplesSection } from "../../../lib/lm/page/samples.ts";
import { stateItems } from "../../../lib/lm/page/states.ts";
import { buildTextPage } from "../../../lib/lm/page/text.ts";
import { openGrammarTask } from "../../../lib/lm/run/grammar_task.ts";
import type { JudgedModel } from "../../../lib/lm/run/judge_model.ts";
import { initialModel } from "../../../lib/lm/run/learn.ts";
import type { GrammarMilestone, TextMilestone } from "../../../lib/lm/run/milestone.ts";
import { milestoneDefaults } from "../../../lib/lm/run/options.ts";
import { type Figure, page, type PageItem } from "../../../lib/plot/mod.ts";
import { ready } from "../../../lib/tensor/mod.ts";

interface Trace {
  name: string;
  x: number[];
  y: number[];
  z: number[][];
  error_y: { array: number[]; arrayminus: number[] };
}
const traces = (item: PageItem | undefined) => (item as Figure).data as unknown as Trace[];
const figures = (items: readonly PageItem[]) => items.filter((item) => "data" in item);
const rounded = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(6)));

const options = {
  ...{ ...milestoneDefaults, grammar: "parity", n: 2, scale: 1 },
  ...{ train: 60, valid: 10, test: 30, seed: 1 },
};

/** A model of the run, not trained, as a page looks into it. */
async function inside(name: string) {
  await ready("simd");
  const task = openGrammarTask(options);
  const untrained = () => initialModel(name, { task, options }) as NeuralModel;
  return { task, model: untrained(), untrained, seed: options.seed };
}

Deno.test("the curves of a run are the loss on unseen text by pass, and the training loss by step", () => {
  const history = {
    epochs: [{ epoch: 1, trainLoss: 9, validLoss: 3 }, { epoch: 2, trainLoss: 8, validLoss: 2 }],
    steps: [{ step: 5, loss: 7 }, { step: 10, loss: 6 }],
  };
  const models = [{ model: { name: "gru" }, history }] as unknown as JudgedModel[];
  const [valid, train] = lossCurves(models, { title: "", x: "epoch", references: [] });
  assertEquals([traces(valid)[0]!.x, traces(valid)[0]!.y], [[1, 2], [3, 2]]);
  assertEquals([traces(train)[0]!.x, traces(train)[0]!.y], [[5, 10], [7, 6]]);
});

Deno.test("character vectors lie where the analysis puts them, by class", async () => {
  const { model, task, ...rest } = await inside("mlp-1");
  const { classes, labels, x, y } = (await analyseEmbeddings(model, task.grammar))!;
  const [map] = figures(await embeddingItems({ model, task, ...rest }));
  assertEquals(traces(map).map(({ name }) => name), classes);
  for (const [label, trace] of traces(map).entries()) {
    const of = (values: readonly number[]) => rounded(values.filter((_, i) => labels[i] === label));
    assertEquals([trace.x, trace.y], [of(x), of(y)]);
  }
  model.dispose();
});

Deno.test("a recurrent model's states are coloured by the grammar's, under their names", async () => {
  const { model, task, ...rest } = await inside("rnn");
  const { grammar, corpus: { test: { encoded } } } = task;
  const points = await observePositions(model, { grammar, encoded, name: "hidden" });
  const { x } = projectToPlane(points.rows);
  const names = grammar.automaton.states.map(({ label }) => label || "start");
  const [map] = figures(await stateItems({ model, task, ...rest }));
  const expected = names.map((name, state) => ({
    name,
    x: rounded(x.filter((_, i) => points.states[i] === state)),
  })).filter(({ x }) => x.length > 0);
  assertEquals(traces(map).map(({ name, x }) => ({ name, x })), expected);
  model.dispose();
});

Deno.test("each row of a bigram table, the true one too, sums to one with the end", async () => {
  const { model, ...rest } = await inside("bigram");
  const [maps] = figures(await bigramItems({ model, ...rest }));
  const tables = traces(maps).map(({ z }) => z);
  assertEquals(tables.length, 3);
  for (const table of tables) {
    for (const row of table) assertAlmostEquals(row.reduce((sum, p) => sum + p, 0), 1, 1e-4);
  }
  model.dispose();
});

Deno.test("whiskers reach from the lower to the upper end of an interval", () => {
  const generated = { accuracy: 0.5, ci95: [0.4, 0.8], new: 100, unique: 100, samples: 100 };
  const report = {
    grammar: { idealMembership: [] },
    models: [{ name: "gru", generated, kind: "trained", mistakes: [], trainSeconds: 1 }],
  };
  const { items } = verdictSection({ report } as unknown as GrammarMilestone);
  const [{ error_y: { array, arrayminus } }] = traces(items[0]) as [Trace];
  assertAlmostEquals(array[0]!, 30, 1e-4);
  assertAlmostEquals(arrayminus[0]!, 10, 1e-4);
});

Deno.test("of what a model wrote, wrong strings are shown too, and before the right ones", async () => {
  await ready("simd");
  const task = openGrammarTask(options);
  const right = task.corpus.train.strings.filter((text) => text.length > 1).slice(0, 20);
  const alphabet = task.grammar.alphabet;
  const wrong = alphabet.flatMap((a) => alphabet.map((b) => a + b + a + b))
    .filter((text) => !task.grammar.check(text).valid).slice(0, 9);
  const external = [{ name: "friend", samples: [...right, ...wrong].map((text) => ({ text })) }];
  const milestone = { task, models: [], external } as unknown as GrammarMilestone;
  const shown = page({ title: "t", sections: [await samplesSection(milestone)] });
  assertEquals(shown.match(/class="reason"/g)?.length, 6); // half of a dozen
});

Deno.test("what examples teach is an excess loss, and so are the lines to measure it by", () => {
  const curve = [{ examples: 9, loss: 3.5, excessLoss: 0.5, excessError: 0.1 }];
  const asked = { curve, byLength: [], excerpts: [], rejected: {}, sampling: {}, scoring: {} };
  const report = {
    grammar: { entropyFloor: 3, idealLoss: [3.75, 3.25, 3] },
    models: [{ name: "friend", asked: { ...asked, trueMeanLength: 2 }, generated: { new: 1 } }],
  };
  const { items } = askedSection({ report } as unknown as GrammarMilestone);
  const [figure] = figures(items);
  const [band, line, ...ideal] = traces(figure);
  assertEquals([band!.y, line!.x, line!.y], [[0.7, 0.3], [10], [0.5]]);
  assertEquals(ideal.map(({ y }) => y[0]), [0.75, 0.25]);
});

Deno.test("blanks at the ends of a text that a model wrote are shown", async () => {
  const text = {
    file: "a.txt",
    kind: "lines",
    tokenizer: "characters",
    vocabulary: 5,
    characters: 9,
    bytes: 9,
    train: 3,
    valid: 3,
    test: 3,
  };
  const samples = [{ text: "  two blanks, a line\n" }];
  const built = await buildTextPage({
    report: { text, seed: 0, backend: "simd", models: [] },
    models: [{ model: { name: "gru" }, history: null, samples }],
  } as unknown as TextMilestone);
  assert(built.includes(">  two blanks, a line\n</span>"));
});
