/** Depthwise convolutions and their gradients: every channel with filters of its own. */
import type { backend_util, TensorInfo } from "@tensorflow/tfjs-core";
import { infoOf } from "./convolution.ts";
import { finishing } from "./finish.ts";
import type { Override } from "./override.ts";

type Info = backend_util.Conv2DInfo;

/** The numbers by which the kernels know a convolution. */
// deno-fmt-ignore
function sizes({ batchSize, inHeight, inWidth, inChannels, outChannels, filterHeight, filterWidth,
  outHeight, outWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo }: Info) {
  return [batchSize, inHeight, inWidth, inChannels, outChannels / inChannels,
    filterHeight, filterWidth, outHeight, outWidth,
    strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo.top, padInfo.left] as const;
}

/** y = x ∗ filter, each channel by itself. */
export const depthwiseConv2D: Override = ({ inputs, attrs, backend }) => {
  const { x, filter } = inputs as { x: TensorInfo; filter: TensorInfo };
  const info = infoOf(attrs, { x: x.shape, filter: filter.shape, depthwise: true });
  if (!info || x.dtype !== "float32" || filter.dtype !== "float32") return undefined;
  const from = [backend.address(x), backend.address(filter)] as const;
  const y = backend.allocate(info.outShape);
  backend.kernels.depthwise(...from, backend.address(y), ...sizes(info));
  return y;
};

/** The same with a bias and an activation. */
export const fusedDepthwiseConv2D: Override = ({ inputs, attrs, backend }) => {
  const { x, filter, bias } = inputs as { x: TensorInfo; filter: TensorInfo; bias?: TensorInfo };
  const channels = filter.shape[2]! * filter.shape[3]!;
  const finish = finishing(backend, { bias, attrs, channels });
  const y = finish && depthwiseConv2D({ inputs: { x, filter }, attrs, backend });
  return y && finish(y as TensorInfo);
};

/** The gradient by the filter. */
export const depthwiseBackpropFilter: Override = ({ inputs, attrs, backend }) => {
  const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
  const filter = attrs["filterShape"] as number[];
  const info = infoOf(attrs, { x: x.shape, filter, dy: dy.shape, depthwise: true });
  if (!info || x.dtype !== "float32" || dy.dtype !== "float32") return undefined;
  const [from, above] = [backend.address(x), backend.address(dy)];
  const dFilter = backend.allocate(filter);
  const to = backend.address(dFilter);
  backend.kernels.depthwiseFilterGradient(from, to, above, ...sizes(info));
  return dFilter;
};

/** The gradient by x. */
export const depthwiseBackpropInput: Override = ({ inputs, attrs, backend }) => {
  const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
  const shape = attrs["inputShape"] as number[];
  const info = infoOf(attrs, { x: shape, filter: filter.shape, dy: dy.shape, depthwise: true });
  if (!info || dy.dtype !== "float32" || filter.dtype !== "float32") return undefined;
  const [above, weights] = [backend.address(dy), backend.address(filter)];
  const dx = backend.allocate(shape);
  backend.kernels.depthwiseInputGradient(backend.address(dx), weights, above, ...sizes(info));
  return dx;
};
