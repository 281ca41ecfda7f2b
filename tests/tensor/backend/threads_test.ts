import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import * as tensor from "../../../lib/tensor/mod.ts";
import { ready, tf } from "../../../lib/tensor/mod.ts";
import { loadKernels } from "../../../lib/tensor/simd/load.ts";
import { type Blas, Heap, SimdBackend } from "../../../lib/tensor/simd/mod.ts";
import { useThreads } from "../../../lib/tensor/simd/threads.ts";
import { normal } from "./numbers.ts";

/** Results on 1, 2 and 3 threads, work of any size cut into as many parts as can be made. */
async function onThreads<T>(compute: () => T): Promise<T[]> {
  const results: T[] = [];
  for (const threads of [1, 2, 3]) {
    await ready({ backend: "simd", threads });
    const backend = tf.backend() as SimdBackend;
    const { pool } = backend;
    if (threads > 1) {
      backend.usePool({
        ...pool,
        parts: (_, most) => Math.min(8, Math.floor(most)),
      });
    }
    results.push(compute());
    backend.usePool(pool);
  }
  await ready("simd");
  return results;
}

async function assertSame(compute: () => tf.Tensor[]): Promise<void> {
  const [one, two, three] = await onThreads(() =>
    tf.tidy(() => compute().map((result) => [...result.dataSync()]) as never) as number[][]
  );
  assertEquals(two, one);
  assertEquals(three, one);
}

Deno.test("matMul() is the same on any number of threads, to the last bit", async () => {
  const sizes = [
    ...[[64, 48, 32], [97, 129, 65], [24, 700, 600], [26, 31, 513], [3, 700, 130], [1, 200, 77]],
    [97, 40, 65], // whose last row would be a piece of its own
  ];
  await assertSame(() =>
    (sizes as [number, number, number][]).flatMap(([M, N, K]) =>
      [[false, false], [false, true], [true, false], [true, true]].map(
        ([transposeA, transposeB]) => {
          const a = normal(transposeA ? [K, M] : [M, K], 1),
            b = normal(transposeB ? [N, K] : [K, N], 2);
          return tf.matMul(a, b, transposeA, transposeB);
        },
      )
    )
  );
});

Deno.test("Element-wise functions, softmax and convolutions are the same on any number of threads", async () => {
  await assertSame(() => {
    const x = normal([7, 33, 31], 1), y = normal([7, 33, 31], 2), row = normal([31], 3);
    const image = normal([3, 20, 18, 4]) as tf.Tensor4D,
      filter = normal([3, 3, 4, 6]) as tf.Tensor4D;
    return [
      ...[x.exp(), x.relu(), x.neg(), x.tanh(), x.softmax()],
      ...[x.mul(y), x.add(row), x.mul(2), tf.sub(1, x), x.greater(y), x.add(normal([7, 1, 31]))],
      tf.conv2d(image, filter, 1, "same"),
    ];
  });
});

Deno.test("Training a Transformer block is the same on any number of threads", async () => {
  await assertSame(() => {
    const [C, heads, time] = [64, 4, 37];
    const weight = (shape: number[], seed: number) => tf.variable(normal(shape, seed).mul(0.1));
    const named = {
      ...{ packed: weight([C, 3 * C], 1), mixed: weight([C, C], 2), bias: weight([C], 3) },
      ...{
        expand: weight([C, 4 * C], 4),
        contract: weight([4 * C, C], 5),
        wide: weight([4 * C], 6),
      },
      gain: tf.variable(tf.ones([C])),
    };
    const parameters = new Map(Object.entries(named)) as Map<string, tf.Variable>;
    const { packed, mixed, bias, expand, contract, wide, gain } = named as unknown as
      & Record<"packed" | "mixed" | "expand" | "contract", tf.Tensor2D>
      & Record<"bias" | "wide" | "gain", tf.Tensor1D>;
    const input = normal([9, time, C], 7) as tf.Tensor3D;
    const loss = () => {
      const x = tensor.layerNorm(input, { gain, bias });
      const attended = tensor.causalSelfAttention(tensor.linear(x, { weight: packed }), { heads });
      const between = x.add(tensor.linear(attended, { weight: mixed, bias })) as tf.Tensor3D;
      const hidden = tensor.linear(between, { weight: expand, bias: wide, activation: "gelu" });
      return tensor.linear(hidden, { weight: contract, bias }).square().mean() as tf.Scalar;
    };
    const optimizer = tensor.createAdamW(parameters, { learningRate: 0.01, clipNorm: 1 });
    const losses = Array.from({ length: 3 }, () => {
      const { value, gradients } = tensor.valueAndGradients(loss, [...parameters.values()]);
      optimizer.step(gradients);
      return value;
    });
    optimizer.dispose();
    return [...losses, ...parameters.values()];
  });
});

