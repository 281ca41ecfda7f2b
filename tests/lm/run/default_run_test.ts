import { assertEquals, assertGreaterOrEqual, assertLess } from "@std/assert";
import { runMilestone } from "../../../lib/lm/mod.ts";

Deno.test("at the default settings the MLP with look-back 2 learns sticky 3, the count bigram cannot", async () => {
  const { report, dispose } = await runMilestone({ models: ["count-2", "count-3", "mlp-2"] });
  dispose();
  const [bigram, trigram, mlp] = report.models;
  assertEquals(trigram!.generated.accuracy, 1);
  assertLess(bigram!.generated.accuracy!, 0.3);
  assertGreaterOrEqual(mlp!.generated.accuracy!, 0.98);
  assertGreaterOrEqual(mlp!.excessLoss!, 0);
  assertLess(mlp!.excessLoss!, 0.02);
  assertEquals([bigram!.measuredOrder, mlp!.measuredOrder], [2, 3]);
});
