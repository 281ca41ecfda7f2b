/** What tfjs's fused ops do to a result: a bias for each channel, and an activation. */
import { type NamedAttrMap, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { SimdBackend } from "./backend.ts";

const activations = {
  linear: undefined,
  relu: "relu",
  relu6: "relu6",
  sigmoid: "sigmoid",
} as const;

/**
 * A function that adds the bias to a tensor [..., channels] and applies the activation, in place; undefined for
 * what only the stock kernels can do.
 */
export function finishing(
  backend: SimdBackend,
  { bias, attrs, channels }: {
    bias: TensorInfo | undefined;
    attrs: NamedAttrMap;
    channels: number;
  },
): ((out: TensorInfo) => TensorInfo) | undefined {
  const activation = (attrs["activation"] ?? "linear") as keyof typeof activations;
  if (!(activation in activations)) return undefined;
  if (bias && (bias.dtype !== "float32" || util.sizeFromShape(bias.shape) !== channels)) {
    return undefined;
  }
  const { kernels } = backend;
  const kernel = activations[activation];
  const shift = bias && backend.address(bias);
  return (out) => {
    const y = backend.address(out), size = util.sizeFromShape(out.shape);
    // deno-fmt-ignore
    if (shift) kernels.add(y, shift, y, 1, 0, 0, size / channels, channels, 0, channels, 1, 1);
    if (kernel) kernels[kernel](y, y, size);
    return out;
  };
}
