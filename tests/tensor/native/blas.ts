/** The native backend, where a BLAS is installed: `deno task test:native`. */
import { assertEquals, assertLess, assertMatch } from "@std/assert";
import { ready, tf } from "../../../lib/tensor/mod.ts";
import { openBlas } from "../../../lib/tensor/simd/blas.ts";
import { difference, normal } from "../backend/numbers.ts";

Deno.test("ready() with permission for FFI chooses native", async () => {
  assertEquals(await ready(), "native");
});

Deno.test("openBlas() leaves the environment as it was", () => {
  const before = Deno.env.toObject();
  openBlas();
  assertEquals(Deno.env.toObject(), before);
});

Deno.test("openBlas() tells an OpenBLAS what the processor can do, unless the user does", () => {
  const variable = "OPENBLAS_CORETYPE";
  const before = Deno.env.get(variable);
  try {
    Deno.env.delete(variable);
    const { name, environment } = openBlas();
    if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64" || !/openblas/.test(name)) return;
    assertMatch(environment[variable]!, /SKYLAKEX|HASWELL/);
    Deno.env.set(variable, "SANDYBRIDGE");
    assertEquals(openBlas().environment[variable], undefined);
  } finally {
    if (before === undefined) Deno.env.delete(variable);
    else Deno.env.set(variable, before);
  }
});

Deno.test("matMul() by BLAS is that of the WebAssembly kernels, in all forms", async () => {
  for (const [M, N, K] of [[64, 48, 32], [37, 129, 65], [1, 768, 64], [2, 2048, 600]] as const) {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        const results = [];
        for (const backend of ["simd", "native"] as const) {
          await ready(backend);
          const a = normal(transposeA ? [3, K, M] : [3, M, K], 1);
          const b = normal(transposeB ? [3, N, K] : [3, K, N], 2);
          results.push(tf.matMul(a, b, transposeA, transposeB).dataSync());
        }
        assertLess(difference(results[1]!, results[0]!), 1e-4, `${M}×${N}×${K}`);
      }
    }
  }
});

Deno.test("matMul() by BLAS stays right when the memory grows between two products", async () => {
  await ready("native");
  const a = tf.eye(100), b = normal([100, 100]) as tf.Tensor2D;
  const before = tf.matMul(a, b).dataSync();
  const large = tf.fill([2 ** 24], 1);
  assertEquals(tf.matMul(a, b).dataSync(), before);
  large.dispose();
});

Deno.test("conv2d()'s gradient by the filter, a sum over pieces, is that of simd", async () => {
  const gradients = [];
  for (const backend of ["simd", "native"] as const) {
    await ready(backend);
    const x = normal([4, 40, 40, 8], 1) as tf.Tensor4D;
    const filter = normal([3, 3, 8, 16], 2) as tf.Tensor4D;
    const loss = (filter: tf.Tensor4D) => tf.conv2d(x, filter, 1, "same").square().mean();
    gradients.push(tf.grad((filter) => loss(filter as tf.Tensor4D))(filter).dataSync());
  }
  assertLess(difference(gradients[1]!, gradients[0]!), 1e-4);
});

Deno.test("A training step on native ends where one on simd ends", async () => {
  const trained = async (backend: "simd" | "native") => {
    await ready(backend);
    const initial = normal([64, 64]) as tf.Tensor2D;
    const weights = tf.variable(initial.mul(0.1) as tf.Tensor2D);
    const x = normal([96, 64], 3) as tf.Tensor2D;
    const optimizer = tf.train.adam(0.01);
    for (let i = 0; i < 5; i++) {
      optimizer.minimize(() => x.matMul(weights).tanh().square().mean() as tf.Scalar);
    }
    return weights.dataSync();
  };
  assertLess(difference(await trained("native"), await trained("simd")), 1e-4);
});
