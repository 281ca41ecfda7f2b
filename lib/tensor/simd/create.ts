/** Ops that make numbers of another type, or out of nothing. */
import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { Override } from "./override.ts";

const conversions = {
  "bool float32": "boolToFloat",
  "bool int32": "boolToInt",
  "int32 float32": "intToFloat",
  "float32 bool": "floatToBool",
} as const;

/** The numbers as another type; float32 to int32 cuts towards zero. */
export const cast: Override = ({ inputs: { x }, attrs, backend }) => {
  const dtype = attrs["dtype"] as TensorInfo["dtype"];
  if (x!.dtype === dtype) return backend.share(x!, x!.shape);
  if (x!.dtype === "float32" && dtype === "int32") return truncated(backend, x!);
  const kernel = conversions[`${x!.dtype} ${dtype}` as keyof typeof conversions];
  if (!kernel) return undefined;
  const from = backend.address(x!);
  const y = backend.allocate(x!.shape, dtype as "float32" | "int32" | "bool");
  backend.kernels[kernel](from, backend.address(y), util.sizeFromShape(x!.shape));
  return y;
};

/** By JavaScript, whose conversion also says what NaN and numbers past 2³¹ become. */
function truncated(
  backend: Parameters<Override>[0]["backend"],
  x: TensorInfo,
): TensorInfo {
  const values = backend.data.get(x.dataId).values as Float32Array;
  return backend.makeTensorInfo(x.shape, "int32", new Int32Array(values));
}

/** A shape of one value. */
export const fill: Override = ({ attrs, backend }) => {
  const { shape, value, dtype } = attrs as unknown as {
    shape: number[];
    value: number | string;
    dtype?: string;
  };
  if (typeof value !== "number" || (dtype || util.inferDtype(value)) !== "float32") {
    return undefined;
  }
  const y = backend.allocate(shape);
  backend.kernels.fill(backend.address(y), util.sizeFromShape(shape), value);
  return y;
};

function filledLike(value: number): Override {
  return ({ inputs: { x }, backend }) => {
    if (x!.dtype !== "float32") return undefined;
    const y = backend.allocate(x!.shape);
    backend.kernels.fill(backend.address(y), util.sizeFromShape(x!.shape), value);
    return y;
  };
}

/** Zeros in the shape of x. */
export const zerosLike = filledLike(0);

/** Ones in the shape of x. */
export const onesLike = filledLike(1);
