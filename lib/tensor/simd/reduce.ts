/** Sums, means and extremes over any axes, and softmax. */
import { backend_util, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { contiguousSteps } from "./axes.ts";
import type { SimdBackend } from "./backend.ts";
import { copyAlong } from "./move.ts";
import type { Override } from "./override.ts";

/** x seen as [outer, N, inner], of which N is reduced. */
interface Middle {
  outer: number;
  N: number;
  inner: number;
}

type Reduce = (backend: SimdBackend, from: number, to: number, middle: Middle) => void;

function reduction(reduce: Reduce): Override {
  return ({ inputs: { x }, attrs, backend }) => {
    if (x!.dtype !== "float32") return undefined;
    const axes = util.parseAxisParam(
      (attrs["axis"] ?? attrs["reductionIndices"]) as number[],
      x!.shape,
    );
    const [shape] = backend_util.computeOutAndReduceShapes(x!.shape, axes);
    const kept = attrs["keepDims"] ? backend_util.expandShapeToKeepDim(shape, axes) : shape;
    const from = backend.address(x!);
    const y = backend.allocate(kept);
    const middle = middleOf(x!.shape, axes);
    if (middle) reduce(backend, from, backend.address(y), middle);
    else reduceScattered(backend, { x: x!, axes, to: backend.address(y), reduce });
    return y;
  };
}

/** The axes as one in the middle, if they are neighbours; axes of size one are anywhere. */
function middleOf(shape: number[], axes: number[]): Middle | undefined {
  const real = axes.filter((axis) => shape[axis] !== 1).sort((a, b) => a - b);
  const first = real[0] ?? shape.length, last = real.at(-1) ?? shape.length - 1;
  for (let axis = first; axis <= last; axis++) {
    if (shape[axis] !== 1 && !real.includes(axis)) return undefined;
  }
  return {
    outer: util.sizeFromShape(shape.slice(0, first)),
    N: util.sizeFromShape(shape.slice(first, last + 1)),
    inner: util.sizeFromShape(shape.slice(last + 1)),
  };
}

/** Brings the axes to the end by a copy, then reduces rows. */
function reduceScattered(
  backend: SimdBackend,
  { x, axes, to, reduce }: { x: TensorInfo; axes: number[]; to: number; reduce: Reduce },
): void {
  const order = [...x.shape.keys()].filter((axis) => !axes.includes(axis)).concat(axes);
  const sizes = order.map((axis) => x.shape[axis]!);
  const [steps, packed] = [contiguousSteps(x.shape), contiguousSteps(sizes)];
  const walk = order.map((axis, i) => ({ size: sizes[i]!, steps: [steps[axis]!, packed[i]!] }));
  const N = axes.reduce((size, axis) => size * x.shape[axis]!, 1);
  const total = util.sizeFromShape(x.shape);
  const from = backend.address(x);
  backend.withScratch(total * 4, (scratch) => {
    if (total > 0) copyAlong(backend, { axes: walk, from, to: scratch });
    reduce(backend, scratch, to, { outer: util.sizeFromShape(x.shape) / N || 0, N, inner: 1 });
  });
}

/** Σ x over axes. */
export const sum = reduction(({ kernels }, from, to, { outer, N, inner }) =>
  kernels.sum(from, to, outer, N, inner, 1)
);

/** Σ x over axes, divided by how many were summed. */
export const mean = reduction(({ kernels }, from, to, { outer, N, inner }) =>
  kernels.sum(from, to, outer, N, inner, N)
);

/** The largest x over axes. */
export const max = reduction(({ kernels }, from, to, { outer, N, inner }) =>
  kernels.max(from, to, outer, N, inner)
);

/** The smallest x over axes. */
export const min = reduction(({ kernels }, from, to, { outer, N, inner }) =>
  kernels.min(from, to, outer, N, inner)
);

/** eˣ over its sum along the last axis. */
export const softmax: Override = ({ inputs, attrs, backend }) => {
  const x = inputs["logits"]!;
  const last = x.shape.length - 1;
  if (x.dtype !== "float32" || last < 0) return undefined;
  if (util.parseAxisParam(attrs["dim"] as number, x.shape)[0] !== last) return undefined;
  const N = x.shape[last]!;
  const from = backend.address(x);
  const y = backend.allocate(x.shape);
  const rows = util.sizeFromShape(x.shape.slice(0, last));
  const to = backend.address(y);
  backend.divide("softmax", { length: rows, work: rows * N * 10 }, (begin, n) => {
    const offset = begin * N * 4;
    return [from + offset, to + offset, n, N];
  });
  return y;
};
