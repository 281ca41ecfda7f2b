import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { type BackendName, ready, tf } from "../../../lib/tensor/mod.ts";
import { Heap, SimdBackend } from "../../../lib/tensor/simd/mod.ts";
import { coreType } from "../../../lib/tensor/simd/blas.ts";
import { loadKernels } from "../../../lib/tensor/simd/load.ts";
import { normal } from "./numbers.ts";

/** A backend of its own with little memory, registered for as long as `use` runs. */
async function withBackend(limit: number, use: (backend: SimdBackend) => void): Promise<void> {
  await ready("simd");
  const heap = new Heap({ limit });
  const backend = new SimdBackend({ heap, kernels: loadKernels(heap) });
  const name = "simd-small";
  tf.registerBackend(name, () => backend);
  for (const kernel of tf.getKernelsForBackend("simd")) {
    tf.registerKernel({ ...kernel, backendName: name });
  }
  try {
    await tf.setBackend(name);
    use(backend);
  } finally {
    await tf.setBackend("simd");
    tf.removeBackend(name);
    for (const { kernelName } of tf.getKernelsForBackend(name)) {
      tf.unregisterKernel(kernelName, name);
    }
  }
}

Deno.test("ready() without FFI chooses simd, and every stock backend by name", async () => {
  assertEquals(await ready(), "simd");
  for (const name of ["wasm", "cpu", "simd"] as const) {
    assertEquals(await ready(name), name);
    assertEquals([...tf.matMul([[1, 2]], [[3], [4]]).dataSync()], [11]);
  }
});

Deno.test("ready() says what is wrong with a name, or lacking", async () => {
  await assertRejects(
    () => ready("gpu" as BackendName),
    Error,
    "Expected a backend of auto, simd, native, cpu, wasm, webgpu, webgpu-software, got gpu",
  );
  await assertRejects(() => ready("native"), Error, "--allow-ffi");
  await ready("simd");
});

Deno.test("coreType() names an OpenBLAS kernel for what a processor can do", () => {
  const cpuinfo = (flags: string) => `model name\t: unheard of\nflags\t\t: fpu ${flags}\nbugs\t:\n`;
  assertEquals(coreType(cpuinfo("avx2 fma avx512f avx512dq avx512bw avx512vl")), "SKYLAKEX");
  assertEquals(coreType(cpuinfo("avx avx2 fma")), "HASWELL");
  assertEquals(coreType(cpuinfo("avx")), undefined);
  assertEquals(coreType("Features\t: asimd\n"), undefined);
});

Deno.test("tf.layers, tf.train and tf.grads work, and learn what they learn on cpu", async () => {
  const losses = async (backend: "simd" | "cpu") => {
    await ready(backend);
    const model = tf.sequential({
      layers: [
        tf.layers.dense({
          inputShape: [4],
          units: 8,
          activation: "tanh",
          kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
        }),
        tf.layers.dense({
          units: 1,
          kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }),
        }),
      ],
    });
    model.compile({ optimizer: tf.train.adam(0.01), loss: "meanSquaredError" });
    const [x, y] = [normal([32, 4], 1), normal([32, 1], 2)];
    const { history } = await model.fit(x, y, { epochs: 5, shuffle: false, verbose: 0 });
    model.dispose();
    tf.dispose([x, y]);
    return history["loss"] as number[];
  };
  const [simd, cpu] = [await losses("simd"), await losses("cpu")];
  assertLess(Math.max(...simd.map((loss, i) => Math.abs(loss - cpu[i]!))), 1e-6);
});

Deno.test("A training step uses the same memory each time", async () => {
  await withBackend(2 ** 26, (backend) => {
    const initial = normal([64, 64]) as tf.Tensor2D;
    const weights = tf.variable(initial);
    const x = normal([32, 64]) as tf.Tensor2D;
    const optimizer = tf.train.adam(0.01);
    const step = () =>
      optimizer.minimize(() => x.matMul(weights).tanh().square().mean() as tf.Scalar);
    for (let i = 0; i < 5; i++) step();
    const { numTensors, numBytes } = tf.memory();
    const before = { used: backend.heap.used, size: backend.heap.size, ids: backend.numDataIds() };
    for (let i = 0; i < 200; i++) step();
    assertEquals(
      { used: backend.heap.used, size: backend.heap.size, ids: backend.numDataIds() },
      before,
    );
    assertEquals(tf.memory().numTensors, numTensors);
    assertEquals(tf.memory().numBytes, numBytes);
    optimizer.dispose();
    tf.dispose([initial, weights, x]);
    assertEquals(backend.heap.used, 0);
  });
});

