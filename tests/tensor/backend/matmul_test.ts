import { assertEquals, assertLess, assertThrows } from "@std/assert";
import { ready, tf } from "../../../lib/tensor/mod.ts";
import { complete, type Gemm, largeBy } from "../../../lib/tensor/simd/gemm.ts";
import { Heap, SimdBackend } from "../../../lib/tensor/simd/mod.ts";
import { loadKernels } from "../../../lib/tensor/simd/load.ts";
import { createRandom } from "../../../lib/random.ts";
import { assertLikeCpu, difference, normal } from "./numbers.ts";

/** Sizes below, at and past every tile, panel and block: M, N, K. */
const sizes: [number, number, number][] = [
  [1, 1, 1],
  [1, 70, 33],
  [2, 9, 8],
  [3, 1030, 5],
  [4, 8, 8],
  [5, 7, 3],
  [6, 8, 16],
  [8, 24, 4],
  [13, 17, 19],
  [32, 32, 16],
  [7, 521, 517],
];

for (const transposeA of [false, true]) {
  for (const transposeB of [false, true]) {
    Deno.test(`matMul() with transposeA=${transposeA}, transposeB=${transposeB} sums in order`, async () => {
      await ready("simd");
      for (const [M, N, K] of sizes) {
        const a = normal(transposeA ? [K, M] : [M, K], 1) as tf.Tensor2D;
        const b = normal(transposeB ? [N, K] : [K, N], 2) as tf.Tensor2D;
        const c = tf.matMul(a, b, transposeA, transposeB);
        assertEquals(c.shape, [M, N]);
        const expected = product(transposeA ? a.transpose() : a, transposeB ? b.transpose() : b);
        assertLess(difference(c.dataSync(), expected), 2e-7 * (K + 10), `${M}×${N}×${K}`);
      }
    });
  }
}

/** In 64 bits, by the definition. */
function product(a: tf.Tensor, b: tf.Tensor): number[] {
  const [rows, columns] = [a.arraySync() as number[][], b.transpose().arraySync() as number[][]];
  return rows.flatMap((row) =>
    columns.map((column) => row.reduce((sum, x, k) => sum + x * column[k]!, 0))
  );
}

Deno.test("matMul() by the identity gives the matrix back, to the last bit", async () => {
  await ready("simd");
  const a = normal([37, 21]) as tf.Tensor2D;
  assertEquals(tf.matMul(a, tf.eye(21)).dataSync(), a.dataSync());
});

Deno.test("matMul() of a small example", async () => {
  await ready("simd");
  assertEquals(
    tf.matMul([[1, 2], [3, 4]], [[5, 6], [7, 8]]).arraySync(),
    [[19, 22], [43, 50]],
  );
});

Deno.test("matMul() multiplies batches, broadcasts a batch of one, and takes an empty sum as zero", async () => {
  const pairs = [
    [[3, 4, 5], [3, 5, 6]],
    [[2, 3, 4, 5], [2, 3, 5, 6]],
    [[3, 4, 5], [1, 5, 6]],
    [[1, 4, 5], [3, 5, 6]],
    [[3, 4, 5], [5, 6]],
    [[2, 1, 4, 5], [1, 3, 5, 6]],
    [[4, 0], [0, 6]],
  ] as const;
  for (const [a, b] of pairs) {
    await assertLikeCpu(() => tf.matMul(normal([...a], 1), normal([...b], 2)));
  }
});

Deno.test("matMul() carries NaN and infinity", async () => {
  await ready("simd");
  const c = tf.matMul([[1, NaN], [1, 0]], [[1, Infinity], [2, 1]]).arraySync();
  assertEquals(c, [[NaN, NaN], [1, Infinity]]);
});

Deno.test("matMul() refuses shapes that do not fit", async () => {
  await ready("simd");
  assertThrows(() => tf.matMul(tf.ones([2, 3]), tf.ones([2, 3])), Error, "inner");
});

Deno.test("fused.matMul() adds the bias and applies the activation", async () => {
  for (const activation of ["linear", "relu", "relu6", "sigmoid", "elu"] as const) {
    await assertLikeCpu(() =>
      tf.fused.matMul({
        a: normal([7, 5], 1) as tf.Tensor2D,
        b: normal([9, 5], 2) as tf.Tensor2D,
        transposeB: true,
        bias: normal([9], 3),
        activation,
      })
    );
  }
});

