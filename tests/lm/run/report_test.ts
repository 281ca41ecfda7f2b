import { assertEquals } from "@std/assert";
import { createGrammar } from "../../../lib/grammar/mod.ts";
import { isTooFew } from "../../../lib/lm/run/asked_report.ts";
import {
  failedReport,
  finiteOrNull,
  type ModelReport,
  newShare,
  reportGrammar,
  reportTable,
} from "../../../lib/lm/run/report.ts";

const generated = { ...failedReport("none", "").generated, total: 40, unique: 4, new: 1 };

Deno.test("the table shows ∞ for what a model has no limit of, a dash for what nobody knows", () => {
  const own: ModelReport = { ...failedReport("gru", ""), parameters: 10 };
  const { head, rows } = reportTable({ grammar: null, models: [own, failedReport("llm", "")] });
  const cells = ["weights", "context", "loss"].map((name) => head.indexOf(name));
  assertEquals(cells.map((i) => rows[0]![i]), [10, "∞", "∞"]);
  assertEquals(cells.map((i) => rows[1]![i]), ["–", "–", "–"]);
});

Deno.test("the ideal models are reported as far as context helps, six where it always does", () => {
  const orders = (family: string, n: number, text: string) =>
    reportGrammar(createGrammar(family, n), [text]).idealLoss.length;
  assertEquals(orders("sticky", 4, "aaa"), 4);
  assertEquals(orders("anbn", 2, "a0"), createGrammar("anbn", 2).minimalOrder());
  assertEquals(orders("brackets", 2, "()"), 6);
});

Deno.test("finiteOrNull() and newShare() say nothing where there is nothing to say", () => {
  assertEquals([1.5, Infinity, -Infinity, NaN].map(finiteOrNull), [1.5, null, null, null]);
  assertEquals([newShare(generated), newShare({ ...generated, unique: 0 })], ["25 %", "–"]);
});

Deno.test("from thirty new strings on a share of right ones is told", () => {
  const asked = {} as NonNullable<ModelReport["asked"]>;
  const few = (fresh: number) =>
    isTooFew({ name: "", generated: { ...generated, new: fresh }, asked });
  assertEquals([few(29), few(30)], [true, false]);
  assertEquals(isTooFew({ name: "", generated }), false);
});
