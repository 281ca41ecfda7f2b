import { assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import {
  defaultParaboloid,
  forward,
  gridDataset,
  hinges,
  meanSquaredError,
  reach,
  type Weights,
  weightsByHand,
} from "../../lib/nn/mod.ts";
import { createRandom } from "../../lib/random.ts";

/** One hidden unit max(w1·x1 + w2·x2 + b, 0), times 2. */
function unit(w1: number, w2: number, b: number): Weights {
  return [
    { inputs: 2, outputs: 1, weight: Float32Array.of(w1, w2), bias: Float32Array.of(b) },
    { inputs: 1, outputs: 1, weight: Float32Array.of(2), bias: Float32Array.of(0) },
  ];
}

Deno.test("hinges() worked by hand: upright, level and slanting lines", () => {
  const line = (w1: number, w2: number, b: number) => hinges(unit(w1, w2, b))[0]!.line;
  assertEquals(line(2, 0, -6), [[3, -10], [3, 10]]);
  assertEquals(line(0, -1, -4), [[-10, -4], [10, -4]]);
  assertEquals(line(1, 1, -15), [[10, 5], [5, 10]]);
  assertEquals(hinges(unit(3, 4, 0))[0]!.bend, 10);
  const [hidden, output] = unit(3, 4, 0);
  const down = { ...output!, weight: Float32Array.of(-2) };
  assertEquals(hinges([hidden!, down])[0]!.bend, -10, "the surface bends down");
});

Deno.test("hinges() tells units that are never or always on", () => {
  const kind = (b: number) => hinges(unit(1, 1, b))[0]!.kind;
  assertEquals([-20, -19, 0, 19, 20].map(kind), ["dead", "bends", "bends", "bends", "linear"]);
  assertEquals(hinges(unit(0, 0, 0))[0]!.kind, "dead");
  assertEquals(hinges(unit(1, 1, -20))[0]!.line, null);
});

Deno.test("hinges() lie where the unit is 0, and end at the edges of the square", () => {
  const rng = createRandom(0);
  for (let i = 0; i < 200; i++) {
    const [w1, w2, b] = [rng.normal(), rng.normal(), 10 * rng.normal()].map(Math.fround);
    for (const [x1, x2] of hinges(unit(w1!, w2!, b!))[0]!.line ?? []) {
      assertAlmostEquals(w1! * x1 + w2! * x2 + b!, 0, 1e-9);
      assertAlmostEquals(Math.max(Math.abs(x1), Math.abs(x2)), reach, 1e-9);
    }
  }
});

Deno.test("hinges() asks for a network that can be drawn over the plane", () => {
  const deep = [...unit(1, 1, 0), unit(1, 1, 0)[1]!];
  assertThrows(() => hinges(deep), RangeError, "Expected a network with two inputs, one hidden");
});

Deno.test("weightsByHand() has the loss that its formula says", () => {
  const { w1, w2 } = defaultParaboloid;
  for (const hidden of [3, 4, 8, 10, 32]) {
    const { inputs, targets } = gridDataset(defaultParaboloid, { side: 500 });
    const loss = meanSquaredError(
      forward(weightsByHand(defaultParaboloid, { hidden }), inputs),
      targets,
    );
    const pieces = 2 * Math.floor(hidden / 4) + 1;
    const formula = (w1 ** 2 + w2 ** 2) * (20 / pieces) ** 4 / 180;
    assertLess(Math.abs(loss / formula - 1), 0.04);
  }
});

Deno.test("weightsByHand() bends evenly, and leaves what it cannot use dead", () => {
  const all = hinges(weightsByHand({ w1: 1, w2: 1, b: 0 }, { hidden: 9 }));
  assertEquals(all.map(({ kind }) => kind), [...Array(8).fill("bends"), "dead"]);
  assertEquals(all.slice(0, 4).map(({ line }) => line![0][0]), [2, 6, -2, -6]);
});
