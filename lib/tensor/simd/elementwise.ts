/** Element-wise ops: of one tensor, and of two with broadcasting. */
import { broadcast_util, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { type Axis, broadcastSteps, merge, padded } from "./axes.ts";
import type { SimdBackend } from "./backend.ts";
import type { Kernels } from "./kernels.ts";
import type { Override } from "./override.ts";

type Unary = {
  [Name in keyof Kernels]: Kernels[Name] extends (x: number, y: number, n: number) => void ? Name
    : never;
}[keyof Kernels];

type Binary =
  | "add"
  | "divide"
  | "maximum"
  | "minimum"
  | "multiply"
  | "squaredDifference"
  | "subtract";

type Comparison = "equal" | "greater" | "greaterEqual" | "less" | "lessEqual" | "notEqual";

/** Numbers that threads are given at least, whole cache lines. */
const LINE = 16;

/** As long as so many multiplications of a matrix product takes the way to memory and back. */
const MEMORY = 3;

/** About how many multiplications a function takes as long as, where the way to memory is not all of it. */
const costs: Partial<Record<Unary, number>> = { exp: 8, log: 10, sigmoid: 10, tanh: 10 };

/** y = f(x) for float32. */
export function unary(kernel: Unary): Override {
  return ({ inputs: { x }, backend }) => {
    if (x!.dtype !== "float32") return undefined;
    const from = backend.address(x!);
    const y = backend.allocate(x!.shape);
    const [to, length] = [backend.address(y), util.sizeFromShape(x!.shape)];
    const size = { length, step: LINE, work: length * (costs[kernel] ?? MEMORY) };
    backend.divide(kernel, size, (begin, n) => [from + begin * 4, to + begin * 4, n]);
    return y;
  };
}

/** y = 1 where x > 0, else alpha. */
export const step: Override = ({ inputs: { x }, attrs, backend }) => {
  if (x!.dtype !== "float32") return undefined;
  const from = backend.address(x!);
  const y = backend.allocate(x!.shape);
  const size = util.sizeFromShape(x!.shape);
  backend.kernels.step(from, backend.address(y), size, attrs["alpha"] as number ?? 0);
  return y;
};

/** y = x, bounded. */
export const clipByValue: Override = ({ inputs: { x }, attrs, backend }) => {
  if (x!.dtype !== "float32") return undefined;
  const { clipValueMin, clipValueMax } = attrs as unknown as Record<string, number>;
  const from = backend.address(x!);
  const y = backend.allocate(x!.shape);
  const size = util.sizeFromShape(x!.shape);
  backend.kernels.clip(from, backend.address(y), size, clipValueMin!, clipValueMax!);
  return y;
};

/** c = f(a, b) for float32. */
export function binary(kernel: Binary): Override {
  return ({ inputs, backend }) => pairwise(backend, { kernel, inputs, dtype: "float32" });
}

/** c = whether a and b, float32, compare so. */
export function comparison(kernel: Comparison): Override {
  return ({ inputs, backend }) => pairwise(backend, { kernel, inputs, dtype: "bool" });
}

function pairwise(
  backend: SimdBackend,
  { kernel, inputs, dtype }: {
    kernel: Binary | Comparison;
    inputs: Record<string, TensorInfo>;
    dtype: "float32" | "bool";
  },
): TensorInfo | undefined {
  const { a, b } = inputs as { a: TensorInfo; b: TensorInfo };
  if (a.dtype !== "float32" || b.dtype !== "float32") return undefined;
  const { shape, loops } = alignment(a.shape, b.shape);
  if (!loops) return undefined;
  const [x, y] = [backend.address(a), backend.address(b)];
  const c = backend.allocate(shape, dtype);
  eachPart(backend, {
    kernel,
    loops,
    x,
    y,
    c: backend.address(c),
    bytes: dtype === "bool" ? 1 : 4,
  });
  return c;
}

/** The largest exponent whose power is as good by multiplication. */
const MOST_FACTORS = 8;

/** y = aᵇ where b is one small whole number. */
export const power: Override = ({ inputs, backend }) => {
  const { a, b } = inputs as { a: TensorInfo; b: TensorInfo };
  if (a.dtype !== "float32" || util.sizeFromShape(b.shape) !== 1) return undefined;
  const [exponent] = backend.data.get(b.dataId).values as Float32Array;
  if (!Number.isInteger(exponent) || Math.abs(exponent!) > MOST_FACTORS) return undefined;
  const from = backend.address(a);
  const y = backend.allocate(broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape));
  const [to, size] = [backend.address(y), util.sizeFromShape(a.shape)];
  backend.kernels.power(from, to, size, Math.abs(exponent!));
  if (exponent! < 0) backend.kernels.reciprocal(to, to, size);
  return y;
};

