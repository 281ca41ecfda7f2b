import { assertEquals, assertLess, assertThrows } from "@std/assert";
import { ready, tf } from "../../../lib/tensor/mod.ts";
import { assertLikeCpu, difference, normal } from "./numbers.ts";

const positive = (shape: number[]) => normal(shape).abs().add(0.01);

/** Lengths below, at and past a register, and what is done in one turn of a loop. */
const lengths = [1, 2, 3, 4, 5, 31, 64, 86];

const unary: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  abs: (x) => x.abs(),
  clip: (x) => x.clipByValue(-0.5, 0.25),
  exp: (x) => x.exp(),
  neg: (x) => x.neg(),
  reciprocal: (x) => x.reciprocal(),
  relu: (x) => x.relu(),
  relu6: (x) => x.mul(5).relu6(),
  sigmoid: (x) => x.sigmoid(),
  square: (x) => x.square(),
  step: (x) => x.step(0.5),
  tanh: (x) => x.tanh(),
  toBool: (x) => x.round().toBool(),
  toInt: (x) => x.mul(10).toInt(),
};

for (const [name, op] of Object.entries(unary)) {
  Deno.test(`${name} gives what the stock kernel gives`, async () => {
    for (const length of lengths) await assertLikeCpu(() => op(normal([length])));
  });
}

Deno.test("log, sqrt and rsqrt give what the stock kernels give", async () => {
  for (const length of lengths) {
    await assertLikeCpu(() => {
      const x = positive([length]);
      return [x.log(), x.sqrt(), x.rsqrt()];
    });
  }
});

const binary = [
  "add",
  "sub",
  "mul",
  "div",
  "maximum",
  "minimum",
  "squaredDifference",
  "equal",
  "notEqual",
  "less",
  "lessEqual",
  "greater",
  "greaterEqual",
] as const;

/** Same shape, scalar, row, column, and mixtures, in both orders. */
const broadcasts: [number[], number[]][] = [
  [[5], [5]],
  [[3, 7], [7]],
  [[3, 7], [3, 1]],
  [[3, 7], []],
  [[86], [1]],
  [[2, 3, 5], [3, 1]],
  [[2, 1, 5], [3, 1]],
  [[2, 3, 4, 5], [2, 1, 4, 1]], // more loops than the kernel has: left to the stock one
  [[0, 3], [3]],
];

for (const name of binary) {
  Deno.test(`${name} broadcasts as the stock kernel does`, async () => {
    for (const [a, b] of broadcasts) {
      await assertLikeCpu(() => {
        const [x, y] = [normal(a, 1), normal(b, 2)];
        const equalSomewhere = x.mul(2).round().div(2), coarse = y.mul(2).round().div(2);
        return [tf[name](equalSomewhere, coarse), tf[name](y, x)];
      });
    }
  });
}

const reductions = ["sum", "mean", "max", "min"] as const;

for (const name of reductions) {
  Deno.test(`${name} reduces any axes`, async () => {
    const shape = [3, 5, 4, 7];
    for (const axes of [[0], [1], [3], [0, 1], [2, 3], [0, 3], [1, 3], [0, 1, 2, 3]]) {
      for (const keepDims of [false, true]) {
        await assertLikeCpu(() => tf[name](normal(shape), axes, keepDims));
      }
    }
    await assertLikeCpu(() => tf[name](normal([1, 9, 1]), [1]));
    await assertLikeCpu(() => tf[name](tf.tensor([1, 2, 3], [3], "int32")));
  });
}

Deno.test("sum of many numbers is as good as in 64 bits", async () => {
  await ready("simd");
  const x = tf.fill([2 ** 20], 0.1);
  assertEquals(x.sum().dataSync()[0], Math.fround(2 ** 20 * Math.fround(0.1)));
});

Deno.test("softmax gives what the stock kernel gives, sums to one, and 3 logits are right by hand", async () => {
  for (const shape of [[1], [5, 3], [2, 4, 32], [3, 33]]) {
    await assertLikeCpu(() => normal(shape).mul(10).softmax());
  }
  await ready("simd");
  const sums = normal([9, 31]).softmax().sum(-1).dataSync();
  assertLess(difference(sums, new Float32Array(9).fill(1)), 1e-6);
  const [e, e2] = [Math.E, Math.E ** 2];
  const expected = [1, e, e2].map((x) => x / (1 + e + e2));
  assertLess(difference(tf.softmax([0, 1, 2]).dataSync(), expected), 1e-6);
});

