import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { UsageError } from "../../../lib/command/mod.ts";
import { createCountModel } from "../../../lib/lm/models/count_ngram.ts";
import { buildTextPage } from "../../../lib/lm/page/text.ts";
import { evaluateBatches } from "../../../lib/lm/judging/evaluate.ts";
import { type MilestoneHooks, runTask } from "../../../lib/lm/run/milestone.ts";
import { textDefaults, type TextRunOptions } from "../../../lib/lm/run/options.ts";
import type { JudgedModel } from "../../../lib/lm/run/judge_model.ts";
import { learn } from "../../../lib/lm/run/learn.ts";
import { formatReport } from "../../../lib/lm/run/report.ts";
import { openTextTask } from "../../../lib/lm/run/text_task.ts";
import type { TrainingState } from "../../../lib/lm/training/state.ts";
import { createVocabulary } from "../../../lib/lm/data/vocabulary.ts";

const folder = `tests/.tmp/text-milestone-${crypto.randomUUID()}`;
await Deno.mkdir(folder, { recursive: true });

const names = `${folder}/names.txt`;
const syllables = ["ka", "ri", "to", "mé"];
const words = syllables.flatMap((a) => syllables.flatMap((b) => [`${a}${b}`, `${a}${b}${a}`]));
await Deno.writeTextFile(names, words.join("\n"));

const novel = `${folder}/novel.txt`;
await Deno.writeTextFile(novel, `${words.join(" ")} <b>&amp;</b>\n`.repeat(30));

const small: TextRunOptions = {
  ...textDefaults,
  ...{ text: names, tokenFile: `${folder}/tokens.bin`, scale: 1, layers: 1, heads: 2 },
  ...{ generate: 10, epochs: 2, steps: 12, batch: 4, valid: 20, backend: "simd" },
};

async function run(settings: Partial<TextRunOptions>, hooks: MilestoneHooks = {}) {
  const options = { ...small, ...settings };
  return await runTask(await openTextTask(options), { options, hooks });
}

/** How often a model wrote while it was learning. */
function samplesOnTheWay({ history }: JudgedModel): number {
  return history!.epochs.filter(({ sample }) => sample !== undefined).length;
}

Deno.test("a run on lines judges every kind of model, in the shape of any report", async () => {
  const milestone = await run({});
  const { report } = milestone;
  assertEquals(
    report.models.map(({ name }) => name),
    ["random", "count-1", "count-2", "count-3", "bigram", "mlp-3", "rnn", "gru", "transformer"],
  );
  const { train, valid, test } = report.corpus;
  assertEquals([report.grammar, train, valid, test], [null, 26, 3, 3]);
  for (const model of report.models) {
    assertAlmostEquals(model.bitsPerCharacter! * Math.LN2, model.testLoss!, 1e-9);
    assertEquals([model.generated.total, model.generated.valid], [10, null]);
    assert(model.generated.new <= model.generated.unique);
  }
  assertAlmostEquals(report.models[0]!.validLoss!, Math.log(report.text.vocabulary), 1e-6);
  const table = formatReport(report);
  assert(table.split("\n").slice(2).every((line) => line.length <= 80), table);
  assertEquals((await buildTextPage(milestone)).includes("Who learned names.txt?"), true);
  milestone.dispose();
});

Deno.test("a run on one text of byte pairs counts bits by characters, and shows hostile text as text", async () => {
  const milestone = await run({
    ...{ text: novel, context: 8, tokenizer: "bpe", vocab: 270, models: ["count-2", "gru"] },
  });
  const [counted, gru] = milestone.models;
  assertEquals(samplesOnTheWay(gru!), 10);
  const { testLoss, bitsPerCharacter } = counted!.report;
  assert(bitsPerCharacter! * Math.LN2 < testLoss! / 1.5); // a token is two characters and more
  const page = await buildTextPage(milestone);
  assertEquals(page.includes("<b>&amp;</b>"), false);
  milestone.dispose();
});

Deno.test("the same seed gives the same samples and losses, another one others", async () => {
  const settings = { text: novel, context: 8, models: ["mlp-2"] };
  const untimed = async (seed: number) => {
    const { models, report, dispose } = await run({ ...settings, seed });
    dispose();
    return { samples: models[0]!.samples, loss: report.models[0]!.validLoss };
  };
  const first = await untimed(1);
  assertEquals(await untimed(1), first);
  assert((await untimed(2)).loss !== first.loss);
});

