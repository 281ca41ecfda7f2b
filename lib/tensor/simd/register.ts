/** Registering the backend: every kernel of the stock cpu backend, the hot ones replaced by our own. */
import {
  getKernelsForBackend,
  type KernelConfig,
  type NamedAttrMap,
  registerBackend,
  registerKernel,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { SimdBackend } from "./backend.ts";
import type { Blas } from "./blas.ts";
import { Heap } from "./heap.ts";
import { loadKernels } from "./load.ts";
import { batchMatMul } from "./matmul.ts";

/** What tfjs gives a kernel, with our backend. */
export interface KernelArguments {
  inputs: Record<string, TensorInfo>;
  attrs: NamedAttrMap;
  backend: SimdBackend;
}

/** Our kernel for an op; what it does not handle it leaves to the stock kernel by returning nothing. */
export type Override = (args: KernelArguments) => TensorInfo | TensorInfo[] | undefined;

/** The kernels that replace stock ones, by tfjs's name. */
const overrides: Record<string, Override> = {
  BatchMatMul: batchMatMul,
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

/** Registers the backend `simd` with tfjs, which makes it when it is first set. */
export function registerSimd(): void {
  register("simd");
}

/** Registers the backend `native`: simd, with matrix products by a BLAS. */
export function registerNative(blas: Blas): void {
  register("native", blas);
}

function register(name: string, blas?: Blas): void {
  registerKernels(name);
  registerBackend(name, () => {
    const heap = new Heap();
    return new SimdBackend({ heap, kernels: loadKernels(heap), blas });
  });
}
