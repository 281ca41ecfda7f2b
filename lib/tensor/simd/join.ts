/** Ops that make one tensor of several: concat and stack. */
import { backend_util, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { SimdBackend } from "./backend.ts";
import { copyAlong, isWords } from "./move.ts";
import type { Override } from "./override.ts";

/** The tensors one after the other along an axis. */
export const concat: Override = ({ inputs, attrs, backend }) => {
  const tensors = inputs as unknown as TensorInfo[];
  const axis = util.parseAxisParam(attrs["axis"] as number, tensors[0]!.shape)[0]!;
  const shapes = tensors.map(({ shape }) => shape);
  backend_util.assertParamsConsistent(shapes, axis);
  const dtype = tensors[0]!.dtype;
  if (!tensors.every((each) => isWords(each) && each.dtype === dtype)) return undefined;
  return joined(backend, { tensors, axis, shape: backend_util.computeOutShape(shapes, axis) });
};

/** The tensors, of one shape and type, one after the other along a new axis. */
export const pack: Override = ({ inputs, attrs, backend }) => {
  const tensors = inputs as unknown as TensorInfo[];
  const { shape, dtype } = tensors[0]!;
  for (const each of tensors) {
    util.assertShapesMatch(shape, each.shape, "Expected tensors of one shape to stack");
    util.assert(
      dtype === each.dtype,
      () => `Expected tensors of one type to stack, got ${dtype} and ${each.dtype}`,
    );
  }
  if (!isWords(tensors[0]!)) return undefined;
  const axis = attrs["axis"] as number;
  const at = axis < 0 ? axis + shape.length + 1 : axis;
  const expanded = [...shape.slice(0, at), 1, ...shape.slice(at)];
  const out = [...shape.slice(0, at), tensors.length, ...shape.slice(at)];
  const thin = tensors.map((each) => ({ ...each, shape: expanded }));
  return joined(backend, { tensors: thin, axis: at, shape: out });
};

function joined(
  backend: SimdBackend,
  { tensors, axis, shape }: { tensors: TensorInfo[]; axis: number; shape: number[] },
): TensorInfo {
  const addresses = tensors.map((each) => backend.address(each));
  const out = backend.allocate(shape, tensors[0]!.dtype as "float32" | "int32");
  const outer = util.sizeFromShape(shape.slice(0, axis));
  const row = util.sizeFromShape(shape.slice(axis));
  let to = backend.address(out);
  for (const [i, { shape: own }] of tensors.entries()) {
    const width = util.sizeFromShape(own.slice(axis));
    const axes = [{ size: outer, steps: [width, row] }, { size: width, steps: [1, 1] }];
    if (outer * width > 0) copyAlong(backend, { axes, from: addresses[i]!, to });
    to += width * 4;
  }
  return out;
}
