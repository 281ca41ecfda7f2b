// deno-fmt-ignore-file
// Written by `deno task build:kernels`; the functions are explained in lib/tensor/kernels.
/** The functions of the WebAssembly module; addresses and counts are plain numbers. */
export interface Kernels {
  heapStart(): number;
  gemm(M: number, N: number, K: number, a: number, lda: number, transposedA: boolean, b: number, ldb: number, transposedB: boolean, c: number, ldc: number, accumulate: boolean, scratch: number): void;
  gemmScratch(N: number, K: number): number;
}