Deno.test("a run that is killed and goes on ends with the weights of one that was not", async () => {
  const settings = { text: novel, context: 8, models: ["transformer"] };
  const states: TrainingState[] = [];
  const whole = await run(settings, {
    onCheckpoint: (_, state) => {
      states.push(state);
      return Promise.resolve();
    },
  });
  const again = await run(settings, { resume: () => states[4] });
  assertEquals(again.models[0]!.samples, whole.models[0]!.samples);
  assertEquals(again.report.models[0]!.validLoss, whole.report.models[0]!.validLoss);
  assertEquals(samplesOnTheWay(again.models[0]!), 10);
  [whole, again].forEach(({ dispose }) => dispose());
});

Deno.test("evaluateBatches() measures what is worked by hand", async () => {
  const vocabulary = createVocabulary("ab");
  const strings = [vocabulary.encode("aab")]; // P(a) = 1/2, P(b) = P(end) = 1/4
  const model = createCountModel({ order: 1, vocabulary, strings });
  const batch = {
    ...{ size: 1, length: 3, tokens: 2 },
    inputs: Int32Array.of(0, 1, 2),
    targets: Int32Array.of(-1, 1, 2),
  };
  const { loss, bitsPerCharacter } = await evaluateBatches(model, [batch]);
  assertAlmostEquals(loss, (Math.log(2) + Math.log(4)) / 2, 1e-6);
  assertAlmostEquals(bitsPerCharacter, 1.5, 1e-6);
});

for (
  const [settings, message] of [
    [{ models: ["nope"] }, "got nope"],
    [{ models: ["count-0"] }, "got count-0"],
    [{ models: [] }, "at least one model"],
    [{ width: 9, heads: 2 }, "a width that 2 heads share evenly, got 9"],
    [{ context: 1 }, "a context of at least 2 tokens, got 1"],
    [{ tokenizer: "bpe", vocab: 100 }, "257 to 65536 tokens, got 100"],
  ] as const
) {
  Deno.test(`a run on a text with ${JSON.stringify(settings)} is refused`, async () => {
    const options = { ...small, ...settings } as TextRunOptions;
    const task = await openTextTask(small);
    await assertRejects(() => runTask(task, { options }), UsageError, message);
    task.dispose();
  });
}

Deno.test("each loss of a report is that of its own part of the text", async () => {
  const parts = `${folder}/parts.txt`;
  await Deno.writeTextFile(parts, "aaab".repeat(400) + "aabb".repeat(50) + "abbb".repeat(50));
  const task = await openTextTask({ ...small, text: parts, context: 8 });
  const { vocabulary, strings } = task.ingredients;
  const model = createCountModel({ order: 1, vocabulary, strings: strings() });
  const lossOn = async (part: "train" | "valid" | "test") =>
    (await evaluateBatches(model, task.data.batches(part))).loss;
  const { trainLoss, validLoss, testLoss } = await task.evaluate(model);
  const losses = [await lossOn("train"), await lossOn("valid"), await lossOn("test")];
  assertEquals([trainLoss, validLoss, testLoss], losses);
  assert(losses[0]! < losses[1]! && losses[1]! < losses[2]!, `${losses}`);
  task.dispose();
});

Deno.test("a text is searched once for what all models wrote", async () => {
  const task = await openTextTask({ ...small, text: novel, context: 8 });
  const judged: number[] = [];
  const watched = {
    ...task,
    judge: (written: Parameters<typeof task.judge>[0]) => {
      judged.push(written.length);
      return task.judge(written);
    },
  };
  const options = { ...small, text: novel, context: 8, models: ["random", "count-2"] };
  (await runTask(watched, { options })).dispose();
  assertEquals(judged, [2]);
});

Deno.test("a text written in one piece is judged by all of its passages", async () => {
  const task = await openTextTask({ ...small, text: novel, context: 8 });
  const known = words.join(" ").slice(0, 20);
  const samples = [
    { text: `${known}${"x".repeat(20)}${known}y`, finished: false },
    { text: "x".repeat(45), finished: true },
  ];
  const worths = await task.judge([samples, samples.slice(1)]);
  const numbers = worths.map(({ generated: { total, unique, new: fresh, unfinished } }) => [
    ...[total, unique, fresh, unfinished],
  ]);
  assertEquals(numbers, [[5, 2, 1, 1], [2, 1, 1, 0]]);
  task.dispose();
});

Deno.test("what counting saw is the training part, with the ends of lines", async () => {
  const counted = async (settings: Partial<TextRunOptions>) => {
    const options = { ...small, ...settings };
    const task = await openTextTask(options);
    const { tokens } = await learn("count-1", { task, options, hooks: {} });
    const ends = settings.context === undefined ? 1 : 0;
    const trained = [...task.data.trainStrings()].reduce(
      (sum, { length }) => sum + length + ends,
      0,
    );
    task.dispose();
    return { tokens, trained };
  };
  for (const settings of [{}, { text: novel, context: 8 }]) {
    const { tokens, trained } = await counted(settings);
    assertEquals(tokens, trained);
  }
});
