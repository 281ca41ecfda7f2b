import { assertEquals, assertLess, assertNotEquals } from "@std/assert";
import {
  comparedSteps,
  comparePaths,
  type OptimizerSettings,
  pathTolerance,
  stackNames,
  trainNetwork,
} from "../../lib/nn/mod.ts";
import { createRandom } from "../../lib/random.ts";
import { type BackendName, ready } from "../../lib/tensor/mod.ts";
import { adam, sgd, smallTask, startWeights, withNetwork } from "./setting.ts";

function paths(optimizer: OptimizerSettings, sizes = [2, 8, 1]): Promise<number[][]> {
  const data = smallTask(20).train;
  const training = { rows: data.rows, batch: 64, epochs: comparedSteps / 5 };
  return Promise.all(stackNames.map((stack) =>
    withNetwork(
      { stack, weights: startWeights(sizes), data, optimizer },
      (network) => trainNetwork(network, { ...training, rng: createRandom(0, "batches") }),
    )
  ));
}

for (const backend of ["cpu", "simd"] as BackendName[]) {
  for (const optimizer of [sgd, { ...sgd, learningRate: 2e-5, momentum: 0.9 }, adam]) {
    const name = "momentum" in optimizer ? "sgd with momentum" : optimizer.name;
    Deno.test(`all stacks take the same path with ${name} on the ${backend} backend`, async () => {
      assertEquals(await ready(backend), backend);
      const { steps, largestDifference } = comparePaths(await paths(optimizer));
      assertEquals(steps, comparedSteps);
      assertLess(largestDifference, pathTolerance);
    });
  }
}

Deno.test("all stacks take the same path through two hidden layers", async () => {
  await ready("simd");
  const all = await paths({ name: "adam", learningRate: 0.003 }, [2, 5, 4, 1]);
  assertLess(comparePaths(all).largestDifference, pathTolerance);
});

Deno.test("comparePaths() finds the largest relative difference at the same step", () => {
  const found = comparePaths([[10, 8, 5], [10, 8, 4, 2], [9, 8, 5]]);
  assertEquals(found, { steps: 3, largestDifference: (5 - 4) / 5 });
});

Deno.test("another seed takes another path", async () => {
  const [one, other] = await Promise.all([0, 1].map((seed) =>
    withNetwork(
      { stack: "autograd", weights: startWeights([2, 8, 1], seed) },
      (network) => network.train([Int32Array.of(0, 1, 2)]),
    )
  ));
  assertNotEquals(one, other);
});
