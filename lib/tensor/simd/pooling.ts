/** Pooling over windows of images, and its gradients. */
import { backend_util, type NamedAttrMap, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { Override } from "./override.ts";

function infoOf(shape: number[], attrs: NamedAttrMap): backend_util.Conv2DInfo {
  return backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    attrs["filterSize"] as [number, number],
    attrs["strides"] as [number, number],
    1,
    attrs["pad"] as "same",
    attrs["dimRoundingMode"] as "floor",
  );
}

/** The numbers by which the kernels know a pooling. */
// deno-fmt-ignore
function sizes({ batchSize, inHeight, inWidth, inChannels, filterHeight, filterWidth,
  outHeight, outWidth, strideHeight, strideWidth, padInfo }: backend_util.Conv2DInfo) {
  return [batchSize, inHeight, inWidth, inChannels, filterHeight, filterWidth,
    outHeight, outWidth, strideHeight, strideWidth, padInfo.top, padInfo.left] as const;
}

function pool(kernel: "maxPool" | "averagePool"): Override {
  return ({ inputs: { x }, attrs, backend }) => {
    if (x!.dtype !== "float32") return undefined;
    const info = infoOf(x!.shape, attrs);
    const { filterHeight, filterWidth, inShape, outShape } = info;
    if (filterHeight * filterWidth === 1 && util.arraysEqual(inShape, outShape)) {
      return backend.share(x!, x!.shape); // whatever the step is, as in the stock kernel
    }
    const from = backend.address(x!);
    const y = backend.allocate(outShape);
    backend.kernels[kernel](from, backend.address(y), ...sizes(info));
    return y;
  };
}

/** The largest number of each window. */
export const maxPool = pool("maxPool");

/** The mean of each window. */
export const averagePool = pool("averagePool");

/** dy to where each largest number was. */
export const maxPoolGradient: Override = ({ inputs, attrs, backend }) => {
  const { dy, input: x } = inputs as { dy: TensorInfo; input: TensorInfo };
  if (x.dtype !== "float32" || dy.dtype !== "float32") return undefined;
  const info = infoOf(x.shape, attrs);
  const [above, from] = [backend.address(dy), backend.address(x)];
  const dx = backend.allocate(x.shape);
  backend.kernels.maxPoolGradient(above, from, backend.address(dx), ...sizes(info));
  return dx;
};

/** A share of dy to all numbers of each window. */
export const averagePoolGradient: Override = ({ inputs, attrs, backend }) => {
  const { dy, input: x } = inputs as { dy: TensorInfo; input: TensorInfo };
  if (dy.dtype !== "float32") return undefined;
  const above = backend.address(dy);
  const dx = backend.allocate(x.shape);
  backend.kernels.averagePoolGradient(above, backend.address(dx), ...sizes(infoOf(x.shape, attrs)));
  return dx;
};
