/** BatchMatMul over the heap: in all transpositions, batched, with a batch of one broadcast. */
import { broadcast_util, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { SimdBackend } from "./backend.ts";
import { finishing } from "./finish.ts";
import { multiplyPacked } from "./multiply_packed.ts";
import type { Override } from "./override.ts";

/** How often a product of matrices is taken, and of which sizes. */
export interface Product {
  /** C[i] = A[i mod batchA]·B[i mod batchB] for i < batch, where a batch of one is broadcast. */
  batch: number;
  batchA: number;
  batchB: number;
  M: number;
  N: number;
  K: number;
  transposeA: boolean;
  transposeB: boolean;
  shape: number[];
}

/** The sizes of a·b, or undefined for a broadcast that is not simply a batch of one. */
export function productOf(
  a: TensorInfo,
  b: TensorInfo,
  { transposeA, transposeB }: { transposeA: boolean; transposeB: boolean },
): Product | undefined {
  util.assert(
    a.shape.length >= 2 && b.shape.length >= 2,
    () => `Expected matMul of tensors of rank 2 or more, got shapes [${a.shape}] and [${b.shape}]`,
  );
  const [rowsA, columnsA] = a.shape.slice(-2) as [number, number];
  const [rowsB, columnsB] = b.shape.slice(-2) as [number, number];
  const [M, K] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const [inner, N] = transposeB ? [columnsB, rowsB] : [rowsB, columnsB];
  util.assert(
    K === inner,
    () =>
      `Expected matMul of matrices that share an inner dimension, got shapes [${a.shape}] and ` +
      `[${b.shape}] with transposeA=${transposeA} and transposeB=${transposeB}`,
  );
  const outer = broadcast_util.assertAndGetBroadcastShape(
    a.shape.slice(0, -2),
    b.shape.slice(0, -2),
  );
  const batch = util.sizeFromShape(outer);
  const batchA = util.sizeFromShape(a.shape.slice(0, -2));
  const batchB = util.sizeFromShape(b.shape.slice(0, -2));
  if ((batchA !== batch && batchA !== 1) || (batchB !== batch && batchB !== 1)) return undefined;
  return {
    batch,
    batchA,
    batchB,
    M,
    N,
    K,
    transposeA,
    transposeB,
    shape: [...outer, M, N],
  };
}

/** Multiplies the matrices at two addresses to a third. */
export function multiply(
  backend: SimdBackend,
  { product, a, b, c }: { product: Product; a: number; b: number; c: number },
): void {
  const { batch, batchA, batchB, M, N, K, transposeA, transposeB } = product;
  if (batchB === 1 && batchA === batch && !transposeA) { // one tall product
    return backend.gemm({ M: batch * M, N, K, a, b, c, transposeB });
  }
  const [stepA, stepB] = [batchA > 1 ? M * K * 4 : 0, batchB > 1 ? K * N * 4 : 0];
  for (let i = 0; i < batch; i++) {
    backend.gemm({
      M,
      N,
      K,
      a: a + i * stepA,
      b: b + i * stepB,
      c: c + i * M * N * 4,
      transposeA,
      transposeB,
    });
  }
}

/** C = A·B for float32. */
export const batchMatMul: Override = ({ inputs, attrs, backend }) => {
  const { a, b } = inputs as { a: TensorInfo; b: TensorInfo };
  if (a.dtype !== "float32" || b.dtype !== "float32") return undefined;
  const product = productOf(a, b, attrs as unknown as { transposeA: boolean; transposeB: boolean });
  if (!product) return undefined;
  const from = backend.address(a);
  const packed = b.shape.length === 2 && !product.transposeA ? backend.packed(b) : undefined;
  if (packed && packed.turned !== product.transposeB) {
    const out = backend.allocate(product.shape);
    const M = product.batch * product.M;
    multiplyPacked(backend, { M, x: from, packed, c: backend.address(out) });
    return out;
  }
  const by = backend.address(b);
  const out = backend.allocate(product.shape);
  multiply(backend, { product, a: from, b: by, c: backend.address(out) });
  return out;
};

/** C = activation(A·B + bias): the bias and the activation are applied to C where it was just written. */
export const fusedMatMul: Override = ({ inputs, attrs, backend }) => {
  const { a, b, bias } = inputs as { a: TensorInfo; b: TensorInfo; bias?: TensorInfo };
  const channels = b.shape.at(attrs["transposeB"] ? -2 : -1)!;
  const finish = finishing(backend, { bias, attrs, channels });
  const out = finish && batchMatMul({ inputs: { a, b }, attrs, backend }) as TensorInfo | undefined;
  return out && finish(out);
};
