import { assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { assertRejects } from "@std/assert";
import {
  createNetwork,
  forward,
  meanSquaredError,
  stackNames,
  type Weights,
} from "../../lib/nn/mod.ts";
import { ready, tf } from "../../lib/tensor/mod.ts";
import { adam, relativeDifference, sgd, smallTask, startWeights, withNetwork } from "./setting.ts";

/** Two inputs, two hidden units, one output: max(x1 − x2, 0)·2 + max(x1 + 1, 0)·(−1) + 3. */
const byHand: Weights = [
  { inputs: 2, outputs: 2, weight: Float32Array.of(1, 1, -1, 0), bias: Float32Array.of(0, 1) },
  { inputs: 2, outputs: 1, weight: Float32Array.of(2, -1), bias: Float32Array.of(3) },
];
const points = Float32Array.of(3, 1, /**/ 1, 3, /**/ -5, -6);
const heights = [2 * 2 - 4 + 3, 0 - 2 + 3, 2 * 1 - 0 + 3];

await ready("cpu");

Deno.test("forward() of a network worked by hand", () => {
  assertEquals(Array.from(forward(byHand, points)), heights);
});

for (const stack of stackNames) {
  Deno.test(`${stack} predicts what is worked by hand`, async () => {
    const data = { rows: 3, inputs: points, targets: Float32Array.from(heights) };
    await withNetwork({ stack, weights: byHand, data }, async (network) => {
      assertEquals(Array.from(await network.predict(points)), heights);
      assertEquals(await network.train([Int32Array.of(0, 1, 2)]), [0]);
    });
  });

  Deno.test(`${stack} predicts as forward() does, through two hidden layers`, async () => {
    const weights = startWeights([2, 6, 5, 1]);
    const { inputs } = smallTask().test;
    await withNetwork({ stack, weights }, async (network) => {
      const predicted = await network.predict(inputs);
      assertLess(relativeDifference(predicted, forward(weights, inputs)), 1e-5);
    });
  });

  Deno.test(`${stack} gives back the weights it was given, as a copy`, async () => {
    const weights = startWeights([2, 3, 1]);
    await withNetwork({ stack, weights }, async (network) => {
      assertEquals(await network.weights(), weights);
      await network.train([Int32Array.of(0, 1)]);
      assertEquals(weights, startWeights([2, 3, 1]));
      const after = await network.weights();
      assertEquals(after[0]!.weight.every((value, i) => value === weights[0]!.weight[i]), false);
    });
  });

  Deno.test(`${stack} SGD steps by the gradient that finite differences find`, async () => {
    const weights = startWeights([2, 3, 1]);
    const data = smallTask().train;
    const learningRate = 1e-4;
    const stepped = await withNetwork(
      { stack, weights, data, optimizer: { name: "sgd", learningRate } },
      async (network) => {
        await network.train([Int32Array.from({ length: data.rows }, (_, row) => row)]);
        return await network.weights();
      },
    );
    const loss = () => meanSquaredError(forward(weights, data.inputs), data.targets);
    weights.forEach((layer, l) => {
      for (const part of ["weight", "bias"] as const) {
        for (let i = 0; i < layer[part].length; i++) {
          const moved = (stepped[l]![part][i]! - layer[part][i]!) / -learningRate;
          const wanted = slope(layer[part], { at: i, loss });
          assertAlmostEquals(moved, wanted, 2e-3 * Math.abs(wanted) + 0.5);
        }
      }
    });
  });

  Deno.test(`${stack} reports a batch's loss as it was before the step`, async () => {
    const { train } = smallTask();
    const rows = Int32Array.of(5, 6, 7);
    const weights = startWeights();
    const [predicted, wanted] = [forward(weights, train.inputs), train.targets];
    const loss = meanSquaredError(
      Array.from(rows, (row) => predicted[row]!),
      Array.from(rows, (row) => wanted[row]!),
    );
    await withNetwork({ stack, weights }, async (network) => {
      assertAlmostEquals((await network.train([rows]))[0]!, loss, 1e-5 * loss);
      assertEquals(await network.train([]), []);
    });
  });

  Deno.test(`${stack} frees all that it made`, async () => {
    const before = tf.memory().numTensors;
    await withNetwork({ stack, optimizer: adam }, async (network) => {
      await network.train([Int32Array.of(0, 1)]);
      const warm = tf.memory().numTensors;
      await network.train([Int32Array.of(0, 1), Int32Array.of(2)]);
      await network.predict(points);
      await network.weights();
      assertEquals(tf.memory().numTensors, warm);
    });
    assertEquals(tf.memory().numTensors, before);
  });

  Deno.test(`${stack} refuses data that do not fit the network`, async () => {
    const data = smallTask().train;
    const create = (options: object) =>
      createNetwork(stack, { weights: startWeights(), data, optimizer: sgd, ...options });
    const cases: [object, string][] = [
      [{ data: { ...data, rows: data.rows - 1 } }, "Expected inputs of 2 numbers for each of"],
      [{ data: { ...data, targets: data.targets.slice(1) } }, "Expected targets of 1 numbers"],
      [{ data: { rows: 0, inputs: [], targets: [] } }, "at least 1 row, got 0 numbers for 0 rows"],
      [
        { data: { rows: 1, inputs: Float32Array.of(1, NaN), targets: Float32Array.of(1) } },
        "Expected inputs to be finite, got NaN in row 0",
      ],
      [{ weights: [] }, "Expected at least one layer, got none"],
      [{ weights: [byHand[1], byHand[0]] }, "Expected layer 1 to hold 1×2 weights"],
    ];
    for (const [options, message] of cases) {
      assertThrows(() => create(options), RangeError, message);
    }
    await withNetwork({ stack }, async (network) => {
      const wrong = async () => void await network.predict(Float32Array.of(1, 2, 3));
      await assertRejects(wrong, RangeError, "Expected inputs of 2 numbers a row, got 3");
    });
  });
}

/** The central difference of the loss by one number. */
function slope(
  values: Float32Array,
  { at, loss }: { at: number; loss: () => number },
): number {
  const kept = values[at]!;
  const [low, high] = [kept - 1e-3, kept + 1e-3].map((value) => {
    values[at] = value;
    return [values[at]!, loss()] as const; // rounded to float32
  });
  values[at] = kept;
  return (high![1] - low![1]) / (high![0] - low![0]);
}
