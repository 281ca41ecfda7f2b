// deno-fmt-ignore-file
// Written by `deno task build:kernels`; the functions are explained in lib/tensor/kernels.
/** The functions of the WebAssembly module; addresses and counts are plain numbers. */
export interface Kernels {
  heapStart(): number;
  gemm(a: number, lda: number, transposedA: boolean, b: number, ldb: number, transposedB: boolean, c: number, ldc: number, M: number, N: number, K: number, scratch: number): void;
  matMul(a: number, b: number, c: number, M: number, N: number, K: number, transposedA: boolean, transposedB: boolean, scratch: number): void;
  matMulScratch(K: number, N: number): number;
}
