/** The report as a page: one file that opens from disk. */
import {
  type Choice,
  chooser,
  type Figure,
  htmlTable,
  lines,
  type LineSeries,
  page,
  palette,
} from "../plot/mod.ts";
import { weightsByHand } from "./by_hand.ts";
import { crossSection, landscapes, residualMap, surfaceMaps } from "./figures.ts";
import { findings, runHead, runRows } from "./format.ts";
import { type NnReport, weightsOf } from "./report.ts";
import type { Weights } from "./weights.ts";

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
          "a cut stone against a smooth bowl: too low along the edges, too high in the middle of the " +
          "faces.",
        items: [chooser({ label: "Network", choices: networks(report) })],
      },
    ],
  });
}

/** The runs, the best first, and the network built by hand. */
function networks({ task: paraboloid, hidden, byHand, runs }: NnReport): Choice[] {
  const surfaces = (name: string, loss: number, weights: Weights): Choice => {
    const compared = { weights, paraboloid };
    const figures = [landscapes, surfaceMaps, residualMap, crossSection];
    return {
      name: `${name} (test loss ${loss.toPrecision(3)})`,
      items: figures.map((draw) => draw(compared)),
    };
  };
  return [
    ...[...runs].sort((a, b) => a.testLoss - b.testLoss)
      .map((run) => surfaces(`${run.stack}, ${run.optimizer}`, run.testLoss, weightsOf(run))),
    surfaces("built by hand", byHand.testLoss, weightsByHand(paraboloid, { hidden })),
  ];
}
