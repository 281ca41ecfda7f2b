import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { CheckpointError } from "../../../lib/safetensors/mod.ts";
import { type Cell, type CellOptions, runCell } from "../../../lib/lm/study/cell.ts";
import { formatSummaries } from "../../../lib/lm/study/kept.ts";
import { buildStudyPage } from "../../../lib/lm/study/page.ts";
import { roleOf, spread, summarise } from "../../../lib/lm/study/summary.ts";

const options: CellOptions = {
  grammar: "parity",
  n: 2,
  seed: 0,
  train: 200,
  epochs: 2,
  scale: 1,
  models: ["count-2", "bigram", "mlp-1"],
};

Deno.test("roleOf() tells a model's number from N", () => {
  assertEquals(roleOf("count-2", 3), "count N−1");
  assertEquals(roleOf("mlp-4", 4), "mlp N");
  assertEquals(roleOf("count-5", 3), "count N+2");
  assertEquals(roleOf("gru", 3), "gru");
});

Deno.test("spread() is mean and sample deviation, by hand", () => {
  const { mean, deviation, seeds } = spread([1, 3, 5])!;
  assertEquals([mean, seeds], [3, 3]);
  assertAlmostEquals(deviation, 2, 1e-12);
  assertEquals(spread([4])!.deviation, 0);
  assertEquals(spread([]), null);
});

Deno.test("runCell() keeps what is done, and runs other options anew", async () => {
  const out = `tests/.tmp/study-${crypto.randomUUID()}`;
  let trained = 0;
  const startProgress = () => {
    trained++;
    return { update() {}, stop() {} };
  };
  try {
    const first = await runCell(options, { out, startProgress });
    assertEquals(trained, 2);
    const again = await runCell(options, { out, startProgress });
    assertEquals([trained, again], [2, JSON.parse(JSON.stringify(first))]);
    await Deno.writeTextFile(`${out}/parity-2-0/cell.json`, '{"options":'); // killed while writing
    const repaired = await runCell(options, { out, startProgress });
    assertEquals(repaired.curves, first.curves);
    for (const change of [{}, { options }, { report: {} }, { options, curves: {}, report: 1 }]) {
      await Deno.writeTextFile(`${out}/parity-2-0/cell.json`, JSON.stringify(change));
      assertEquals((await runCell(options, { out })).curves, first.curves);
    }
    const longer = { ...options, epochs: 3 };
    await assertRejects(
      () => runCell(longer, { out }),
      CheckpointError,
      "parity-2-0/training/bigram.safetensors: expected to resume a run with epochs 2, got epochs 3; " +
        "--restart begins anew",
    );
    const anew = await runCell(longer, { out, restart: true });
    const steps = anew.curves["mlp-1"]!.map(({ step }) => step);
    assertEquals(steps, [1, 2, 3].map((epoch) => epoch * steps[0]!));
    assertEquals(steps[0], anew.curves["bigram"]![0]!.step);
  } finally {
    await Deno.remove(out, { recursive: true });
  }
});

/** A run of two models whose numbers are made up. */
function cell(seed: number, losses: number[], accuracy: number): Cell {
  const generated = { accuracy, ci95: [0, 1] };
  const row = { generated, excessLoss: 0.1, measuredOrder: 3, parameters: 9, trainSeconds: 1 };
  const grammar = {
    ...{
      family: "sticky",
      n: 3,
      entropyFloor: 3,
      idealLoss: [3.8, 3.4, 3],
      idealMembership: [0, 0.3, 1],
    },
  };
  return {
    options: { ...options, grammar: "sticky", n: 3, seed },
    report: { grammar, models: [{ name: "mlp-2", ...row }, { name: "count-1", ...row }] },
    curves: { "mlp-2": losses.map((validLoss, i) => ({ step: 10 * (i + 1), validLoss })) },
  } as unknown as Cell;
}