/** Runs the loops, of which the outermost that is one is cut for threads. */
function eachPart(
  backend: SimdBackend,
  { kernel, loops: [i, j, k], x, y, c, bytes }: {
    kernel: Binary | Comparison;
    loops: [Axis, Axis, Axis];
    x: number;
    y: number;
    c: number;
    bytes: number;
  },
): void {
  const outer = i.size > 1 ? i : j.size > 1 ? j : k;
  const inner = i.size * j.size * k.size / outer.size; // numbers of c in one turn of the loop
  const size = {
    length: outer.size,
    step: outer === k ? LINE : 1,
    work: outer.size * inner * MEMORY,
  };
  backend.divide(kernel, size, (begin, n) => {
    const [I, J, K] = [i, j, k].map((axis) => axis === outer ? n : axis.size);
    const [a, b] = outer.steps.map((step) => begin * step * 4);
    // deno-fmt-ignore
    return [x + a!, y + b!, c + begin * inner * bytes,
      I!, i.steps[0]!, i.steps[1]!, J!, j.steps[0]!, j.steps[1]!, K!, k.steps[0]!, k.steps[1]!];
  });
}

const once: Axis = { size: 1, steps: [0, 0] };

/** The shape of f(a, b), and the three loops that go over it if three are enough. */
function alignment(
  a: number[],
  b: number[],
): { shape: number[]; loops?: [Axis, Axis, Axis] | undefined } {
  if (util.arraysEqual(a, b)) { // the common case, made quick
    return { shape: a, loops: [once, once, { size: util.sizeFromShape(a), steps: [1, 1] }] };
  }
  const shape = broadcast_util.assertAndGetBroadcastShape(a, b);
  const [stepsA, stepsB] = [broadcastSteps(a, shape.length), broadcastSteps(b, shape.length)];
  const axes = shape.map((size, i) => ({ size, steps: [stepsA[i]!, stepsB[i]!] }));
  const loops = padded(merge(axes), { count: 3, tensors: 2 });
  return { shape, loops: loops as [Axis, Axis, Axis] | undefined };
}

/** The sum of several tensors of one shape. */
export const addN: Override = ({ inputs, backend }) => {
  const tensors = inputs as unknown as TensorInfo[];
  const [first, ...rest] = tensors;
  if (rest.length === 0 || tensors.some(({ dtype }) => dtype !== "float32")) return undefined;
  const size = util.sizeFromShape(first!.shape);
  const addresses = tensors.map((tensor) => backend.address(tensor));
  const sum = backend.allocate(first!.shape);
  const to = backend.address(sum);
  backend.kernels.add(addresses[0]!, addresses[1]!, to, 1, 0, 0, 1, 0, 0, size, 1, 1);
  for (const from of addresses.slice(2)) backend.kernels.addScaled(from, to, size, 1);
  return sum;
};

/** t where the condition holds, else e: all of one shape. */
export const select: Override = ({ inputs, backend }) => {
  const { condition, t, e } = inputs as Record<string, TensorInfo>;
  if (t!.dtype !== "float32" || e!.dtype !== "float32") return undefined;
  if (!util.arraysEqual(condition!.shape, t!.shape)) return undefined;
  const [from, whether] = [backend.address(t!), backend.address(condition!)];
  const other = backend.address(e!);
  const out = backend.allocate(t!.shape);
  const size = util.sizeFromShape(t!.shape);
  backend.kernels.select(whether, from, other, backend.address(out), size);
  return out;
};
