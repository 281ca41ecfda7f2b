/** Ops that take or set numbers by index. */
import { backend_util, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { Override } from "./override.ts";

/** Rows of x along an axis, by index; what is out of range is left to the stock kernel's error. */
export const gatherV2: Override = ({ inputs, attrs, backend }) => {
  const { x, indices } = inputs as { x: TensorInfo; indices: TensorInfo };
  if ((x.dtype !== "float32" && x.dtype !== "int32") || indices.dtype !== "int32") return undefined;
  const axis = util.parseAxisParam(attrs["axis"] as number, x.shape)[0]!;
  const info = backend_util.segment_util.collectGatherOpShapeInfo(
    x as never, // the function only reads the shape
    indices as never,
    axis,
    attrs["batchDims"] as number ?? 0,
  );
  if (info.batchSize !== 1) return undefined;
  const n = util.sizeFromShape(indices.shape);
  const at = backend.address(indices);
  if (backend.kernels.firstBadIndex(at, n, info.dimSize) >= 0) return undefined;
  const from = backend.address(x);
  const y = backend.allocate(info.outputShape, x.dtype);
  const to = backend.address(y);
  backend.kernels.gatherRows(from, at, to, info.outerSize, info.dimSize, n, info.sliceSize);
  return y;
};

/** y[s] = Σ of the x[i] whose segment is s. */
export const unsortedSegmentSum: Override = ({ inputs, attrs, backend }) => {
  const { x, segmentIds } = inputs as { x: TensorInfo; segmentIds: TensorInfo };
  if (x.dtype !== "float32" || segmentIds.dtype !== "int32") return undefined;
  const [n] = segmentIds.shape;
  if (segmentIds.shape.length !== 1 || n !== x.shape[0]) return undefined;
  const size = attrs["numSegments"] as number;
  const shape = [size, ...x.shape.slice(1)];
  const [from, segments] = [backend.address(x), backend.address(segmentIds)];
  const y = backend.allocate(shape);
  const width = util.sizeFromShape(x.shape.slice(1));
  backend.kernels.sumSegments(from, segments, backend.address(y), n!, size, width);
  return y;
};

/** The bits of a number as float32. */
function bitsOf(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0]!;
}

/** y[…, index] = onValue, offValue elsewhere. */
export const oneHot: Override = ({ inputs, attrs, backend }) => {
  const indices = inputs["indices"]!;
  const { dtype, depth, onValue, offValue } = attrs as unknown as {
    dtype: string;
    depth: number;
    onValue: number;
    offValue: number;
  };
  if (indices.dtype !== "int32" || (dtype !== "float32" && dtype !== "int32")) return undefined;
  const at = backend.address(indices);
  const y = backend.allocate([...indices.shape, depth], dtype);
  const [on, off] = dtype === "float32" ? [bitsOf(onValue), bitsOf(offValue)] : [onValue, offValue];
  backend.kernels.oneHot(at, backend.address(y), util.sizeFromShape(indices.shape), depth, on, off);
  return y;
};
