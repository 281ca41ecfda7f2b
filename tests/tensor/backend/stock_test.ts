/** tfjs's own optimizer and gradients, which are shortened on our backends, do there what they do on cpu. */
import { assertEquals, assertLess } from "@std/assert";
import { ready, tf } from "../../../lib/tensor/mod.ts";
import { assertLikeCpu, difference, normal } from "./numbers.ts";

Deno.test("Gradients of activations are what they are on cpu", async () => {
  for (const name of ["relu", "sigmoid", "tanh"] as const) {
    const f = (x: tf.Tensor) => tf[name](x) as tf.Tensor;
    await assertLikeCpu(() => [
      tf.grad(f)(normal([3, 7], 1), normal([3, 7], 2)),
      tf.grad(f)(tf.tensor([NaN, -1, 0, 2])),
    ]);
  }
});

Deno.test("The gradient of clipByValue is what it is on cpu, bounds and NaN included", async () => {
  const f = (x: tf.Tensor) => x.clipByValue(-0.5, 0.3) as tf.Tensor;
  await assertLikeCpu(() => [
    tf.grad(f)(normal([3, 7], 1), normal([3, 7], 2)),
    tf.grad(f)(tf.tensor([NaN, -0.5, -0.51, 0, 0.3, 0.31]), tf.tensor([1, 2, 3, NaN, 5, NaN])),
  ]);
});

Deno.test("Gradients of gradients are what they are on cpu", async () => {
  const functions: ((x: tf.Tensor) => tf.Tensor)[] = [
    (x) => x.relu().mul(x),
    (x) => x.mul(x).mul(x),
    (x) => x.square().add(x),
  ];
  for (const f of functions) {
    await assertLikeCpu(() => {
      const dy = normal([3, 7], 2);
      return tf.grad((x) => tf.grad(f)(x, dy).square())(normal([3, 7], 1));
    });
  }
});

Deno.test("What a gradient needs stays as it was when the variable changes in between", async () => {
  await ready("simd");
  const x = tf.variable(tf.tensor1d([1, 2]));
  const gradient = tf.grad((y) => {
    const product = y.mul(x);
    x.assign(tf.tensor1d([10, 20]));
    return product;
  })(tf.tensor1d([3, 4]));
  assertEquals([...gradient.dataSync()], [1, 2]);
});

/** Numbers after some steps of tfjs's Adam on a small model, with the state saved and restored on the way. */
async function trained(backend: "simd" | "cpu"): Promise<number[]> {
  await ready(backend);
  const start = { first: normal([4, 5], 1), second: normal([5], 2), third: normal([3], 3) };
  const [first, second, third] = Object.entries(start).map(([name, value]) =>
    tf.variable(value, true, `${name} ${crypto.randomUUID()}`)
  );
  const x = normal([6, 4], 4) as tf.Tensor2D;
  const loss = () =>
    tf.matMul(x, first as tf.Tensor2D).add(second!).tanh().square().mean() as tf.Scalar;
  let optimizer = tf.train.adam(0.05);
  const clone = first!.clone();
  for (let i = 0; i < 4; i++) optimizer.minimize(loss, false, [first!, second!]);
  assertEquals([...clone.dataSync()], [...start.first.dataSync()]);
  const weights = await optimizer.getWeights();
  optimizer = tf.train.adam(0.05);
  await optimizer.setWeights(weights);
  for (let i = 0; i < 4; i++) optimizer.minimize(loss, false, [first!, second!]);
  const other = tf.train.adam(0.1);
  for (let i = 0; i < 3; i++) { // one variable has no gradient in the first step
    const without = null as unknown as tf.Tensor;
    other.applyGradients([
      { name: second!.name, tensor: i > 0 ? second!.mul(2) : without },
      { name: third!.name, tensor: third!.square() },
    ]);
  }
  return [first!, second!, third!].flatMap((variable) => [...variable.dataSync()]);
}

Deno.test("tf.train.adam() goes where it goes on cpu, leaves clones alone, and is saved and restored", async () => {
  assertLess(difference(await trained("simd"), await trained("cpu")), 2e-6);
});

Deno.test("tf.train.adam() uses the same memory each step", async () => {
  await ready("simd");
  const x = tf.variable(normal([9]));
  const optimizer = tf.train.adam();
  const step = () => optimizer.minimize(() => x.sigmoid().square().sum() as tf.Scalar);
  for (let i = 0; i < 3; i++) step();
  const before = tf.memory();
  for (let i = 0; i < 20; i++) step();
  assertEquals(tf.memory(), before);
});

Deno.test("A recurrent and a convolutional model of tf.layers learn what they learn on cpu", async () => {
  const initializer = () => tf.initializers.glorotUniform({ seed: 1 });
  const models = {
    recurrent: () => [
      tf.layers.lstm({
        ...{ inputShape: [6, 8], units: 5 },
        ...{ kernelInitializer: initializer(), recurrentInitializer: initializer() },
      }),
    ],
    convolutional: () => [
      tf.layers.reshape({ inputShape: [6, 8], targetShape: [6, 8, 1] }),
      tf.layers.conv2d({
        ...{ filters: 3, kernelSize: 3, activation: "relu", kernelInitializer: initializer() },
      }),
      tf.layers.batchNormalization(),
      tf.layers.averagePooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
    ],
  };
  for (const layers of Object.values(models)) {
    const losses = async (backend: "simd" | "cpu") => {
      await ready(backend);
      const head = tf.layers.dense({ units: 1, kernelInitializer: initializer() });
      const model = tf.sequential({ layers: [...layers(), head] });
      model.compile({ optimizer: "adam", loss: "meanSquaredError" });
      const [x, y] = [normal([12, 6, 8], 1), normal([12, 1], 2)];
      const { history } = await model.fit(x, y, {
        epochs: 4,
        batchSize: 6,
        shuffle: false,
        verbose: 0,
      });
      return history["loss"] as number[];
    };
    assertLess(difference(await losses("simd"), await losses("cpu")), 1e-5);
  }
});