Deno.test("Reshapes share their numbers, which live until the last of them is disposed of", async () => {
  await withBackend(2 ** 24, (backend) => {
    const x = normal([4, 4]).add(0);
    const y = x.reshape([16]);
    const used = backend.heap.used;
    const values = x.dataSync();
    x.dispose();
    assertEquals(backend.heap.used, used);
    assertEquals(y.dataSync(), values);
    y.dispose();
    assertLess(backend.heap.used, used);
  });
});

Deno.test("What was read, and slices, outlive the tensor they came from", async () => {
  await ready("simd");
  const x = tf.tensor2d([[1, 2], [3, 4]]).add(0);
  const read = x.dataSync();
  const parts = [
    x.slice([1, 0], [1, 2]),
    ...tf.unstack(x),
    x.flatten().stridedSlice([0], [4], [2]),
  ];
  x.dispose();
  tf.fill([2, 2], 9).add(0); // takes the freed block
  assertEquals([...read], [1, 2, 3, 4]);
  assertEquals(parts.map((part) => [...part.dataSync()]), [[3, 4], [1, 2], [3, 4], [1, 3]]);
});

Deno.test("Tensors move between backends", async () => {
  await ready("simd");
  const x = tf.tensor1d([1, 2, 3]).add(1);
  await ready("cpu");
  const y = x.mul(2);
  await ready("simd");
  assertEquals([...y.add(x).dataSync()], [6, 9, 12]);
});

Deno.test("Out of memory is an error with sizes, and what was there stays as it was", async () => {
  await withBackend(2 ** 24, (backend) => {
    const kept = normal([1000]).add(0);
    const before = kept.dataSync();
    const used = backend.heap.used;
    const large = tf.ones([1, 2 ** 21]); // 8 MiB, still a JavaScript array
    assertThrows(
      () => tf.tidy(() => large.add(1).add(1).add(1)),
      RangeError,
      "MiB in use of at most",
    );
    large.dispose();
    assert(backend.heap.used <= used + 2 ** 23);
    assertEquals(kept.dataSync(), before);
    assertEquals([...kept.add(0).dataSync()], [...before]);
    kept.dispose();
  });
});

Deno.test("Kernels work above 2 GiB, where addresses do not fit a signed number", async () => {
  await withBackend(2 ** 32, ({ heap }) => {
    heap.allocate(2.5 * 2 ** 30); // reserved, but never touched
    const [a, b] = [normal([20, 30], 1) as tf.Tensor2D, normal([30, 40], 2) as tf.Tensor2D];
    const c = tf.matMul(a, b).add(1);
    const first = tf.sum(a.slice([0, 0], [1, 30]).mul(b.slice([0, 0], [30, 1]).reshape([1, 30])));
    assertAlmostEquals(c.dataSync()[0]!, first.dataSync()[0]! + 1, 1e-5);
    tf.dispose([a, b, c, first]);
  });
});

Deno.test("tf.memory() counts tensors and bytes exactly, and the heap's use", async () => {
  await ready("simd");
  const before = tf.memory();
  const x = tf.ones([10, 10]);
  const y = x.add(1);
  const after = tf.memory() as tf.MemoryInfo & { heapUsed: number };
  assertEquals(after.numTensors, before.numTensors + 2);
  assertEquals(after.numBytes, before.numBytes + 800);
  assertEquals(after.unreliable, false);
  assertEquals(after.heapUsed, (before as typeof after).heapUsed + 2 * 448); // 400 in whole cache lines
  tf.dispose([x, y]);
  assertEquals({ ...tf.memory(), heapSize: 0 }, { ...before, heapSize: 0 }); // the heap keeps what it had
});

Deno.test("a part that a stock kernel cut out of a tensor outlives it", async () => {
  await ready("simd");
  const truths = tf.tensor1d([1, 2, 3, 4]).greater(2);
  const part = truths.slice(1, 3); // of truth values the stock kernel takes a view
  truths.dispose();
  const none = tf.tensor1d([1, 2, 3, 4]).greater(9); // where the truths were
  assertEquals([...part.dataSync()], [0, 1, 1]);
  tf.dispose([part, none]);
});