Deno.test("summarise() finds when a model understood: nearer to the floor than to one short", () => {
  const [summary] = summarise([
    cell(0, [3.5, 3.19, 3.1], 0.9),
    cell(1, [3.3, 3.21, 3.19], 0.8),
    cell(2, [3.5, 3.4, 3.3], 0.7),
  ]);
  const [mlp, count] = summary!.models;
  assertEquals([mlp!.role, count!.role], ["mlp N−1", "count N−2"]);
  assertEquals([mlp!.understood, mlp!.understoodAt!.mean], [2, 25]); // at steps 20 and 30
  assertEquals([count!.understood, count!.understoodAt], [null, null]);
  assertAlmostEquals(mlp!.accuracy!.mean, 0.8, 1e-12);
  assertAlmostEquals(mlp!.accuracy!.deviation, 0.1, 1e-12);
  assertAlmostEquals(mlp!.curve!.mean[0]!, (3.5 + 3.3 + 3.5) / 3, 1e-12);
  // Below 3.8 all are at step 10; below 3.4 at steps 20, 10 and 30; there is no third line.
  assertEquals(mlp!.crossings.map(({ seeds, step }) => [seeds, step!.mean]), [[3, 10], [3, 20]]);
  assertEquals([count!.crossings, count!.curve], [[], null]);
  assertEquals(summary!.setting.seeds, 3);
});

Deno.test("summarise() goes on with the kept loss where training ended early", () => {
  const [summary] = summarise([cell(0, [3.5, 3.1, 3.3], 1), cell(1, [3.3, 3.2, 3.1, 3.0, 3.0], 1)]);
  const { step, mean } = summary!.models[0]!.curve!;
  assertEquals(step, [10, 20, 30, 40, 50]);
  assertAlmostEquals(mean[2]!, (3.3 + 3.1) / 2, 1e-12);
  assertAlmostEquals(mean[4]!, (3.1 + 3.0) / 2, 1e-12); // 3.1, not 3.3
});

Deno.test("summarise() allows for luck in the validation strings, by the grammar's own loss on them", () => {
  const one = cell(0, [3.45, 3.35], 1);
  const own = { ...one.report.models[0]!, name: "grammar", validLoss: 3.1 }; // 0.1 above the floor
  const lucky = { ...one, report: { ...one.report, models: [...one.report.models, own] } };
  const second = (run: Cell) => summarise([run])[0]!.models[0]!.crossings[1]!.step!.mean;
  assertEquals([second(one), second(lucky)], [20, 10]);
});

Deno.test("formatSummaries() writes a line a model, rounded", () => {
  const text = formatSummaries(
    [{ name: "x", models: [{ a: 1.23456 }, { a: [2, null] }] } as never],
    3,
  );
  assertEquals(text.split("\n").length, 7);
  assertEquals(JSON.parse(text), [{ name: "x", models: [{ a: 1.23 }, { a: [2, null] }] }]);
});

Deno.test("buildStudyPage() draws each model's numbers", () => {
  const page = (accuracy: number) => buildStudyPage(summarise([cell(0, [3.1], accuracy)]));
  assertStringIncludes(page(0.4567), '"text":"45.7"');
  assert(!page(0.5).includes('"text":"45.7"'));
  assertStringIncludes(page(0.5), "ideal 2-gram");
  assertStringIncludes(page(0.5), "below ideal 2");
});

Deno.test("the command refuses what cannot work in one line", async () => {
  for (
    const [args, message] of [
      [["--grammars", "nope"], "Expected a grammar among"],
      [["--n", "two"], "Expected a whole number"],
      [["--models", "nope"], "Expected models among"],
      [["--weights", "9000", "--scale", "2"], "cannot be used with"],
      [["--grammars", "sticky", "--n", "1"], "Expected an N that a grammar takes"],
    ] as const
  ) {
    const { code, stderr } = await new Deno.Command("deno", {
      args: ["run", "--no-prompt", "--allow-read", "--allow-env", "lib/lm/study/main.ts", ...args],
      env: { NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder().decode(stderr).trimEnd();
    assertEquals([code, text.split("\n").length], [1, 1], text);
    assertStringIncludes(text, message);
  }
});
