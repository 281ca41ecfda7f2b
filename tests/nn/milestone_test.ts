import { assertEquals, assertLess, assertRejects, assertStringIncludes } from "@std/assert";
import {
  forward,
  gridDataset,
  meanSquaredError,
  nnDefaults,
  nnMilestone,
  nnPage,
  type NnReport,
  splitDataset,
  trainNetwork,
  weightsOf,
} from "../../lib/nn/mod.ts";
import { createRandom } from "../../lib/random.ts";
import { ready } from "../../lib/tensor/mod.ts";
import { startWeights, withNetwork } from "./setting.ts";

const small = { grid: 12, batch: 32, epochs: 4, autogradEpochs: 2, seed: 3 };

/** The report as its file would be, without what the clock says. */
function withoutTimes(report: NnReport): string {
  return JSON.stringify(
    report,
    (key, value) => /^(seconds|stepsPerSecond)$/.test(key) ? undefined : value,
  );
}

Deno.test("nnMilestone() gives the same report for the same seed, another for another", async () => {
  const first = withoutTimes(await nnMilestone(small));
  assertEquals(withoutTimes(await nnMilestone(small)), first);
  assertEquals(withoutTimes(await nnMilestone({ ...small, seed: 4 })) === first, false);
});

Deno.test("nnMilestone() runs six networks and compares their paths", async () => {
  const told: string[] = [];
  const report = await nnMilestone({ ...small, backend: "simd" }, {
    startProgress: (run, epochs) => {
      told.push(`${run} ${epochs}`);
      return { update() {}, stop() {} };
    },
  });
  assertEquals(told, [
    ...["autograd sgd 2", "tensor sgd 4", "layers sgd 4"],
    ...["autograd adam 2", "tensor adam 4", "layers adam 4"],
  ]);
  assertEquals(report.backend, "simd");
  assertEquals(report.runs.map(({ steps }) => steps), [8, 16, 16, 8, 16, 16]);
  assertEquals(report.agreement.map(({ steps }) => steps), [8, 8]);
  for (const { largestDifference } of report.agreement) {
    assertLess(largestDifference, report.tolerance);
  }
  for (const run of report.runs) {
    assertEquals([run.parameters, run.hinges.length, run.epochLosses.length], [33, 8, run.epochs]);
  }
});

Deno.test("nnMilestone() reports weights that have the reported loss", async () => {
  const { task, runs, seed } = JSON.parse(JSON.stringify(await nnMilestone(small))) as NnReport;
  const all = gridDataset(task, { side: task.grid });
  const { test } = splitDataset(all, { share: 0.8, rng: createRandom(seed, "split") });
  for (const run of runs) {
    const loss = meanSquaredError(forward(weightsOf(run), test.inputs), test.targets);
    assertLess(Math.abs(loss / run.testLoss - 1), 1e-5);
  }
});

Deno.test("nnMilestone() refuses settings that cannot work before anything is done", async () => {
  const startProgress = () => {
    throw new Error("work has started");
  };
  for (
    const [options, message] of [
      [{ hidden: 0 }, "Expected layer sizes of at least 1, got 0"],
      [{ grid: 1 }, "Expected a grid of at least 2 points a side, got 1"],
      [{ batch: 0 }, "Expected a batch of at least 1 example, got 0"],
      [{ epochs: 0 }, "Expected at least 1 epoch, got 0"],
      [{ learningRate: -1 }, "Expected a learning rate above 0, got -1"],
    ] as const
  ) {
    const act = async () => void await nnMilestone({ ...small, ...options }, { startProgress });
    await assertRejects(act, RangeError, message);
  }
});

Deno.test("Adam at the milestone's settings ends below 53.5 in training and 56.5 in testing", async () => {
  const { hidden, batch, epochs, learningRate, grid, seed } = nnDefaults;
  assertEquals({ hidden, batch, epochs }, { hidden: 8, batch: 256, epochs: 1000 });
  await ready("auto");
  const all = gridDataset({ w1: 2, w2: 3, b: 5 }, { side: grid });
  const { train, test } = splitDataset(all, { share: 0.8, rng: createRandom(seed, "split") });
  await withNetwork({
    stack: "tensor",
    weights: startWeights([2, hidden, 1], seed),
    data: train,
    optimizer: { name: "adam", learningRate },
  }, async (network) => {
    const rng = createRandom(seed, "batches");
    await trainNetwork(network, { rows: train.rows, batch, epochs, rng });
    const loss = async ({ inputs, targets }: typeof train) =>
      meanSquaredError(await network.predict(inputs), targets);
    assertLess(await loss(train), 53.5);
    assertLess(await loss(test), 56.5);
  });
});

Deno.test("nnPage() shows every run, and the report's numbers as text", async () => {
  const page = nnPage(await nnMilestone(small));
  for (const stack of ["autograd", "tensor", "layers"]) {
    for (const optimizer of ["sgd", "adam"]) {
      assertStringIncludes(page, `${stack}, ${optimizer} (test loss`);
    }
  }
  assertStringIncludes(page, "<title>One network on three stacks</title>");
  assertStringIncludes(page, "Residuals (learned − true)");
});
