/** The report in words and tables, for the terminal and the page. */
import { formatTable } from "../command/mod.ts";
import type { NnReport } from "./report.ts";

/** The columns of the table of runs. */
export const runHead = [
  "stack",
  "optimizer",
  "parameters",
  "steps",
  "train loss",
  "test loss",
  "seconds",
  "steps/s",
];

/** The cells of the table of runs. */
export function runRows({ runs }: NnReport): (string | number)[][] {
  return runs.map((run) => [
    run.stack,
    run.optimizer,
    run.parameters,
    run.steps,
    rounded(run.trainLoss),
    rounded(run.testLoss),
    Number(run.seconds.toFixed(1)),
    Math.round(run.stepsPerSecond),
  ]);
}

/** What was compared, and how it came out, a sentence each. */
export function findings(report: NnReport): string[] {
  const { hidden, byHand, agreement, tolerance, task: { w1, w2, b, train, test } } = report;
  return [
    `Learned: y = ${w1}·x1² + ${w2}·x2² + ${b} from ${train} points of the grid, ` +
    `tested on the other ${test}. Losses are mean squared errors.`,
    ...agreement.map(({ optimizer, steps, largestDifference }) =>
      `Same start, same path (${optimizer}): over the first ${steps} steps the three losses differ ` +
      `by at most ${largestDifference.toExponential(1)} of themselves, ` +
      `${largestDifference <= tolerance ? "within" : "more than"} ${tolerance}.`
    ),
    `The limit: a network of ${hidden} hidden units built by hand, hinges evenly spaced along the ` +
    `axes, has a loss of ${rounded(byHand.trainLoss)} / ${rounded(byHand.testLoss)}. ` +
    `What training leaves above that is descent caught where its hinges lie badly, ` +
    `and differs from seed to seed.`,
  ];
}

/** The whole report as text. */
export function formatNnReport(report: NnReport): string {
  return `${formatTable(runHead, runRows(report))}\n\n${findings(report).join("\n")}`;
}

/** To three digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
