/** The task: learn y = w1·x1² + w2·x2² + b from the points of a grid. */
import type { Random } from "../random.ts";

/** Examples, row-major: I numbers in, O numbers out. */
export interface Dataset {
  /** Number of examples, R. */
  readonly rows: number;
  /** What is given [R, I]. */
  readonly inputs: Float32Array;
  /** What is to be predicted [R, O]. */
  readonly targets: Float32Array;
}

/** The numbers in y = w1·x1² + w2·x2² + b. */
export interface Paraboloid {
  /** Curvature along x1. */
  readonly w1: number;
  /** Curvature along x2. */
  readonly w2: number;
  /** Height at the bottom, at (0, 0). */
  readonly b: number;
}

/** What the milestone learns: a bowl that is steeper along x2, from 5 up to 505 on the grid. */
export const defaultParaboloid: Paraboloid = { w1: 2, w2: 3, b: 5 };

/** The grid reaches from −reach to reach along both inputs. */
export const reach = 10;

/** y = w1·x1² + w2·x2² + b. */
export function paraboloidAt(
  { w1, w2, b }: Paraboloid,
  [x1, x2]: readonly [number, number],
): number {
  return w1 * x1 ** 2 + w2 * x2 ** 2 + b;
}

/** `count` positions, evenly from −reach to reach. */
export function gridPositions(count: number): number[] {
  return Array.from({ length: count }, (_, i) => -reach + (2 * reach * i) / (count - 1));
}

/** All points of a square grid, `side` a side, with their exact heights. */
export function gridDataset(paraboloid: Paraboloid, { side }: { side: number }): Dataset {
  if (!Number.isInteger(side) || side < 2) {
    throw new RangeError(`Expected a grid of at least 2 points a side, got ${side}`);
  }
  const positions = gridPositions(side);
  const points = positions.flatMap((x1) => positions.map((x2): [number, number] => [x1, x2]));
  return {
    rows: points.length,
    inputs: Float32Array.from(points.flat()), // [R, 2]
    targets: Float32Array.from(points, (point) => paraboloidAt(paraboloid, point)), // [R, 1]
  };
}

/** The examples of `data` with these indices, in their order. */
export function selectRows(data: Dataset, indices: ArrayLike<number>): Dataset {
  const pick = (values: Float32Array) => {
    const width = values.length / data.rows;
    const picked = new Float32Array(indices.length * width);
    for (let row = 0; row < indices.length; row++) {
      const from = indices[row]! * width;
      picked.set(values.subarray(from, from + width), row * width);
    }
    return picked;
  };
  return { rows: indices.length, inputs: pick(data.inputs), targets: pick(data.targets) };
}

/** Shuffles the examples and keeps the given share for training, the rest for testing. */
export function splitDataset(
  data: Dataset,
  { share, rng }: { share: number; rng: Random },
): { train: Dataset; test: Dataset } {
  const order = rng.shuffle(Int32Array.from({ length: data.rows }, (_, row) => row));
  const count = Math.round(share * data.rows);
  if (!(count > 0 && count < data.rows)) {
    throw new RangeError(
      `Expected a share that leaves examples on both sides of ${data.rows}, got ${share}`,
    );
  }
  return {
    train: selectRows(data, order.subarray(0, count)),
    test: selectRows(data, order.subarray(count)),
  };
}
