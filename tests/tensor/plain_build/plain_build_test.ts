/** The tests of kernels and operations again, on the build for engines without relaxed SIMD. */
import "./use_plain_build.ts";
import { assertNotEquals } from "@std/assert";
import { ready, tf } from "../../../lib/tensor/mod.ts";
import { Heap, SimdBackend } from "../../../lib/tensor/simd/mod.ts";
import { loadKernels } from "../../../lib/tensor/simd/load.ts";
import { normal } from "../backend/numbers.ts";
import "../backend/convolution_test.ts";
import "../backend/kernels_test.ts";
import "../backend/matmul_test.ts";
import "../backend/stock_test.ts";
import "../ops/attention_cache_test.ts";
import "../ops/attention_test.ts";
import "../ops/batch_norm_test.ts";
import "../ops/cross_entropy_test.ts";
import "../ops/dropout_test.ts";
import "../ops/embedding_test.ts";
import "../ops/layer_norm_test.ts";
import "../ops/linear_test.ts";
import "../ops/optimizer_test.ts";
import "../ops/recurrent_test.ts";

Deno.test("The plain build is the one under test: it rounds twice where relaxed SIMD rounds once", async () => {
  await ready("simd");
  const plain = tf.matMul(normal([9, 50], 1) as tf.Tensor2D, normal([50, 9], 2) as tf.Tensor2D);
  const heap = new Heap();
  const backend = new SimdBackend({ heap, kernels: loadKernels(heap, { relaxed: true }) });
  const [a, b] = [[9, 50], [50, 9]].map((shape, i) => {
    const address = heap.allocate(1800);
    const numbers = new Float32Array(heap.memory.buffer as ArrayBuffer, address, 450);
    numbers.set(normal(shape, i + 1).dataSync());
    return address;
  });
  const c = heap.allocate(324);
  backend.gemm({ M: 9, N: 9, K: 50, a: a!, b: b!, c });
  const relaxed = new Float32Array(heap.memory.buffer as ArrayBuffer, c, 81);
  assertNotEquals([...plain.dataSync()], [...relaxed]);
});
