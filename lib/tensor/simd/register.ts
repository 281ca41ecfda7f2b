/** Registering the backend: every kernel of the stock cpu backend, the hot ones replaced by our own. */
import {
  getKernelsForBackend,
  type KernelConfig,
  registerBackend,
  registerKernel,
} from "@tensorflow/tfjs-core";
import { SimdBackend } from "./backend.ts";
import type { Blas } from "./gemm.ts";
import { Heap } from "./heap.ts";
import { concat, pack } from "./join.ts";
import { compileKernels, hasRelaxedSimd, loadKernels } from "./load.ts";
import { fusedBatchNorm } from "./batch_norm.ts";
import { conv2D, conv2DBackpropFilter, conv2DBackpropInput, fusedConv2D } from "./convolution.ts";
import {
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
  depthwiseConv2D,
  fusedDepthwiseConv2D,
} from "./depthwise.ts";
import { averagePool, averagePoolGradient, maxPool, maxPoolGradient } from "./pooling.ts";
import { cast, fill, onesLike, zerosLike } from "./create.ts";
import {
  addN,
  binary,
  clipByValue,
  comparison,
  power,
  select,
  step,
  unary,
} from "./elementwise.ts";
import { gatherV2, oneHot, unsortedSegmentSum } from "./indexing.ts";
import { batchMatMul, fusedMatMul } from "./matmul.ts";
import { identity, padV2, reshape, slice, splitV, tile, transpose, unpack } from "./move.ts";
import type { KernelArguments, Override } from "./override.ts";
import { max, mean, min, softmax, sum } from "./reduce.ts";

/** The kernels that replace stock ones, by tfjs's name. */
const overrides: Record<string, Override> = {
  _FusedMatMul: fusedMatMul,
  Abs: unary("abs"),
  Add: binary("add"),
  AddN: addN,
  AvgPool: averagePool,
  AvgPoolGrad: averagePoolGradient,
  BatchMatMul: batchMatMul,
  Cast: cast,
  ClipByValue: clipByValue,
  Concat: concat,
  Conv2D: conv2D,
  Conv2DBackpropFilter: conv2DBackpropFilter,
  Conv2DBackpropInput: conv2DBackpropInput,
  DepthwiseConv2dNative: depthwiseConv2D,
  DepthwiseConv2dNativeBackpropFilter: depthwiseBackpropFilter,
  DepthwiseConv2dNativeBackpropInput: depthwiseBackpropInput,
  Equal: comparison("equal"),
  Exp: unary("exp"),
  Fill: fill,
  FusedBatchNorm: fusedBatchNorm,
  FusedConv2D: fusedConv2D,
  FusedDepthwiseConv2D: fusedDepthwiseConv2D,
  GatherV2: gatherV2,
  Greater: comparison("greater"),
  GreaterEqual: comparison("greaterEqual"),
  Identity: identity,
  Less: comparison("less"),
  LessEqual: comparison("lessEqual"),
  Log: unary("log"),
  Max: max,
  MaxPool: maxPool,
  MaxPoolGrad: maxPoolGradient,
  Maximum: binary("maximum"),
  Mean: mean,
  Min: min,
  Minimum: binary("minimum"),
  Multiply: binary("multiply"),
  Neg: unary("neg"),
  NotEqual: comparison("notEqual"),
  OneHot: oneHot,
  OnesLike: onesLike,
  Pack: pack,
  PadV2: padV2,
  Pow: power,
  RealDiv: binary("divide"),
  Reciprocal: unary("reciprocal"),
  Relu: unary("relu"),
  Relu6: unary("relu6"),
  Reshape: reshape,
  Rsqrt: unary("rsqrt"),
  Select: select,
  Sigmoid: unary("sigmoid"),
  Slice: slice,
  Softmax: softmax,
  SplitV: splitV,
  Sqrt: unary("sqrt"),
  Square: unary("square"),
  SquaredDifference: binary("squaredDifference"),
  Step: step,
  Sub: binary("subtract"),
  Sum: sum,
  Tanh: unary("tanh"),
  Tile: tile,
  Transpose: transpose,
  Unpack: unpack,
  UnsortedSegmentSum: unsortedSegmentSum,
  ZerosLike: zerosLike,
};

function replaced(stock: KernelConfig, override: Override): KernelConfig["kernelFunc"] {
  return (args) => override(args as unknown as KernelArguments) ?? stock.kernelFunc(args);
}

/** Registers every kernel for a backend of this name. */
export function registerKernels(backendName: string): void {
  for (const stock of getKernelsForBackend("cpu")) {
    const override = overrides[stock.kernelName];
    const kernelFunc = override ? replaced(stock, override) : stock.kernelFunc;
    registerKernel({ ...stock, backendName, kernelFunc });
  }
}

/**
 * Registers the backend `simd` with tfjs, which makes it when it is first set.
 *
 * @param options `relaxed`: whether with the kernels for relaxed SIMD, as far as the engine has it unless said.
 */
export function registerSimd({ relaxed = hasRelaxedSimd() } = {}): void {
  register("simd", { relaxed });
}

/** Registers the backend `native`: simd, with matrix products by a BLAS. */
export function registerNative(blas: Blas): void {
  register("native", { relaxed: hasRelaxedSimd(), blas });
}

function register(name: string, { relaxed, blas }: { relaxed: boolean; blas?: Blas }): void {
  registerKernels(name);
  registerBackend(name, () => {
    const heap = new Heap();
    const module = compileKernels({ relaxed });
    return new SimdBackend({ heap, kernels: loadKernels(heap, { module }), module, blas });
  });
}