Deno.test("transpose gives what the stock kernel gives, for every order of the axes", async () => {
  for (const shape of [[19, 37], [5, 18, 7], [4, 3, 20, 5], [2, 3, 4, 5, 6]]) {
    await assertLikeCpu(() => permutations(shape.length).map((p) => normal(shape).transpose(p)));
  }
});

function permutations(length: number): number[][] {
  if (length === 0) return [[]];
  return permutations(length - 1).flatMap((shorter) =>
    Array.from({ length }, (_, i) => shorter.toSpliced(i, 0, length - 1))
  );
}

Deno.test("pow to whole numbers gives what the stock kernel gives, with gradients", async () => {
  for (const exponent of [-8, -1, 0, 1, 2, 3, 5, 8, 9, 0.5]) {
    await assertLikeCpu(() => [
      normal([2, 5]).pow(exponent),
      tf.grad((x) => x.pow(exponent))(normal([7]).abs().add(0.1)),
      tf.tensor([0, -0, NaN, Infinity, -Infinity, 1e30]).pow(exponent),
    ], { tolerance: 2e-6 });
  }
});

Deno.test("transpose, slice, split, stack, tile and pad move numbers as the stock kernels do", async () => {
  await assertLikeCpu(() => [
    normal([5, 9]).transpose(),
    normal([2, 3, 4, 5]).transpose([0, 2, 1, 3]),
    normal([2, 3, 4, 5]).transpose([3, 0, 2, 1]),
    normal([2, 3, 4, 5, 6]).transpose([4, 2, 0, 3, 1]), // more axes than the innermost loops
    normal([2, 2, 3, 2, 3, 2]).tile([2, 1, 2, 1, 2, 2]),
    tf.pad(normal([2, 1, 2, 3, 2]), [[1, 0], [0, 1], [1, 1], [2, 0], [0, 1]], -1),
    normal([2, 3, 4, 5, 2]).mean([0, 2, 4]),
    tf.range(0, 20, 1, "int32").reshape([4, 5]).transpose(),
    normal([4, 6]).slice([1, 2], [2, 3]),
    normal([4, 6, 5]).slice([1, 0, 2], [2, 6, -1]),
    normal([4, 6]).slice([2, 0], [0, 6]),
    ...tf.split(normal([4, 6]), 3, 1),
    ...tf.split(normal([4, 6]), [1, 3], 0),
    ...tf.unstack(normal([3, 4, 2]), 1),
    tf.stack([normal([3, 4], 1), normal([3, 4], 2)], 1),
    tf.stack([normal([3, 4], 1), normal([3, 4], 2)], -1),
    tf.concat([normal([3, 2], 1), normal([3, 5], 2), normal([3, 0], 3)], 1),
    tf.concat([normal([2, 3], 1), normal([4, 3], 2)], 0),
    normal([2, 3]).tile([3, 2]),
    normal([1, 3]).tile([4, 1]),
    tf.pad(normal([2, 3]), [[1, 2], [0, 3]], 0.5),
    tf.pad(normal([4, 1]), [[0, 0], [1, 1]]),
    tf.reverse(normal([3, 4]), 1),
  ]);
});

Deno.test("gather, its gradient, one-hot and select give what the stock kernels give", async () => {
  const indices = () => tf.tensor1d([2, 0, 2, 1], "int32");
  await assertLikeCpu(() => [
    normal([3, 5]).gather(indices()),
    normal([4, 3, 2]).gather(indices(), 1),
    normal([3, 5]).gather(tf.tensor2d([[2, 0], [1, 1]], undefined, "int32")),
    tf.unsortedSegmentSum(normal([4, 5]), indices(), 4),
    tf.unsortedSegmentSum(normal([4]), tf.tensor1d([0, -1, 7, 0], "int32"), 2),
    tf.grad((table) => table.gather(indices()).square())(normal([3, 5])),
    tf.oneHot(tf.tensor1d([0, 3, -1, 4], "int32"), 4),
    tf.oneHot(indices(), 3, 0.5, -1, "float32"),
    tf.where(normal([7]).greater(0), normal([7], 1), normal([7], 2)),
    tf.addN([normal([5], 1), normal([5], 2), normal([5], 3)]),
  ]);
  await ready("simd");
  assertThrows(() => normal([3, 5]).gather(tf.tensor1d([3], "int32")), Error, "not in [0, 2]");
});

