/** Pictures of a learned surface: its heights, its errors, its hinges, and how they add up. */
import { largestOf } from "../extremes.ts";
import {
  type Figure,
  figure,
  grid,
  heatMap,
  lines,
  type LineSeries,
  overlay,
  palette,
  surface,
  type Trace,
} from "../plot/mod.ts";
import { gridPositions, type Paraboloid, paraboloidAt } from "./data.ts";
import { type Hinge, hinges } from "./hinges.ts";
import { forward, type Weights } from "./weights.ts";

/** What a picture compares. */
export interface Compared {
  /** What was learned. */
  readonly weights: Weights;
  /** What was to be learned. */
  readonly paraboloid: Paraboloid;
}

const drawnSide = 41;

/** Heights over a square grid: a row for each x2, a column for each x1. */
function heights(height: (x1: number, x2: number) => number): number[][] {
  const positions = gridPositions(drawnSide);
  return positions.map((x2) => positions.map((x1) => height(x1, x2)));
}

function trueHeights(paraboloid: Paraboloid): number[][] {
  return heights((x1, x2) => paraboloidAt(paraboloid, [x1, x2]));
}

function learnedHeights(weights: Weights): number[][] {
  return heights((x1, x2) => forward(weights, [x1, x2])[0]!);
}

/** The true surface and the learned one as landscapes that can be turned, side by side. */
export function landscapes({ weights, paraboloid }: Compared): Figure {
  const positions = gridPositions(drawnSide);
  const [left, right] = [trueHeights(paraboloid), learnedHeights(weights)].map((z) =>
    surface({ title: "", x: "x1", y: "x2", zTitle: "y", columns: positions, rows: positions, z })
  );
  const place = (x: [number, number], { layout }: Figure) => ({ ...layout.scene, domain: { x } });
  const layout = {
    ...left!.layout,
    title: { text: "The true surface (left) and the learned one (right)" },
    scene: place([0, 0.49], left!),
    scene2: place([0.51, 1], right!),
  };
  const learned: object = { ...right!.data[0]!, scene: "scene2" };
  return figure([left!.data[0]!, learned as Trace], { layout: layout as Figure["layout"] });
}

/** The true surface and the learned one, seen from above. */
export function surfaceMaps({ weights, paraboloid }: Compared): Figure {
  const wanted = trueHeights(paraboloid);
  const learned = learnedHeights(weights);
  const zmax = largestOf(wanted.flat());
  const map = (title: string, z: number[][]) => squareMap(title, { z, zmin: 0, zmax });
  return grid({
    title: "What was to be learned, and what was",
    columns: 2,
    rowHeight: 340,
    figures: [map("true", wanted), map("learned", learned)],
  });
}

/** Learned minus true, and the lines along which the hidden units bend. */
export function residualMap({ weights, paraboloid }: Compared): Figure {
  const wanted = trueHeights(paraboloid);
  const z = learnedHeights(weights).map((row, i) => row.map((y, j) => y - wanted[i]![j]!));
  const all = hinges(weights);
  const bending = all.filter(({ kind }) => kind === "bends").length;
  const map = heatMap({
    ...squareOptions,
    title: `Residuals (learned − true), and where ${bending} of ${all.length} hidden units bend`,
    z,
    colours: "diverging",
    height: 460,
  });
  return overlay(
    map,
    lines({
      title: "hinges",
      series: [
        hingeSeries("bends up", all.filter(({ bend }) => bend > 0)),
        { ...hingeSeries("bends down", all.filter(({ bend }) => bend < 0)), dash: "dash" },
      ],
    }),
  );
}

const squareOptions = {
  x: "x1",
  y: "x2",
  columns: gridPositions(drawnSide),
  rows: gridPositions(drawnSide),
  square: true,
};

function squareMap(title: string, options: { z: number[][]; zmin: number; zmax: number }): Figure {
  return heatMap({ ...squareOptions, ...options, title });
}

/** All lines as one curve, with gaps between them. */
function hingeSeries(name: string, bending: Hinge[]): LineSeries {
  const points = bending.flatMap(({ line }) => line ? [...line, [NaN, NaN] as const] : []);
  return {
    name,
    colour: palette.grey,
    dash: "solid",
    x: points.map(([x1]) => x1),
    y: points.map(([, x2]) => x2),
  };
}

/** Along x1 with x2 = 0: the parabola, the broken line that was learned, and what each unit adds. */
export function crossSection({ weights, paraboloid }: Compared): Figure {
  const x = gridPositions(201);
  const [hidden, output] = weights;
  const added = Array.from({ length: hidden!.outputs }, (_, unit) =>
    x.map((x1) => {
      const sum = x1 * hidden!.weight[unit]! + hidden!.bias[unit]!;
      return Math.max(sum, 0) * output!.weight[unit]!;
    }));
  return lines({
    title: "A cut along x2 = 0: slopes that each start at a hinge add up to a parabola",
    x: "x1",
    y: "y",
    series: [
      { name: "true", x, y: x.map((x1) => paraboloidAt(paraboloid, [x1, 0])) },
      { name: "learned", x, y: x.map((x1) => forward(weights, [x1, 0])[0]!) },
      {
        name: "what each unit adds",
        colour: palette.grey,
        dash: "dot",
        x: added.flatMap(() => [...x, NaN]),
        y: added.flatMap((heights) => [...heights, NaN]),
      },
    ],
  });
}
