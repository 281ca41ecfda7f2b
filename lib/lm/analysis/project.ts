/** High-dimensional points seen from their best side, and what a straight cut can tell of them. */
import { largestOf } from "../../extremes.ts";
import { EigenvalueDecomposition, Matrix, solve } from "ml-matrix";

/** Points in a plane. */
export interface Projection {
  /** Coordinates along the first and second principal component. */
  readonly x: number[];
  /** Coordinates along the second. */
  readonly y: number[];
  /** The share of the variance that the plane shows. */
  readonly explained: number;
}

/**
 * Principal component analysis (Pearson, 1901): the plane in which the points lie furthest apart.
 * The sign of each axis is chosen so that its largest weight is positive.
 *
 * @param rows R points of C numbers each
 */
export function projectToPlane(rows: readonly ArrayLike<number>[]): Projection {
  const points = centred(rows);
  const scatter = points.transpose().mmul(points); // [C, C]
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(scatter, {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, i) => i)
    .sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  const along = (rank: number) => {
    if (rank >= order.length) return rows.map(() => 0);
    const axis = eigenvectorMatrix.getColumn(order[rank]!);
    const largest = axis.reduce((best, weight) =>
      Math.abs(weight) > Math.abs(best) ? weight : best
    );
    const signed = Matrix.columnVector(axis).mul(Math.sign(largest) || 1);
    return points.mmul(signed).to1DArray();
  };
  const total = realEigenvalues.reduce((sum, value) => sum + value, 0);
  const shown = order.slice(0, 2).reduce((sum, i) => sum + realEigenvalues[i]!, 0);
  return { x: along(0), y: along(1), explained: total > 0 ? shown / total : 1 };
}

function centred(rows: readonly ArrayLike<number>[]): Matrix {
  return new Matrix(rows.map((row) => Array.from(row))).center("column");
}

/** What a probe reads, and what there is to be had without reading. */
export interface Probe {
  /** Share of right answers on groups that it was not fitted on. */
  readonly accuracy: number;
  /** The same for always giving the label that is most frequent there: the chance level. */
  readonly baseline: number;
}

/**
 * How well a linear probe reads labels off vectors: least squares to one-hot labels with a little
 * ridge, fitted on the even groups and scored on the odd ones.
 *
 * A probe of wide vectors reads much off any network that sees the text, trained or not: only what it
 * reads beyond the untrained model's vectors was learned ({@linkcode besideUntrained}).
 *
 * @param rows R vectors of C numbers
 * @param labels what to read off each of them
 * @param options.groups which rows belong together, such as the string of each position: if some of a
 *   string's rows were fitted on and others scored, the probe could know the string; each row is a group
 *   of its own where this is left out
 */
export function probeLabels(
  rows: readonly ArrayLike<number>[],
  labels: readonly number[],
  { groups }: { groups?: readonly number[] } = {},
): Probe {
  const classes = [...new Set(labels)];
  const half = (remainder: number) =>
    rows.keys().filter((i) => (groups?.[i] ?? i) % 2 === remainder).toArray();
  const inputs = (indices: number[]) =>
    new Matrix(indices.map((i) => [...Array.from(rows[i]!), 1]));
  const train = half(0);
  const test = half(1);
  const x = inputs(train); // [R/2, C+1]
  const oneHot = new Matrix(
    train.map((i) => classes.map((label) => labels[i] === label ? 1 : 0)),
  );
  const normal = x.transpose().mmul(x).add(Matrix.eye(x.columns).mul(1e-3)); // ridge
  const weights = solve(normal, x.transpose().mmul(oneHot)); // [C+1, classes]
  const scores = inputs(test).mmul(weights);
  const right = test.filter((i, row) => classes[scores.maxRowIndex(row)[1]!] === labels[i]);
  const counts = classes.map((label) => test.filter((i) => labels[i] === label).length);
  return {
    accuracy: right.length / test.length,
    baseline: largestOf(counts) / test.length,
  };
}

/**
 * How well a linear probe reads the grammar's state off the vectors at each position, on other strings
 * than those it was fitted on.
 */
export function probeStates({ rows, states, strings }: {
  readonly rows: readonly ArrayLike<number>[];
  readonly states: readonly number[];
  readonly strings: readonly number[];
}): Probe {
  return probeLabels(rows, states, { groups: strings });
}

/**
 * How far classes lie apart: the share of the points' variance that lies between the classes' means.
 * 0 when all means are equal, 1 when every class is a point; (K − 1)/(R − 1) on average when R points
 * are dealt to K classes by lot.
 */
export function separation(
  rows: readonly ArrayLike<number>[],
  labels: readonly number[],
): number {
  const points = centred(rows);
  const total = points.norm("frobenius") ** 2;
  const classes = [...new Set(labels)];
  const between = classes.reduce((sum, label) => {
    const members = labels.keys().filter((i) => labels[i] === label).toArray();
    const mean = points.selection(members, points.to2DArray()[0]!.map((_, i) => i)).mean("column");
    return sum + members.length * mean.reduce((square, value) => square + value ** 2, 0);
  }, 0);
  return total > 0 ? between / total : 0;
}

/** Pearson's correlation of two lists of equal length; 0 when all numbers of one are the same. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const mean = (list: ArrayLike<number>) =>
    Array.from(list).reduce((sum, value) => sum + value, 0) / list.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]! - meanA, b[i]! - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa * bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}
