import { assertEquals, assertLess } from "@std/assert";
import { ready, tf } from "../../../lib/tensor/mod.ts";
import { assertLikeCpu, difference, normal } from "./numbers.ts";

type Pad = "same" | "valid" | number;

/** Image height and width, channels, filter height and width, filters, step, zeros around, gap. */
const convolutions: [number, number, number, number, number, number, number, Pad, number][] = [
  [7, 6, 1, 3, 3, 5, 1, "same", 1],
  [7, 6, 3, 3, 2, 8, 1, "valid", 1],
  [8, 9, 4, 1, 1, 6, 1, "valid", 1],
  [8, 9, 4, 1, 1, 6, 2, "valid", 1],
  [9, 9, 5, 5, 3, 2, 2, "same", 1],
  [9, 8, 2, 3, 3, 3, 3, 2, 1],
  [9, 11, 3, 3, 3, 4, 1, "same", 2],
  [4, 4, 2, 4, 4, 3, 1, "valid", 1],
];

for (const [H, W, C, R, S, O, step, pad, gap] of convolutions) {
  const name = `${R}×${S}×${C} to ${O} on ${H}×${W}, step ${step}, ${pad}, gap ${gap}`;

  Deno.test(`conv2d() of ${name}`, async () => {
    await assertLikeCpu(() => {
      const x = normal([3, H, W, C], 1) as tf.Tensor4D, filter = normal([R, S, C, O], 2);
      const f = (x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
        tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, step, pad, "NHWC", gap);
      if (gap > 1) return f(x, filter); // tfjs has no gradient for it
      const { value, grads } = tf.valueAndGrads(f)([x, filter], normal(f(x, filter).shape, 3));
      return [value, ...grads];
    }, { tolerance: 1e-5 });
  });

  Deno.test(`depthwiseConv2d() of ${name}`, async () => {
    for (const multiplier of [1, 2]) {
      await assertLikeCpu(() => {
        const x = normal([2, H, W, C], 1), filter = normal([R, S, C, multiplier], 2);
        const f = (x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
          tf.depthwiseConv2d(
            ...[x as tf.Tensor4D, filter as tf.Tensor4D] as const,
            ...[step, pad, "NHWC", gap] as const,
          );
        if (gap > 1) return f(x, filter);
        const { value, grads } = tf.valueAndGrads(f)([x, filter], normal(f(x, filter).shape, 3));
        return [value, ...grads];
      }, { tolerance: 1e-5 });
    }
  });
}

Deno.test("conv2d() of a small example", async () => {
  await ready("simd");
  const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
  const filter = tf.tensor4d([1, 0, 0, -1], [2, 2, 1, 1]); // number minus its lower right neighbour
  assertEquals([...tf.conv2d(x, filter, 1, "valid").dataSync()], [-4, -4, -4, -4]);
  assertEquals([...tf.conv2d(x, filter, 1, "same").dataSync()], [-4, -4, 3, -4, -4, 6, 7, 8, 9]);
});

Deno.test("conv2d() makes patches piece by piece when they are many", async () => {
  await ready("simd");
  const x = normal([2, 150, 140, 8], 1) as tf.Tensor4D,
    filter = normal([3, 3, 8, 4], 2) as tf.Tensor4D;
  const whole = tf.conv2d(x, filter, 1, "same");
  const rows = [0, 77, 149].map((row) => {
    const start = Math.max(0, row - 1), end = Math.min(150, row + 2);
    const around = x.slice([0, start, 0, 0], [2, end - start, 140, 8]);
    return [
      whole.slice([0, row, 0, 0], [2, 1, 140, 4]),
      tf.conv2d(around, filter, 1, "same").slice(
        [0, row - start, 0, 0],
        [2, 1, 140, 4],
      ),
    ];
  });
  for (const [actual, expected] of rows) {
    assertLess(difference(actual!.dataSync(), expected!.dataSync()), 1e-5);
  }
});

Deno.test("conv1d(), conv2dTranspose() and channels first give what the stock kernels give", async () => {
  await assertLikeCpu(() => [
    tf.conv1d(normal([2, 9, 3]) as tf.Tensor3D, normal([4, 3, 5], 1) as tf.Tensor3D, 2, "same"),
    tf.conv2dTranspose(
      normal([2, 5, 4, 6]) as tf.Tensor4D,
      normal([3, 3, 2, 6], 1) as tf.Tensor4D,
      [2, 9, 8, 2],
      2,
      "same",
    ),
    tf.conv2d(
      normal([2, 3, 6, 5]) as tf.Tensor4D,
      normal([3, 3, 3, 4], 1) as tf.Tensor4D,
      ...[1, "same", "NCHW"] as const,
    ),
  ], { tolerance: 1e-5 });
});

Deno.test("fused convolutions add the bias and apply the activation", async () => {
  for (const activation of ["linear", "relu", "relu6", "sigmoid", "elu"] as const) {
    await assertLikeCpu(() => {
      const x = normal([2, 6, 5, 3], 1) as tf.Tensor4D;
      const common = { x, strides: 1, pad: "same", activation } as const;
      return [
        tf.fused.conv2d({
          ...common,
          filter: normal([3, 3, 3, 5], 2) as tf.Tensor4D,
          bias: normal([5], 3),
        }),
        tf.fused.depthwiseConv2d({
          ...common,
          filter: normal([3, 3, 3, 2], 2) as tf.Tensor4D,
          bias: normal([6], 3),
        }),
      ];
    }, { tolerance: 1e-5 });
  }
});

/** Height and width, channels, window, step, zeros around. */
const poolings: [number, number, number, [number, number], number, Pad][] = [
  [6, 8, 4, [2, 2], 2, "valid"],
  [7, 5, 1, [3, 2], 2, "same"],
  [7, 5, 5, [3, 3], 1, "same"],
  [5, 6, 6, [2, 3], 3, 1],
  [4, 4, 3, [1, 1], 1, "valid"],
];

for (const [H, W, C, window, step, pad] of poolings) {
  Deno.test(`pooling ${window} of ${C} channels on ${H}×${W}, step ${step}, ${pad}`, async () => {
    for (const pool of [tf.maxPool, tf.avgPool]) {
      await assertLikeCpu(() => {
        const x = normal([3, H, W, C]).mul(2).round() as tf.Tensor4D; // with ties
        const f = (x: tf.Tensor): tf.Tensor => pool(x as tf.Tensor4D, window, step, pad);
        const { value, grad } = tf.valueAndGrad(f)(x, normal(f(x).shape, 1));
        return [value, grad];
      });
    }
  });
}

Deno.test("maxPool() leaves out NaN as the stock kernel does", async () => {
  await assertLikeCpu(() => {
    const x = tf.tensor4d([NaN, 1, 2, NaN, NaN, NaN, NaN, NaN, -3], [1, 3, 3, 1]);
    return tf.maxPool(x, 2, 1, "valid");
  });
});

Deno.test("batchNorm() normalises each channel, with gradients", async () => {
  for (const channels of [1, 3, 8]) {
    await assertLikeCpu(() => {
      const x = normal([2, 4, 3, channels], 1),
        numbers = (seed: number) => normal([channels], seed);
      const f = (x: tf.Tensor, mean: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor) =>
        tf.batchNorm(
          x,
          mean as tf.Tensor1D,
          numbers(5).square(),
          offset as tf.Tensor1D,
          scale as tf.Tensor1D,
        );
      const { value, grads } = tf.valueAndGrads(f)(
        [x, numbers(2), numbers(3), numbers(4)],
        normal(x.shape, 6),
      );
      return [
        value,
        ...grads,
        tf.batchNorm(x, numbers(2) as tf.Tensor1D, numbers(5).square() as tf.Tensor1D),
      ];
    }, { tolerance: 1e-5 });
  }
});
