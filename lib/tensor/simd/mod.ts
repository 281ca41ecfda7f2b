/**
 * A tfjs backend over one WebAssembly memory, for Deno and for browsers.
 *
 * To add a kernel of your own:
 *
 * 1. Write it in AssemblyScript in `lib/tensor/kernels/NAME.ts`: exported functions that take addresses
 *    (`usize`) and counts. `lanes.ts` has `fma`. Export
 *    it from `index.ts`, then `deno task build:kernels`: it is a typed method of `backend.kernels`.
 * 2. Call it from a tfjs kernel:
 *
 *        registerKernel({
 *          kernelName: "LayerNorm",
 *          backendName: "simd",
 *          kernelFunc: ({ inputs, backend }) => {
 *            const simd = backend as SimdBackend;
 *            const { x } = inputs as { x: TensorInfo };
 *            const from = simd.address(x); // of x's numbers as x.dtype: float32, int32 or bool (1 byte)
 *            const out = simd.allocate(x.shape); // unset numbers: write them all
 *            simd.withScratch(bytes, (scratch) =>
 *              simd.kernels.layerNorm(from, simd.address(out), rows, columns, scratch));
 *            return out;
 *          },
 *        });
 *
 *    Matrix products inside such a kernel: `simd.gemm({ M, N, K, a, b, c, transposeA, … })` on addresses, so
 *    that `native` takes them to BLAS. (`gemm` in `kernels/matmul.ts` is the same for calls from AssemblyScript.)
 *    Addresses stay valid until the tensor is disposed of. `simd.share(x, shape)` is a reshape without a
 *    copy, `simd.disposeData(info.dataId)` frees an intermediate.
 * 3. A kernel that replaces a stock one is an `Override` in `register.ts`'s table; where it returns nothing
 *    the stock cpu kernel runs. `native` is the same backend under another name: register for both.
 */
export { type DataId, type Divisible, SimdBackend } from "./backend.ts";
export type { Blas, Gemm, Multiply } from "./gemm.ts";
export { Heap } from "./heap.ts";
export type { Kernels } from "./kernels.ts";
export { gatherPacked, multiplyPacked } from "./multiply_packed.ts";
export type { PackedKind, PackedMatrix, PackedRows, Packing } from "./packed.ts";
export type { Pool } from "./pool.ts";
export type { KernelArguments, Override } from "./override.ts";
export { registerKernels, registerNative, registerSimd } from "./register.ts";