Deno.test("casts convert the numbers, not only the type", async () => {
  await assertLikeCpu(() => [
    tf.tensor1d([true, false, true], "bool").toFloat().add(0.5),
    tf.tensor1d([true, false, true], "bool").toInt(),
    tf.tensor1d([1, -2, 2 ** 24], "int32").toFloat().mul(0.5),
    tf.tensor1d([1.9, -1.9, 0]).toInt(),
    tf.tensor1d([1, 0, NaN]).toBool(),
  ]);
});

Deno.test("stack refuses shapes that differ", async () => {
  await ready("simd");
  const different = [tf.ones([2]), tf.ones([3])];
  assertThrows(() => tf.stack(different as tf.Tensor1D[]), Error);
});

Deno.test("a sum over segments writes nothing past its end", async () => {
  await ready("simd");
  const x = tf.zeros([4, 16]).add(5);
  const segments = tf.tensor1d([0, 1, 2, 1], "int32"); // there are only two of them
  const ones = () => tf.tidy(() => tf.zeros([2, 16]).add(1)); // one block next to the other
  const neighbours = Array.from({ length: 32 }, ones);
  const left = neighbours.filter((one, i) => i % 2 === 0 || one.dispose()); // holes of that size
  for (let i = 0; i < 8; i++) {
    const sums = tf.unsortedSegmentSum(x as tf.Tensor2D, segments, 2);
    assertEquals(new Set(sums.slice([0, 0], [1, 16]).dataSync()), new Set([5]));
    assertEquals(new Set(sums.slice([1, 0], [1, 16]).dataSync()), new Set([10]));
  }
  for (const one of left) assertEquals(new Set(one.dataSync()), new Set([1]));
});

Deno.test("NaN and the infinities go through every function as in JavaScript", async () => {
  await ready("simd");
  const inputs = [NaN, Infinity, -Infinity, 0, 88.5, 88.75, 1000, -1000];
  const x = tf.tensor1d(inputs);
  const holds = (actual: tf.Tensor, f: (x: number) => number) =>
    assertLess(difference(actual.dataSync(), inputs.map((value) => Math.fround(f(value)))), 1e-6);
  holds(x.exp(), Math.exp);
  holds(x.log(), Math.log);
  holds(x.tanh(), Math.tanh);
  holds(x.sigmoid(), (value) => 1 / (1 + Math.exp(-value)));
  holds(x.relu6(), (value) => Math.min(Math.max(value, 0), 6));
  holds(x.relu(), (value) => Math.max(value, 0));
  holds(x.step(), (value) => Number.isNaN(value) ? NaN : Number(value > 0));
  holds(x.maximum(1), (value) => Math.max(value, 1));
  holds(x.clipByValue(-1, 1), (value) => Math.min(Math.max(value, -1), 1));
  assertEquals([...tf.max([[1, NaN, 2], [3, 5, 4]], 1).dataSync()], [NaN, 5]);
  assertEquals([...tf.max([[1, NaN, 2], [3, 5, 4]], 0).dataSync()], [3, NaN, 4]);
  assertEquals([...tf.softmax([[1, NaN], [0, 0]]).dataSync()], [NaN, NaN, 0.5, 0.5]);
});

const accuracy: [string, (x: tf.Tensor) => tf.Tensor, (x: number) => number, [number, number]][] = [
  ["exp", (x) => x.exp(), Math.exp, [-86, 88.7]],
  ["log", (x) => x.log(), Math.log, [1.01, 100]],
  ["log of small numbers", (x) => x.log(), Math.log, [1e-30, 1e-3]],
  ["log of numbers below the least normal one", (x) => x.log(), Math.log, [1e-44, 1e-38]],
  ["log near 1", (x) => x.log(), Math.log, [0.9, 0.9999]],
  ["tanh", (x) => x.tanh(), Math.tanh, [0.001, 12]],
  ["tanh near 0", (x) => x.tanh(), Math.tanh, [1e-20, 1e-3]],
  ["sigmoid", (x) => x.sigmoid(), (x) => 1 / (1 + Math.exp(-x)), [-80, 20]],
];

for (const [name, op, exact, [low, high]] of accuracy) {
  Deno.test(`${name} has a relative error below 1e-6`, async () => {
    await ready("simd");
    const count = 100_000;
    const x = Float32Array.from({ length: count }, (_, i) => low + (high - low) * i / count);
    const y = op(tf.tensor1d(x)).dataSync();
    let worst = 0;
    for (let i = 0; i < count; i++) worst = Math.max(worst, Math.abs(y[i]! / exact(x[i]!) - 1));
    assertLess(worst, 1e-6);
  });
}