Deno.test("gemm() works on matrices inside larger ones, and adds to what is there", () => {
  for (const relaxed of [true, false]) {
    const heap = new Heap();
    const backend = new SimdBackend({ heap, kernels: loadKernels(heap, { relaxed }) });
    const random = createRandom("gemm");
    const view = (size: number) => {
      const address = heap.allocate(size * 4);
      const numbers = new Float32Array(heap.memory.buffer as ArrayBuffer, address, size);
      return { address, numbers: numbers.map(() => random.normal()) && numbers };
    };
    const [a, b, c] = [view(20 * 30), view(30 * 40), view(20 * 40)];
    for (const { numbers } of [a, b, c]) numbers.forEach((_, i) => numbers[i] = random.normal());
    const [M, N, K] = [9, 11, 13];
    const expected = [...c.numbers];
    for (let i = 0; i < M; i++) {
      for (let j = 0; j < N; j++) {
        for (let k = 0; k < K; k++) {
          expected[i * 40 + j]! += a.numbers[i * 30 + k]! * b.numbers[k * 40 + j]!;
        }
      }
    }
    backend.gemm({
      M,
      N,
      K,
      a: a.address,
      lda: 30,
      b: b.address,
      ldb: 40,
      c: c.address,
      ldc: 40,
      accumulate: true,
    });
    assertLess(difference(c.numbers, expected), 1e-5);
  }
});

Deno.test("small products, and few rows times a large transposed matrix, are not left to the BLAS", () => {
  const asked: string[] = [];
  const multiply = largeBy(() => asked.push("blas"), () => asked.push("own"));
  const at = { a: 0, b: 0, c: 0 };
  const products: Gemm[] = [
    { ...at, M: 10, N: 20, K: 29 },
    { ...at, M: 10, N: 20, K: 30 },
    { ...at, M: 3, N: 2048, K: 1024, transposeB: true },
    { ...at, M: 4, N: 2048, K: 1024, transposeB: true },
    { ...at, M: 3, N: 2048, K: 1024 },
  ];
  for (const product of products) multiply(complete(product));
  assertEquals(asked, ["own", "blas", "own", "blas", "blas"]);
});

Deno.test("a fused bias may be one number for all columns", async () => {
  const [a, b, bias] = [[3, 4], [4, 5], [1]];
  await assertLikeCpu(() => {
    const [x, y] = [normal(a!, 1), normal(b!, 2)] as [tf.Tensor2D, tf.Tensor2D];
    return tf.fused.matMul({ a: x, b: y, bias: normal(bias!, 3) });
  });
});

Deno.test("gemm() adds to what is there, with few rows and transposed arguments too", () => {
  const heap = new Heap();
  const backend = new SimdBackend({ heap, kernels: loadKernels(heap) });
  const [N, K] = [5, 6];
  const whole = (size: number, of: (i: number) => number) => {
    const address = heap.allocate(size * 4);
    const numbers = new Float32Array(heap.memory.buffer as ArrayBuffer, address, size);
    numbers.forEach((_, i) => numbers[i] = of(i)); // whole numbers, so that sums are exact
    return { address, numbers };
  };
  for (const M of [1, 3, 4]) {
    for (const transposeB of [false, true]) {
      const [a, b] = [whole(M * K, (i) => i % 5), whole(N * K, (i) => i % 7)];
      const c = whole(M * N, () => 100);
      const expected = Array.from({ length: M * N }, (_, place) => {
        const [row, column] = [Math.floor(place / N), place % N];
        return a.numbers.subarray(row * K, (row + 1) * K).reduce(
          (sum, x, k) => sum + x * b.numbers[transposeB ? column * K + k : k * N + column]!,
          100,
        );
      });
      const at = { a: a.address, b: b.address, c: c.address };
      backend.gemm({ M, N, K, ...at, transposeB, accumulate: true });
      assertEquals([...c.numbers], expected, `${M} rows, transposed: ${transposeB}`);
    }
  }
});
