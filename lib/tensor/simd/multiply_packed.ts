/** Products with packed matrices, and their rows. */
import type { SimdBackend } from "./backend.ts";
import { AT_ONCE, numberOf, type PackedRows } from "./packed.ts";

/** Up to so many rows are multiplied as they come; for more, the matrix is unpacked and multiplied as a whole. */
const FEW = 4;

/** Rows by their indices, an int32 block, as float32. */
export function gatherPacked(
  { heap, kernels }: SimdBackend,
  { packed: { kind, width, address, stride }, indices, count, to }: {
    packed: PackedRows;
    indices: number;
    count: number;
    to: number;
  },
): void {
  const chosen = new Int32Array(heap.memory.buffer as ArrayBuffer, indices, count);
  for (const [i, index] of chosen.entries()) {
    const from = address + index * stride;
    kernels.unpackRows(from, stride, to + i * width * 4, 0, 1, width, numberOf(kind));
  }
}

/** C = x·Wᵀ of x [M, K] and the packed rows of W [N, K]. */
export function multiplyPacked(
  backend: SimdBackend,
  { M, x, packed, c }: { M: number; x: number; packed: PackedRows; c: number },
): void {
  (M > FEW ? multiplyMany : multiplyFew)(backend, { M, x, packed, c });
}

function multiplyFew(
  backend: SimdBackend,
  { M, x, packed, c }: { M: number; x: number; packed: PackedRows; c: number },
): void {
  const { rows: N, width: K, address, stride } = packed, kind = numberOf(packed.kind);
  backend.withScratch(M * Math.ceil(K / 16) * 64, (arranged) => {
    backend.kernels.arrangeRows(x, arranged, M, K, kind);
    backend.divide(
      "dotRows",
      { length: N, work: M * N * K },
      (n, count) => [arranged, M, K, address + n * stride, stride, count, c + n * 4, N * 4, kind],
    );
  });
}

function multiplyMany(
  backend: SimdBackend,
  { M, x, packed, c }: { M: number; x: number; packed: PackedRows; c: number },
): void {
  const { rows: N, width: K, address, stride } = packed, kind = numberOf(packed.kind);
  const product = { M, K, a: x, ldc: N, transposeB: true };
  if (!kind) return backend.gemm({ ...product, N, b: address, ldb: stride / 4, c });
  const step = Math.max(64, Math.floor(AT_ONCE / K));
  backend.withScratch(step * K * 4, (block) => {
    for (let n = 0; n < N; n += step) {
      const length = Math.min(step, N - n);
      backend.divide("unpackRows", { length, work: length * K }, (begin, count) => {
        const from = address + (n + begin) * stride;
        return [from, stride, block + begin * K * 4, K * 4, count, K, kind];
      });
      backend.gemm({ ...product, N: length, b: block, c: c + n * 4 });
    }
  });
}
