/** Ops that only move numbers of one tensor: reshape, transpose, slice, split, tile, pad. */
import { backend_util, slice_util, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { type Axis, contiguousSteps, merge, padded } from "./axes.ts";
import type { SimdBackend } from "./backend.ts";
import type { Override } from "./override.ts";

/** Whether the kernel for numbers of four bytes can move it. */
export function isWords(x: TensorInfo): x is TensorInfo & { dtype: "float32" | "int32" } {
  return x.dtype === "float32" || x.dtype === "int32";
}

/** Copies along the axes, steps [x, y], from one address to another. */
export function copyAlong(
  backend: SimdBackend,
  { axes, from, to }: { axes: Axis[]; from: number; to: number },
): void {
  const merged = turned(merge(axes));
  const inner = padded(merged.slice(-4), { count: 4, tensors: 2 });
  const [i, j, k, l] = inner as [Axis, Axis, Axis, Axis];
  const outer = merged.slice(0, -4);
  // deno-fmt-ignore
  const loops = [
    i.size, i.steps[0]!, i.steps[1]!, j.size, j.steps[0]!, j.steps[1]!,
    k.size, k.steps[0]!, k.steps[1]!, l.size, l.steps[0]!,
  ] as const;
  if (outer.length === 0) return backend.kernels.copy(from, to, ...loops);
  const entries = outer.flatMap(({ size, steps }) => [size, ...steps]);
  backend.withScratch(entries.length * 4, (table) => {
    new Uint32Array(backend.heap.memory.buffer, table, entries.length).set(entries);
    backend.kernels.copyNested(from, to, table, outer.length, ...loops);
  });
}

/**
 * Puts last the axis along which y is written number by number, and before it the one along which x is read so:
 * the kernel turns these two in registers. The order of loops is free.
 */
function turned(axes: Axis[]): Axis[] {
  if (axes.at(-1)?.steps[1] !== 1) return [...axes, { size: 1, steps: [1, 1] }];
  if (axes.at(-1)!.steps[0] === 1) return axes;
  const along = axes.findIndex(({ steps }) => steps[0] === 1);
  return along < 0 ? axes : axes.toSpliced(along, 1).toSpliced(-1, 0, axes[along]!);
}

/** A new tensor of `shape`, filled by one copy from x. */
function copied(
  backend: SimdBackend,
  { x, shape, axes, offset = 0 }: {
    x: TensorInfo & { dtype: "float32" | "int32" };
    shape: number[];
    axes: Axis[];
    offset?: number;
  },
): TensorInfo {
  const from = backend.address(x) + offset * 4;
  const y = backend.allocate(shape, x.dtype);
  if (util.sizeFromShape(shape) > 0) copyAlong(backend, { axes, from, to: backend.address(y) });
  return y;
}

/** The same numbers as they are. */
export const identity: Override = ({ inputs: { x }, backend }) =>
  x!.dtype === "complex64" ? undefined : backend.share(x!, x!.shape);

/** The same numbers under another shape, of which one size may be −1. */
export const reshape: Override = ({ inputs: { x }, attrs, backend }) => {
  if (x!.dtype === "complex64") return undefined;
  const size = util.sizeFromShape(x!.shape);
  const shape = util.inferFromImplicitShape(attrs["shape"] as number[], size);
  return size === util.sizeFromShape(shape) ? backend.share(x!, shape) : undefined;
};

/** y[…, i, …] = x[…, perm(i), …]. */
export const transpose: Override = ({ inputs: { x }, attrs, backend }) => {
  if (!isWords(x!)) return undefined;
  const perm = attrs["perm"] as number[];
  const shape = perm.map((axis) => x.shape[axis]!);
  const [from, to] = [contiguousSteps(x.shape), contiguousSteps(shape)];
  const axes = perm.map((axis, i) => ({ size: shape[i]!, steps: [from[axis]!, to[i]!] }));
  return copied(backend, { x, shape, axes });
};

/** The part of x of a size that begins somewhere. */
export const slice: Override = ({ inputs: { x }, attrs, backend }) => {
  if (!isWords(x!)) return undefined;
  const { begin, size } = attrs as unknown as Record<"begin" | "size", number | number[]>;
  const [start, shape] = slice_util.parseSliceParams(x, begin, size) as [number[], number[]];
  slice_util.assertParamsValid(x, start, shape);
  return part(backend, { x, start, shape });
};

function part(
  backend: SimdBackend,
  { x, start, shape }: {
    x: TensorInfo & { dtype: "float32" | "int32" };
    start: number[];
    shape: number[];
  },
): TensorInfo {
  const [from, to] = [contiguousSteps(x.shape), contiguousSteps(shape)];
  const offset = start.reduce((sum, begin, i) => sum + begin * from[i]!, 0);
  const axes = shape.map((size, i) => ({ size, steps: [from[i]!, to[i]!] }));
  return copied(backend, { x, shape, axes, offset });
}

/** The parts of x along an axis: split at sizes. */
export const splitV: Override = ({ inputs: { x }, attrs, backend }) => {
  if (!isWords(x!)) return undefined;
  const axis = util.parseAxisParam(attrs["axis"] as number, x.shape)[0]!;
  const sizes = backend_util.prepareSplitSize(x, attrs["numOrSizeSplits"] as number[], axis);
  return parts(backend, { x, axis, sizes });
};

/** The slices of x along an axis, which disappears. */
export const unpack: Override = ({ inputs, attrs, backend }) => {
  const x = inputs["value"]!;
  if (!isWords(x)) return undefined;
  const axis = util.parseAxisParam(attrs["axis"] as number, x.shape)[0]!;
  const slices = parts(backend, { x, axis, sizes: new Array(x.shape[axis]!).fill(1) });
  const shape = x.shape.filter((_, i) => i !== axis);
  return slices.map((each) => ({ ...each, shape }));
};

function parts(
  backend: SimdBackend,
  { x, axis, sizes }: {
    x: TensorInfo & { dtype: "float32" | "int32" };
    axis: number;
    sizes: number[];
  },
): TensorInfo[] {
  let begin = 0;
  return sizes.map((size) => {
    const start = x.shape.map((_, i) => i === axis ? begin : 0);
    const shape = x.shape.map((whole, i) => i === axis ? size : whole);
    begin += size;
    return part(backend, { x, start, shape });
  });
}

/** x repeated along each axis. */
export const tile: Override = ({ inputs: { x }, attrs, backend }) => {
  if (!isWords(x!)) return undefined;
  const reps = attrs["reps"] as number[];
  const shape = x.shape.map((size, i) => size * reps[i]!);
  const [from, to] = [contiguousSteps(x.shape), contiguousSteps(shape)];
  const axes = x.shape.flatMap((size, i) => [
    { size: reps[i]!, steps: [0, to[i]! * size] },
    { size, steps: [from[i]!, to[i]!] },
  ]);
  return copied(backend, { x, shape, axes });
};

/** x with a constant around it. */
export const padV2: Override = ({ inputs: { x }, attrs, backend }) => {
  if (x!.dtype !== "float32") return undefined;
  const paddings = attrs["paddings"] as [number, number][];
  const shape = x!.shape.map((size, i) => size + paddings[i]![0] + paddings[i]![1]);
  const from = backend.address(x!);
  const y = backend.allocate(shape);
  const [stepsX, stepsY] = [contiguousSteps(x!.shape), contiguousSteps(shape)];
  const start = paddings.reduce((sum, [before], i) => sum + before * stepsY[i]!, 0);
  const axes = x!.shape.map((size, i) => ({ size, steps: [stepsX[i]!, stepsY[i]!] }));
  const to = backend.address(y);
  backend.kernels.fill(to, util.sizeFromShape(shape), attrs["constantValue"] as number);
  if (util.sizeFromShape(x!.shape) > 0) copyAlong(backend, { axes, from, to: to + start * 4 });
  return y;
};
