/** The report in a table and a sentence for each comparison. */
import { formatTable } from "../../command/mod.ts";
import { type AutogradReport, type Comparison, failures } from "./milestone.ts";
import { pytorchVersion } from "./recorded_pytorch.ts";
import type { Line, Step } from "./regression.ts";

/** The columns of the table. */
export const reportHead = ["", "a", "b", "loss", "difference", "allowed"];

/** Truth, ours, tfjs, PyTorch: where each ended, and how far from ours it was at the worst step. */
export function reportRows(
  { settings, paths, differences, tolerances }: AutogradReport,
): string[][] {
  const compared = (name: keyof Comparison) => {
    const difference = differences[name];
    if (difference === null) return ["no record", ""];
    return [difference.toExponential(1), tolerances[name]!.toExponential(0)];
  };
  return [
    ["truth", ...numbers({ ...settings, loss: 0 }), ...compared("truth")],
    ["ours", ...numbers(paths.ours.at(-1)!), "", ""],
    ["tfjs, float32", ...numbers(paths.tfjs.at(-1)!), ...compared("tfjs")],
    [`PyTorch ${pytorchVersion}`, ...numbers(paths.pytorch?.at(-1)), ...compared("pytorch")],
  ];
}

/** What was compared, a sentence each. */
export function findings({ settings: { points, steps, learningRate } }: AutogradReport): string[] {
  return [
    `A line through ${points} points on it, ${steps} steps of gradient descent ` +
    `with learning rate ${learningRate}.`,
    "Difference: how far the truth is from our last step, tfjs and PyTorch from ours at their worst.",
    "PyTorch is recorded, in float64, for the default flags.",
  ];
}

/** The whole report as text. */
export function formatAutogradReport(report: AutogradReport): string {
  return [formatTable(reportHead, reportRows(report)), "", ...findings(report)].join("\n");
}

/** What to tell the person when a comparison failed; undefined when none did. */
export function failure(report: AutogradReport): string | undefined {
  const { differences, tolerances, settings: { steps } } = report;
  const failed = failures(differences);
  if (failed.length === 0) return undefined;
  if (failed.length === 1 && failed[0] === "truth") {
    return `Expected a and b within ${tolerances.truth} of the truth after ${steps} steps, ` +
      `got ${differences.truth.toExponential(1)}: give it more --steps or another --learning-rate`;
  }
  return `Expected the same path as ${failed.join(" and ")}, got differences of ` +
    failed.map((name) => differences[name]).join(" and ");
}

function numbers(end: (Line & Pick<Step, "loss">) | undefined): string[] {
  if (end === undefined) return ["", "", ""];
  return [end.a.toFixed(9), end.b.toFixed(9), end.loss.toExponential(1)];
}