Deno.test("Recurrent networks and their gradients are the same on any number of threads", async () => {
  await assertSame(() => {
    const [B, T, C] = [22, 5, 13]; // cut between groups of four, the last of them of two
    const weight = (shape: number[], seed: number) => tf.variable(normal(shape, seed).mul(0.3));
    return [1, 3].flatMap((gates) => {
      const x = weight([B, T, gates * C], 1), initial = weight([B, C], 2);
      const recurrent = weight([C, gates * C], 3), bias = weight([gates * C], 4);
      const parts = {
        initial: initial as tf.Tensor as tf.Tensor2D,
        recurrent: recurrent as tf.Tensor as tf.Tensor2D,
      };
      const input = x as tf.Tensor as tf.Tensor3D;
      const states = () =>
        gates === 1
          ? tensor.rnnSequence(input, parts)
          : tensor.gruSequence(input, { ...parts, recurrentBias: bias as tf.Tensor1D });
      const used = [x, initial, recurrent, ...gates === 1 ? [] : [bias]];
      const { value, gradients } = tensor.valueAndGradients(
        () => states().square().mean() as tf.Scalar,
        used,
      );
      return [states(), value, ...gradients];
    });
  });
});

Deno.test("The cross-entropy and its gradient are the same on any number of threads", async () => {
  await assertSame(() => {
    const logits = tf.variable(normal([37, 11], 1));
    const labels = tf.tensor1d(Array.from({ length: 37 }, (_, i) => i % 12 - 1), "int32");
    const loss = () => tensor.softmaxCrossEntropy(logits as tf.Tensor as tf.Tensor2D, labels);
    const { value, gradients } = tensor.valueAndGradients(loss, [logits]);
    return [value, ...gradients];
  });
});

Deno.test("Packed matrices multiply the same on any number of threads", async () => {
  const values = normal([96, 40]).dataSync() as Float32Array;
  await assertSame(() =>
    (["float32", "float16"] as const).flatMap((kind) => {
      const read = (first: number, count: number) => values.slice(first * 40, (first + count) * 40);
      const weight = tensor.packedMatrix({ shape: [96, 40], kind, turned: true, read });
      return [1, 3, 30].map((M) => tensor.linear(normal([M, 96], M) as tf.Tensor2D, { weight }));
    })
  );
});

Deno.test("Cached attention is the same on any number of threads", async () => {
  await assertSame(() => {
    const [batch, heads, width] = [2, 3, 24];
    const cache = tensor.createAttentionCache({ batch, heads, width, capacity: 40 });
    const outputs = [30, 1, 6].map((time, seed) =>
      cache.attend(normal([batch, time, 3 * width], seed) as tf.Tensor3D)
    );
    cache.dispose();
    return outputs;
  });
});

Deno.test("Threads see the memory that grew after they began", async () => {
  const [one, two] = await onThreads(() => {
    const kept: tf.Tensor[] = [];
    for (let i = 0; i < 40; i++) kept.push(tf.fill([300, 1000], i).add(normal([1000], i)).relu());
    const sum = tf.tidy(() => tf.addN(kept).sum().dataSync()[0]);
    tf.dispose(kept);
    return sum;
  });
  assertEquals(two, one);
});

Deno.test("A kernel that fails on another thread is an error here, and the next one works", async () => {
  await ready({ backend: "simd", threads: 2 });
  const { pool, heap } = tf.backend() as SimdBackend;
  const outside = 2 ** 32 - 65536;
  assertThrows(
    () => pool.run("fill", Array(8).fill([outside, 64, 1])),
    Error,
    "Expected fill to end",
  );
  const address = heap.allocate(64);
  pool.run("fill", [[address, 4, 1], [address + 16, 4, 2]]);
  assertEquals([...new Float32Array(heap.memory.buffer as ArrayBuffer, address, 8)], [
    1,
    1,
    1,
    1,
    2,
    2,
    2,
    2,
  ]);
  heap.free(address, 64);
  await ready("simd");
});

Deno.test("ready() takes fewer threads as well as more, and tells a BLAS how many", async () => {
  for (const threads of [2, 3, 1]) {
    await ready({ backend: "simd", threads });
    assertEquals((tf.backend() as SimdBackend).pool.threads, threads);
  }
  const heap = new Heap();
  const told: number[] = [];
  const blas: Blas = {
    ...{ name: "a stub", passedOver: [], environment: {} },
    multiplyIn: () => () => {},
    setThreads: (count) => told.push(count),
  };
  await useThreads(new SimdBackend({ heap, kernels: loadKernels(heap), blas }), 4);
  assertEquals(told, [4]);
});

Deno.test("ready() refuses a number of threads that is none", async () => {
  await assertRejects(() => ready({ threads: 0 }), RangeError, "at least 1, got 0");
  await assertRejects(() => ready({ threads: 1.5 }), RangeError, "got 1.5");
});
