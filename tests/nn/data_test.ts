import { assertAlmostEquals, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import {
  countParameters,
  defaultParaboloid,
  epochBatches,
  gridDataset,
  gridPositions,
  kaimingWeights,
  meanSquaredError,
  splitDataset,
} from "../../lib/nn/mod.ts";
import { createRandom } from "../../lib/random.ts";

Deno.test("gridDataset() holds the corners and the middle, with exact heights", () => {
  const { rows, inputs, targets } = gridDataset({ w1: 2, w2: 3, b: 5 }, { side: 3 });
  assertEquals(rows, 9);
  assertEquals(Array.from(inputs.slice(0, 8)), [-10, -10, -10, 0, -10, 10, 0, -10]);
  assertEquals(Array.from(targets.slice(0, 5)), [505, 205, 505, 305, 5]);
  assertEquals(gridPositions(5), [-10, -5, 0, 5, 10]);
});

Deno.test("splitDataset() puts every example on one side, with its own target", () => {
  const all = gridDataset(defaultParaboloid, { side: 10 });
  const { train, test } = splitDataset(all, { share: 0.8, rng: createRandom(0) });
  assertEquals([train.rows, test.rows], [80, 20]);
  const examples = [train, test].flatMap(({ rows, inputs, targets }) =>
    Array.from({ length: rows }, (_, i) => `${inputs[2 * i]} ${inputs[2 * i + 1]} ${targets[i]}`)
  );
  const wanted = Array.from(
    { length: all.rows },
    (_, i) => `${all.inputs[2 * i]} ${all.inputs[2 * i + 1]} ${all.targets[i]}`,
  );
  assertEquals(examples.toSorted(), wanted.toSorted());
  assertNotEquals(examples, wanted);
});

Deno.test("epochBatches() shows every row once, and another order each epoch", () => {
  const rng = createRandom(0);
  const first = epochBatches({ rows: 10, batch: 4, rng });
  assertEquals(first.map(({ length }) => length), [4, 4, 2]);
  const order = first.flatMap((batch) => Array.from(batch));
  assertEquals(order.toSorted((a, b) => a - b), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const second = epochBatches({ rows: 10, batch: 4, rng }).flatMap((batch) => Array.from(batch));
  assertNotEquals(second, order);
});

Deno.test("kaimingWeights() have the variance 2 / inputs, and biases of 0", () => {
  const [hidden, output] = kaimingWeights([8, 4000, 1], { rng: createRandom(0) });
  for (const { inputs, weight, bias } of [hidden!, output!]) {
    const variance = weight.reduce((sum, value) => sum + value * value, 0) / weight.length;
    assertAlmostEquals(variance * inputs / 2, 1, 0.1);
    assertEquals(bias.every((value) => value === 0), true);
  }
  assertEquals(countParameters([hidden!, output!]), 8 * 4000 + 4000 + 4000 + 1);
});

Deno.test("meanSquaredError() worked by hand", () => {
  assertEquals(meanSquaredError([1, 2, 3], [1, 4, 0]), (0 + 4 + 9) / 3);
});

Deno.test("sizes that cannot work are refused", () => {
  const rng = createRandom(0);
  const cases: [() => unknown, string][] = [
    [() => kaimingWeights([2, 0, 1], { rng }), "Expected layer sizes of at least 1, got 0"],
    [() => kaimingWeights([2, 1.5, 1], { rng }), "got 1.5 in [2,1.5,1]"],
    [() => kaimingWeights([2], { rng }), "Expected the sizes of at least an input and an output"],
    [() => gridDataset(defaultParaboloid, { side: 1 }), "Expected a grid of at least 2 points"],
    [() => epochBatches({ rows: 3, batch: 0, rng }), "Expected a batch of at least 1 example"],
    [() => meanSquaredError([1], [1, 2]), "Expected as many predictions as targets, got 1 and 2"],
    [
      () => splitDataset(gridDataset(defaultParaboloid, { side: 2 }), { share: 1, rng }),
      "Expected a share that leaves examples on both sides of 4, got 1",
    ],
  ];
  for (const [act, message] of cases) assertThrows(act, RangeError, message);
});
