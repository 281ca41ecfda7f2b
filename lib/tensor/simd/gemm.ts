/** One matrix product, by the WebAssembly kernel or by the system's BLAS. */
import type { Heap } from "./heap.ts";
import type { Kernels } from "./kernels.ts";
import { cut, type Pool } from "./pool.ts";

/** Where a product may be cut: multiples of the kernels' tiles and panels. */
const ROWS = 12, COLUMNS = 64;

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
  /** On how many threads it computes from now on, where it can be told. */
  setThreads(count: number): void;
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

/** The WebAssembly kernel, on as many threads as the pool has. */
export function multiplyWith(
  { kernels, heap, pool }: { kernels: Kernels; heap: Heap; pool: () => Pool },
): Multiply {
  return (product) => {
    const pieces = inPieces(product, pool());
    const bytes = kernels.gemmScratch(product.N, product.K);
    const scratch = heap.allocate(bytes * pieces.length);
    // deno-fmt-ignore
    const parts = pieces.map(({ M, N, K, a, lda, transposeA, b, ldb, transposeB, c, ldc, accumulate }, i) =>
      [M, N, K, a, lda, +transposeA, b, ldb, +transposeB, c, ldc, +accumulate, scratch + i * bytes]);
    if (parts.length > 1) pool().run("gemm", parts);
    else kernels.gemm(...parts[0] as unknown as Parameters<Kernels["gemm"]>);
    heap.free(scratch, bytes * pieces.length);
  };
}

/**
 * The product in pieces of some rows or columns, each number of which is computed as it would be in the whole:
 * by rows in whole tiles, three of them at least; by columns in whole panels.
 */
function inPieces(product: Required<Gemm>, pool: Pool): Required<Gemm>[] {
  const { M, N, K, a, lda, transposeA, b, ldb, transposeB, c, ldc } = product;
  const count = pool.parts(M * N * K, Math.max(M / ROWS, N / COLUMNS));
  if (count < 2) return [product];
  if (N > M) {
    return cut(N, { count, step: COLUMNS }).map(([j, N]) => ({
      ...product,
      ...{ N, b: b + (transposeB ? j * ldb : j) * 4, c: c + j * 4 },
    }));
  }
  const rows = cut(M, { count, step: ROWS });
  if (rows.at(-1)![1] < ROWS) {
    rows.splice(-2, 2, [rows.at(-2)![0], rows.at(-2)![1] + rows.at(-1)![1]]);
  }
  return rows.map(([i, M]) => ({
    ...product,
    ...{ M, a: a + (transposeA ? i : i * lda) * 4, c: c + i * ldc * 4 },
  }));
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
