/** One matrix product, by the WebAssembly kernel or by the system's BLAS. */
import type { Heap } from "./heap.ts";
import type { Kernels } from "./kernels.ts";

/** C (+)= A·B for float32 matrices inside the heap. */
export interface Gemm {
  M: number; // rows of C
  N: number; // columns of C
  K: number; // what is summed over
  a: number; // address of A [M, K], or of [K, M] when transposed
  b: number; // address of B [K, N], or of [N, K] when transposed
  c: number; // address of C [M, N]
  /** Numbers from one stored row to the next; the matrix's own width unless said. */
  lda?: number;
  ldb?: number;
  ldc?: number;
  transposeA?: boolean;
  transposeB?: boolean;
  /** Adds to C instead of setting it. */
  accumulate?: boolean;
}

/** Whoever can multiply. */
export type Multiply = (product: Required<Gemm>) => void;

/** A library of the system that multiplies matrices. */
export interface Blas {
  /** The library's file name. */
  name: string;
  /** Why the libraries that are looked for before it were not taken. */
  passedOver: string[];
  /** The variables that it was given, which the user had not set. */
  environment: Record<string, string>;
  /** C (+)= A·B at addresses of this memory. */
  multiplyIn(memory: WebAssembly.Memory): Multiply;
}

/** The product with everything said. */
export function complete(product: Gemm): Required<Gemm> {
  const { M, N, K, transposeA = false, transposeB = false } = product;
  return {
    lda: transposeA ? M : K,
    ldb: transposeB ? K : N,
    ldc: N,
    transposeA,
    transposeB,
    accumulate: false,
    ...product,
  };
}

/** The WebAssembly kernel. */
export function multiplyWith(kernels: Kernels, heap: Heap): Multiply {
  // deno-fmt-ignore
  return ({ M, N, K, a, lda, transposeA, b, ldb, transposeB, c, ldc, accumulate }) => {
    const bytes = kernels.gemmScratch(N, K);
    const scratch = heap.allocate(bytes);
    kernels.gemm(M, N, K, a, lda, transposeA, b, ldb, transposeB, c, ldc, accumulate, scratch);
    heap.free(scratch, bytes);
  };
}

/**
 * Products by `blas`, but by `own` where that is faster: small ones, for which a call of BLAS takes longer
 * than the product, and few rows times a large transposed matrix, which BLAS packs first.
 */
export function largeBy(blas: Multiply, own: Multiply): Multiply {
  return (product) => {
    const { M, N, K, transposeB } = product;
    const ours = M * N * K < 6000 || (transposeB && M <= 3 && N * K > 2 ** 20);
    (ours ? own : blas)(product);
  };
}
