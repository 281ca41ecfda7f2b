import { assertAlmostEquals, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { UsageError } from "../../../lib/command/mod.ts";
import { createGrammar } from "../../../lib/grammar/mod.ts";
import { openGrammarTask } from "../../../lib/lm/run/grammar_task.ts";
import type { JudgedModel } from "../../../lib/lm/run/judge_model.ts";
import { initialModel, learn } from "../../../lib/lm/run/learn.ts";
import { createIdealModel } from "../judging/window_models.ts";
import { exactAccuracy, linesOnStrings } from "../../../lib/lm/judging/mod.ts";
import { tf } from "../../../lib/tensor/mod.ts";
import {
  createGrammarCorpus,
  createGrammarModel,
  evaluateLoss,
  formatReport,
  type GrammarRunOptions,
  milestoneDefaults,
  type ModelReport,
  type NeuralModel,
  type Report,
  runMilestone,
  usualModels,
} from "../../../lib/lm/mod.ts";

const small: Partial<GrammarRunOptions> = {
  ...{ grammar: "parity", n: 2, train: 100, valid: 20, test: 30, generate: 10 },
  ...{ epochs: 1, seed: 5 },
};

async function report(settings: Partial<GrammarRunOptions> = {}): Promise<Report> {
  const milestone = await runMilestone({ ...small, ...settings });
  milestone.dispose();
  return milestone.report;
}

/** The report as its file would be, without what the clock says. */
function withoutTimes(report: Report): string {
  const timing = /^(trainSeconds|trainTokensPerSecond|generateTokensPerSecond)$/;
  return JSON.stringify(report, (key, value) => timing.test(key) ? undefined : value);
}

Deno.test("runMilestone() gives the same report for the same seed, another for another", async () => {
  const models = ["count-2", "mlp-1", "gru", "transformer"];
  const first = withoutTimes(await report({ models }));
  assertEquals(withoutTimes(await report({ models })), first);
  assertEquals(withoutTimes(await report({ models, seed: 6 })) === first, false);
});

Deno.test("runMilestone() reports the fields that are promised", async () => {
  const { models, ...rest } = await report();
  const grammar = createGrammar("parity", 2);
  const corpus = createGrammarCorpus(grammar, { train: 100, valid: 20, test: 30, seed: 5 });
  const judging = corpus.test.strings;
  assertEquals(rest.grammar, {
    ...{ family: "parity", n: 2, entropyFloor: grammar.entropyFloor() },
    idealLoss: [grammar.idealLoss(1), grammar.idealLoss(2)],
    onTest: linesOnStrings(grammar, { strings: judging, orders: [1, 2] }),
    idealMembership: [grammar.idealMembership(1), 1],
  });
  assertEquals([rest.seed, rest.corpus.train, rest.corpus.valid], [5, 100, 20]);
  assertEquals(models.map(({ name }) => name), [
    ...["random", "count-1", "count-2", "bigram", "mlp-1", "rnn", "gru", "transformer"],
    "grammar",
  ]);
  for (const model of models) {
    assertEquals(Object.keys(model), [
      ...["name", "parameters", "contextLength", "trainLoss", "validLoss", "testLoss"],
      ...[
        "excessLoss",
        "exactAccuracy",
        "accuracyBounds",
        "estimatedAccuracy",
        "likeliestMistake",
        "mostNeglected",
        "measuredOrder",
        "generated",
        "trainSeconds",
        "trainTokensPerSecond",
      ],
      ...["generateTokensPerSecond", "failures"],
    ]);
    assertEquals(Object.keys(model.generated), [
      ...["total", "unique", "new", "valid", "unfinished", "accuracy", "ci95"],
    ]);
    assertEquals(model.generated.total, 10);
  }
  const [random, ceiling] = [models[0]!, models.at(-1)!];
  assertAlmostEquals(random.validLoss!, Math.log(53), 1e-5);
  assertEquals([ceiling.generated.accuracy, ceiling.measuredOrder, ceiling.contextLength], [
    1,
    2,
    1,
  ]);
  assertEquals(models[5]!.contextLength, null);
});

Deno.test("runMilestone() judges on strings that neither training nor the choice of weights saw", async () => {
  const { models } = await report({ models: ["grammar"] });
  const grammar = createGrammar("parity", 2);
  const corpus = createGrammarCorpus(grammar, { train: 100, valid: 20, test: 30, seed: 5 });
  const [{ testLoss, validLoss }] = models as [ModelReport];
  const truth = createGrammarModel(grammar);
  assertAlmostEquals(testLoss!, await evaluateLoss(truth, corpus.test.encoded), 1e-6);
  assertAlmostEquals(validLoss!, await evaluateLoss(truth, corpus.valid.encoded), 1e-6);
});

Deno.test("runMilestone() frees its models", async () => {
  const before = tf.memory().numTensors;
  await report({ models: ["bigram", "rnn"] });
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("runMilestone() refuses before it works what cannot work", async () => {
  for (
    const [settings, message] of [
      [{ grammar: "sticky", n: 1 }, "Expected N of at least 3 for the sticky grammar, got 1"],
      [{ grammar: "nope" }, "got nope"],
      [{ models: ["random", "mlp-0"] }, "got mlp-0"],
      [{ models: [] }, "Expected at least one model, got none"],
    ] as const
  ) {
    const work = { startProgress: () => Promise.reject(new Error("started")) as never };
    await assertRejects(() => runMilestone({ ...small, ...settings }, work), UsageError, message);
  }
});

Deno.test("usualModels() are those of the plan", () => {
  assertEquals(usualModels(4).filter((name) => /-/.test(name)), [
    ...["count-1", "count-2", "count-3", "count-4", "mlp-2", "mlp-3"],
  ]);
});

Deno.test("formatReport() fits a terminal of 80 columns", async () => {
  const { models, ...rest } = await report({ models: ["random", "gru"] });
  const large = models.map((model) => ({
    ...model,
    ...{ name: "transformer", parameters: 1_234_567, trainSeconds: 123.456, validLoss: null },
  }));
  for (const line of formatReport({ ...rest, models: large }).split("\n")) {
    assertEquals(line.length <= 80, true, `${line.length}: ${line}`);
  }
});

Deno.test("runMilestone() makes models as large as wanted, and a Transformer as long", async () => {
  const models = ["mlp-3", "rnn", "gru", "transformer"];
  for (const weights of [1500, 9000]) {
    const sizes = { weights, scale: 1, context: 50 };
    const { models: made } = await report({ ...sizes, models, n: 4 });
    assertEquals(made.at(-1)!.contextLength, 50);
    for (const { name, parameters } of made) {
      assertAlmostEquals(parameters!, weights, 0.15 * weights, name);
    }
  }
});

Deno.test("runMilestone() stops training when its patience ends", async () => {
  const hopeless = { models: ["bigram"], learningRate: 10, epochs: 50 };
  const lengthOf = async (patience: number) => {
    const milestone = await runMilestone({ ...milestoneDefaults, ...small, ...hopeless, patience });
    milestone.dispose();
    return milestone.models[0]!.history!.epochs;
  };
  for (const patience of [1, 3]) {
    const losses = (await lengthOf(patience)).map(({ validLoss }) => validLoss);
    assertEquals(losses.length < 50, true);
    assertEquals(losses.length, losses.indexOf(Math.min(...losses)) + 1 + patience);
  }
});

Deno.test("of what a model writes, what stands in its training strings is not new", async () => {
  const milestone = await runMilestone({ ...small, generate: 200, models: ["count-2", "grammar"] });
  const trained = new Set(milestone.task.corpus.train.strings);
  for (const { samples, report: { generated } } of milestone.models) {
    const different = new Set(samples.map(({ text }) => text));
    assertEquals([generated.unique, generated.new], [
      different.size,
      different.difference(trained).size,
    ]);
    assertEquals(generated.new < generated.unique, true);
  }
  milestone.dispose();
});

Deno.test("where a model's context is finite its excess loss is the exact one", async () => {
  const milestone = await runMilestone({ ...small, models: ["mlp-1", "rnn"] });
  const [{ model, report: mlp }, { report: rnn }] = milestone.models as [JudgedModel, JudgedModel];
  const exact = await exactAccuracy(model, { grammar: milestone.task.grammar });
  assertEquals([mlp.excessLoss, mlp.exactAccuracy], [exact!.excessLoss, exact!.accuracy]);
  assertEquals(rnn.exactAccuracy, null);
  milestone.dispose();
});

Deno.test("an excess that was only sampled proves an order beyond doubt, or none", async () => {
  for (let seed = 0; seed < 8; seed++) {
    const task = openGrammarTask({
      ...{ grammar: "sticky", n: 3, train: 1, valid: 1, test: 40, epochs: 1, seed },
    });
    const ideal = createIdealModel(task.grammar, 2); // as good as the ideal bigram, and no better
    const { measuredOrder } = await task.evaluate({ ...ideal, contextLength: Infinity });
    assertEquals(measuredOrder! <= 2, true, `seed ${seed}`);
  }
});

Deno.test("each model draws its initial weights from a stream of its own, and counts what it learns", async () => {
  const options = { ...milestoneDefaults, ...small, epochs: 3 };
  const task = openGrammarTask(options);
  const table = (name: string) => {
    const model = initialModel(name, { task, options }) as NeuralModel;
    const values = [...model.parameters.get("embedding")!.dataSync()];
    model.dispose();
    return values;
  };
  assertEquals(table("rnn"), table("rnn"));
  assertNotEquals(table("rnn"), table("gru"));
  const { model, tokens } = await learn("bigram", { task, options, hooks: {} });
  assertEquals(tokens, 3 * task.tokens.epoch);
  model.dispose();
});

Deno.test("runMilestone() refuses models that cannot fit into memory, before it trains any", async () => {
  const work = { startProgress: () => Promise.reject(new Error("started")) as never };
  await assertRejects(
    () => runMilestone({ ...small, models: ["rnn"], scale: 100_000 }, work),
    UsageError,
    "Expected models that fit into",
  );
});
