/** The milestone: the line recovered, and the same path as tfjs and PyTorch. */
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { failure } from "../../lib/autograd/milestone/format.ts";
import {
  autogradDefaults,
  autogradMilestone,
  type AutogradReport,
  descend,
  formatAutogradReport,
  meanSquaredError,
} from "../../lib/autograd/milestone/mod.ts";
import { checkGradient } from "../../lib/autograd/mod.ts";
import { UsageError } from "../../lib/command/mod.ts";

Deno.test("the milestone recovers the line, step for step with tfjs and PyTorch", async () => {
  const { settings, paths, differences, passed } = await autogradMilestone();
  assertAlmostEquals(paths.ours.at(-1)!.a, settings.a, 1e-6);
  assertAlmostEquals(paths.ours.at(-1)!.b, settings.b, 1e-6);
  for (const path of [paths.ours, paths.tfjs, paths.pytorch!]) assertEquals(path.length, 101);
  paths.ours.forEach(({ a, b }, i) => {
    assertAlmostEquals(paths.tfjs[i]!.a, a, 1e-5);
    assertAlmostEquals(paths.tfjs[i]!.b, b, 1e-5);
    assertAlmostEquals(paths.pytorch![i]!.a, a, 1e-9);
    assertAlmostEquals(paths.pytorch![i]!.b, b, 1e-9);
  });
  assert(differences.tfjs > 0, "float32 cannot follow to the last bit");
  const offBy = paths.ours.map(({ a, b }, i) =>
    Math.max(
      Math.abs(a - paths.tfjs[i]!.a) / Math.max(1, Math.abs(paths.tfjs[i]!.a)),
      Math.abs(b - paths.tfjs[i]!.b) / Math.max(1, Math.abs(paths.tfjs[i]!.b)),
    )
  );
  assertEquals(differences.tfjs, Math.max(...offBy), "at the worst step, not the last");
  assert(differences.tfjs > offBy.at(-1)!);
  assert(passed);
});

Deno.test("the milestone gives the same report for the same seed, another for another", async () => {
  const text = async (seed: number) => JSON.stringify(await autogradMilestone({ seed, steps: 20 }));
  assertEquals(await text(7), await text(7));
  assert(await text(7) !== await text(8));
});

Deno.test("the milestone compares a shorter run with the start of PyTorch's record", async () => {
  const { paths, differences, passed } = await autogradMilestone({ steps: 10 });
  assertEquals(paths.pytorch!.length, 11);
  assert(differences.pytorch! < 1e-9);
  assertEquals(passed, false); // the line is not recovered so soon
});

Deno.test("the milestone has no record of PyTorch for other settings, and says so", async () => {
  const report = await autogradMilestone({ a: -3, b: 0.5, seed: 1 });
  assertEquals([report.paths.pytorch, report.differences.pytorch], [null, null]);
  assert(report.passed);
  assert(formatAutogradReport(report).includes("no record"));
});

Deno.test("the milestone names the step and the loss where a descent diverges", async () => {
  await assertRejects(
    () => autogradMilestone({ learningRate: 1.5 }),
    UsageError,
    "Expected a loss that falls, got 4.03e+6 at step 12 after 0.940 at the start: " +
      "the learning rate 1.5 is too high",
  );
  await assertRejects(() => autogradMilestone({ a: 1e300 }), UsageError, "got the line 1e+300·x");
});

Deno.test("a comparison that is off is told, with what to do about it", async () => {
  const report = await autogradMilestone({ steps: 5 });
  assert(
    failure(report)!.startsWith("Expected a and b within 0.000001 of the truth after 5 steps"),
  );
  const off = (differences: Partial<AutogradReport["differences"]>) =>
    failure({ ...report, differences: { truth: 0, tfjs: 0, pytorch: 0, ...differences } });
  assertEquals(off({}), undefined);
  assertEquals(off({ pytorch: null }), undefined);
  assertEquals(off({ tfjs: 2e-5 }), "Expected the same path as tfjs, got differences of 0.00002");
  assertEquals(off({ pytorch: NaN }), "Expected the same path as pytorch, got differences of NaN");
});

Deno.test("a step of the descent, by hand", () => {
  // One point (1, 3), from a = b = 0: loss 9, both derivatives 2·(0 − 3)·1 = −6.
  const path = descend({ x: [1], y: [3], start: { a: 0, b: 0 } }, 0.1);
  assertEquals(path.next().value, { a: 0, b: 0, loss: 9 });
  const { a, b } = path.next().value;
  assertAlmostEquals(a, 0.6, 1e-15);
  assertAlmostEquals(b, 0.6, 1e-15);
});

Deno.test("meanSquaredError() has the gradient that central differences estimate", async () => {
  const { data } = await autogradMilestone({ steps: 1 });
  const { error } = checkGradient(([a, b]) => meanSquaredError({ a: a!, b: b! }, data), [0.3, -2]);
  assert(error < 1e-8);
});

Deno.test("the defaults are those that are recorded", async () => {
  const { paths } = await autogradMilestone(autogradDefaults);
  assertEquals(paths.pytorch!.length, autogradDefaults.steps + 1);
});
