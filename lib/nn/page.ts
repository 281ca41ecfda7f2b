/** The report as a page: one file that opens from disk. */
import {
  chooser,
  type Figure,
  htmlTable,
  lines,
  type LineSeries,
  page,
  palette,
} from "../plot/mod.ts";
import { crossSection, landscape, residualMap, surfaceMaps } from "./figures.ts";
import { findings, runHead, runRows } from "./format.ts";
import { type NnReport, type NnRun, weightsOf } from "./report.ts";

const looks = {
  autograd: { dash: "dot" },
  tensor: { dash: "solid" },
  layers: { dash: "dash" },
} as const;
const colours = { sgd: palette.blue, adam: palette.vermillion } as const;

/** Each epoch's loss of every run. */
export function lossCurves({ runs, byHand }: NnReport): Figure {
  return lines({
    title: "Training loss",
    x: "epoch",
    y: "mean squared error",
    logY: true,
    height: 460,
    series: runs.map((run): LineSeries => ({
      name: `${run.stack}, ${run.optimizer}`,
      x: run.epochLosses.map((_, i) => i + 1),
      y: run.epochLosses,
      colour: colours[run.optimizer],
      ...looks[run.stack],
    })),
    references: [{ name: "built by hand", y: byHand.trainLoss }],
  });
}

/** `report.html`. */
export function nnPage(report: NnReport): string {
  const paraboloid = report.task;
  const best = [...report.runs].sort((a, b) => a.testLoss - b.testLoss);
  return page({
    title: "One network on three stacks",
    intro:
      `A perceptron with ${report.hidden} hidden ReLUs learns a paraboloid: on scalars of our ` +
      "own autograd, on tfjs tensors with our optimizers, and on tf.layers with tfjs's. " +
      `Seed ${report.seed}, batches of ${report.batch}, backend ${report.backend}.`,
    sections: [
      {
        title: "Results",
        text: findings(report).join("\n\n"),
        items: [htmlTable({ head: runHead, rows: runRows(report) })],
      },
      {
        title: "Loss",
        text: "Six curves, of which one sees two: with the same start and the same batches the " +
          "three stacks take the same path, and lie on one another.",
        items: [lossCurves(report)],
      },
      {
        title: "The learned surface",
        text:
          "A ReLU is flat on one side of a line and a slope on the other. Where the line lies, " +
          "its hinge, the surface bends, and between the hinges it is flat. So the residuals show " +
          "a smooth bowl against a cut stone: too low along the hinges, too high in the middle of " +
          "its faces, or the other way round where two bend against each other.",
        items: [
          landscape({ paraboloid }),
          chooser({ label: "Run", choices: best.map((run) => surfacesOf(run, report)) }),
        ],
      },
    ],
  });
}

function surfacesOf(run: NnRun, { task: paraboloid }: NnReport) {
  const compared = { weights: weightsOf(run), paraboloid };
  return {
    name: `${run.stack}, ${run.optimizer} (test loss ${run.testLoss.toPrecision(3)})`,
    items: [
      landscape(compared),
      surfaceMaps(compared),
      residualMap(compared),
      crossSection(compared),
    ],
  };
}
