/** Pictures of a learned surface: its heights, its errors, its hinges, and how they add up. */
import {
  type Figure,
  grid,
  heatMap,
  lines,
  type LineSeries,
  overlay,
  palette,
  surface,
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

/** The learned surface as a landscape that can be turned; without weights, the true one. */
export function landscape({ weights, paraboloid }: Omit<Compared, "weights"> & {
  weights?: Weights;
}): Figure {
  const positions = gridPositions(drawnSide);
  return surface({
    title: weights ? "The learned surface" : "The true surface",
    x: "x1",
    y: "x2",
    zTitle: "y",
    columns: positions,
    rows: positions,
    z: weights ? learnedHeights(weights) : trueHeights(paraboloid),
  });
}

/** Seen from above: the true surface, the learned one, and what is left between them with the hinges. */
export function surfaceMaps({ weights, paraboloid }: Compared): Figure {
  const wanted = trueHeights(paraboloid);
  const learned = learnedHeights(weights);
  const zmax = Math.max(...wanted.flat());
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
  const map = heatMap({
    ...squareOptions,
    title: "Residuals (learned − true), and the hinges of the hidden units",
    z,
    colours: "diverging",
    height: 460,
  });
  const all = hinges(weights);
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
  const units = Array.from({ length: hidden!.outputs }, (_, unit): LineSeries => ({
    name: `unit ${unit}`,
    colour: palette.grey,
    dash: "dot",
    x,
    y: x.map((x1) => {
      const sum = x1 * hidden!.weight[unit]! + hidden!.bias[unit]!;
      return Math.max(sum, 0) * output!.weight[unit]!;
    }),
  }));
  return lines({
    title: "A cut along x2 = 0: slopes that each start at a hinge add up to a parabola",
    x: "x1",
    y: "y",
    series: [
      { name: "true", x, y: x.map((x1) => paraboloidAt(paraboloid, [x1, 0])) },
      { name: "learned", x, y: x.map((x1) => forward(weights, [x1, 0])[0]!) },
      ...units,
    ],
  });
}
