/**
 * Convolutions and their gradients, as products with the matrix of all patches.
 *
 * B images, H × W × C numbers each; a filter R × S × C → O, laid at OH × OW places.
 */
import { backend_util, type NamedAttrMap, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { SimdBackend } from "./backend.ts";
import { finishing } from "./finish.ts";
import type { Override } from "./override.ts";

type Info = backend_util.Conv2DInfo;
type Shape4 = [number, number, number, number];

/** Patches are made for so many bytes at a time, so that they are still in the cache when they are used. */
const PATCH_BYTES = 2 ** 19;

/** The sizes of a convolution, or undefined for one that is left to the stock kernel. */
export function infoOf(
  attrs: NamedAttrMap,
  { x, filter, dy, depthwise = false }: {
    x: number[];
    filter: number[];
    dy?: number[];
    depthwise?: boolean;
  },
): Info | undefined {
  if ((attrs["dataFormat"] ?? "NHWC") !== "NHWC") return undefined;
  const info = backend_util.computeConv2DInfo(
    x as Shape4,
    filter as Shape4,
    attrs["strides"] as [number, number],
    (attrs["dilations"] ?? 1) as [number, number],
    attrs["pad"] as "same",
    attrs["dimRoundingMode"] as "floor",
    depthwise,
  );
  return dy && !util.arraysEqual(dy, info.outShape) ? undefined : info;
}

function areFloats(...tensors: (TensorInfo | undefined)[]): boolean {
  return tensors.every((tensor) => !tensor || tensor.dtype === "float32");
}

/** Whether the patches are x itself: a filter of one place that steps to the next. */
function isPointwise({ filterHeight, filterWidth, strideHeight, strideWidth, padInfo }: Info) {
  return filterHeight * filterWidth * strideHeight * strideWidth === 1 &&
    padInfo.top + padInfo.left + padInfo.bottom + padInfo.right === 0;
}

/** The numbers by which the kernels know a convolution. */
// deno-fmt-ignore
function sizes({ inHeight, inWidth, inChannels, filterHeight, filterWidth, outHeight, outWidth,
  strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo }: Info) {
  return [inHeight, inWidth, inChannels, filterHeight, filterWidth, outHeight, outWidth,
    strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo.top, padInfo.left] as const;
}

/** Goes over all places by some rows at a time: the patches' address, the first place, and how many. */
function overPatches(
  backend: SimdBackend,
  info: Info,
  use: (part: { patches: number; first: number; rows: number; place: number; M: number }) => void,
): void {
  const { batchSize, outHeight, outWidth, filterHeight, filterWidth, inChannels } = info;
  const rowBytes = outWidth * filterHeight * filterWidth * inChannels * 4;
  const all = batchSize * outHeight;
  const most = Math.min(all, Math.max(1, Math.floor(PATCH_BYTES / rowBytes)));
  if (all === 0 || rowBytes === 0) return;
  backend.withScratch(most * rowBytes, (patches) => {
    for (let first = 0; first < all; first += most) {
      const rows = Math.min(most, all - first);
      use({ patches, first, rows, place: first * outWidth, M: rows * outWidth });
    }
  });
}

/** K, the numbers of a patch, and N, the filters. */
function depths({ filterHeight, filterWidth, inChannels, outChannels }: Info) {
  return { K: filterHeight * filterWidth * inChannels, N: outChannels };
}

function convolve(
  backend: SimdBackend,
  { x, filter, info }: { x: TensorInfo; filter: TensorInfo; info: Info },
): TensorInfo {
  const { K, N } = depths(info);
  const [from, b] = [backend.address(x), backend.address(filter)];
  const y = backend.allocate(info.outShape);
  const c = backend.address(y);
  if (isPointwise(info)) {
    backend.gemm({ M: info.batchSize * info.outHeight * info.outWidth, N, K, a: from, b, c });
    return y;
  }
  overPatches(backend, info, ({ patches, first, rows, place, M }) => {
    backend.kernels.unfold(from, patches, first, rows, ...sizes(info));
    backend.gemm({ M, N, K, a: patches, b, c: c + place * N * 4 });
  });
  return y;
}

/** y = x ∗ filter. */
export const conv2D: Override = ({ inputs, attrs, backend }) => {
  const { x, filter } = inputs as { x: TensorInfo; filter: TensorInfo };
  const info = infoOf(attrs, { x: x.shape, filter: filter.shape });
  if (!info || !areFloats(x, filter)) return undefined;
  return convolve(backend, { x, filter, info });
};

/** y = activation(x ∗ filter + bias). */
export const fusedConv2D: Override = ({ inputs, attrs, backend }) => {
  const { x, filter, bias } = inputs as { x: TensorInfo; filter: TensorInfo; bias?: TensorInfo };
  const info = infoOf(attrs, { x: x.shape, filter: filter.shape });
  if (!info || !areFloats(x, filter, bias)) return undefined;
  const finish = finishing(backend, { bias, attrs, channels: info.outChannels });
  return finish && finish(convolve(backend, { x, filter, info }));
};

/** The gradient by the filter: patchesᵀ·dy. */
export const conv2DBackpropFilter: Override = ({ inputs, attrs, backend }) => {
  const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
  const filter = attrs["filterShape"] as number[];
  const info = infoOf(attrs, { x: x.shape, filter, dy: dy.shape });
  if (!info || !areFloats(x, dy)) return undefined;
  const { K: M, N } = depths(info);
  const [from, above] = [backend.address(x), backend.address(dy)];
  const dFilter = backend.allocate(filter);
  const c = backend.address(dFilter);
  if (isPointwise(info)) {
    const K = info.batchSize * info.outHeight * info.outWidth;
    backend.gemm({ M, N, K, a: from, transposeA: true, b: above, c });
    return dFilter;
  }
  backend.kernels.fill(c, M * N, 0);
  overPatches(backend, info, ({ patches, first, rows, place, M: K }) => {
    backend.kernels.unfold(from, patches, first, rows, ...sizes(info));
    const b = above + place * N * 4;
    backend.gemm({ M, N, K, a: patches, transposeA: true, b, c, accumulate: true });
  });
  return dFilter;
};

/** The gradient by x: the patches dy·filterᵀ, added up where they overlap. */
export const conv2DBackpropInput: Override = ({ inputs, attrs, backend }) => {
  const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
  const shape = attrs["inputShape"] as number[];
  const info = infoOf(attrs, { x: shape, filter: filter.shape, dy: dy.shape });
  if (!info || !areFloats(dy, filter)) return undefined;
  const { K: N, N: K } = depths(info);
  const [above, b] = [backend.address(dy), backend.address(filter)];
  const dx = backend.allocate(shape);
  const to = backend.address(dx);
  if (isPointwise(info)) {
    const M = info.batchSize * info.outHeight * info.outWidth;
    backend.gemm({ M, N, K, a: above, b, transposeB: true, c: to });
    return dx;
  }
  backend.kernels.fill(to, info.batchSize * info.inHeight * info.inWidth * info.inChannels, 0);
  overPatches(backend, info, ({ patches, first, rows, place, M }) => {
    backend.gemm({ M, N, K, a: above + place * K * 4, b, transposeB: true, c: patches });
    backend.kernels.fold(patches, to, first, rows, ...sizes(info));
  });
  return dx;
};
