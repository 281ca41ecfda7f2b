/** Every entry of the tables, against finite differences and against PyTorch. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  type Binary,
  binary,
  checkGradient,
  type OperationName,
  ops,
  type Unary,
  unary,
  Value,
} from "../../lib/autograd/mod.ts";
import { createRandom } from "../../lib/random.ts";
import recorded from "./pytorch.json" with { type: "json" };

type Interval = [low: number, high: number];

/**
 * Where an operation is defined and smooth, an interval for each operand. Kinks and poles are left
 * out on purpose: there no difference estimates the derivative, and PyTorch is the reference.
 */
const smooth: Partial<Record<OperationName, Interval[]>> = {
  div: [[-3, 3], [0.3, 3]],
  pow: [[0.3, 3], [-3, 3]],
  log: [[0.1, 3]],
};
const anywhere: Interval = [-3, 3];
const apply = ops as Record<string, (...operands: (Value | number)[]) => Value>;

for (const [names, operands] of [[Object.keys(unary), 1], [Object.keys(binary), 2]] as const) {
  for (const name of names) {
    Deno.test(`${name}() has the gradient that central differences estimate`, () => {
      const rng = createRandom(0, name);
      const intervals = smooth[name as OperationName] ?? [anywhere, anywhere];
      for (let point = 0; point < 300; point++) {
        const inputs = intervals.slice(0, operands).map(([low, high]) =>
          low + (high - low) * rng.uniform()
        );
        if (name === "relu" && Math.abs(inputs[0]!) < 1e-3) continue; // its kink is at 0
        const { error } = checkGradient((values) => apply[name]!(...values), inputs);
        assert(error < 1e-7, `${name}(${inputs}): off by ${error}`);
      }
    });
  }
}

for (const [name, cases] of Object.entries(recorded.operations)) {
  Deno.test(`${name}() is PyTorch's, at kinks, poles and where floats overflow too`, () => {
    for (const { inputs, data, grads } of cases) {
      const leaves = inputs.map((x) => new Value(x));
      const result = apply[name]!(...leaves);
      result.backward();
      const ours = [result.data, ...leaves.map(({ grad }) => grad)];
      [data, ...grads].map(recordedNumber).forEach((theirs, i) => {
        const tolerance = Number.isFinite(theirs) ? 1e-13 * Math.abs(theirs) : 0;
        assertAlmostEquals(ours[i]!, theirs, tolerance, `${name}(${inputs}), number ${i}`);
      });
    }
  });
}

/** JSON has no NaN and no infinities, so the recording spells them out. */
function recordedNumber(written: number | string): number {
  const words: Record<string, number> = { inf: Infinity, "-inf": -Infinity, nan: NaN };
  return typeof written === "string" ? words[written]! : written;
}

Deno.test("every operation is recorded from PyTorch", () => {
  assertEquals(Object.keys(recorded.operations).sort(), Object.keys(ops).sort());
});

Deno.test("an operation takes numbers for every operand but its own", () => {
  for (const name of Object.keys(binary)) {
    const [left, right] = [new Value(2), new Value(3)];
    const both = apply[name]!(left, right);
    const method = (left as unknown as typeof apply)[name]!(3);
    assertEquals([apply[name]!(2, right).data, apply[name]!(left, 3).data, method.data], [
      both.data,
      both.data,
      both.data,
    ]);
  }
  for (const name of Object.keys(unary)) {
    assertEquals(apply[name]!(0.5).data, apply[name]!(new Value(0.5)).data);
  }
});

Deno.test("an entry without its gradient does not compile", () => {
  // @ts-expect-error: no gradient
  const one: Unary = { symbol: "sin", forward: Math.sin };
  // @ts-expect-error: only one of two
  const two: Binary = { symbol: "max", forward: Math.max, gradients: [(a, b) => a > b ? 1 : 0] };
  assertEquals([one.symbol, two.symbol], ["sin", "max"]);
});
