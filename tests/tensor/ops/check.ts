/** Holds an operation to its plain composition and to finite differences, on every backend. */
import { assertEquals } from "@std/assert";
import { createRandom } from "../../../lib/random.ts";
import * as fused from "../../../lib/tensor/mod.ts";
import { ready, tf } from "../../../lib/tensor/mod.ts";
import * as plain from "../../../lib/tensor/reference.ts";

/** The operations, in their plain or their fused form. */
export type Operations = Omit<typeof plain, "gelu">;

/** An operation as a function of the tensors it is differentiable in. */
export type Operation = (operations: Operations, inputs: tf.Tensor[]) => tf.Tensor;

/** Where operations are checked. */
export const BACKENDS = ["cpu", "wasm", "simd"] as const;

/**
 * Three tests, one a backend: value and gradients of the fused form equal those of the plain form on the
 * cpu backend, and the gradients equal finite differences. Inputs are drawn from a normal distribution.
 */
export function checkOperation(
  name: string,
  { shapes, operation }: { shapes: number[][]; operation: Operation },
): void {
  for (const backend of BACKENDS) {
    Deno.test(`${name}: value and gradients on ${backend}`, async () => {
      const values = shapes.map((shape, i) => normal(shape, i));
      const expected = await differentiate("cpu", { operations: plain, operation, shapes, values });
      const actual = await differentiate(backend, { operations: fused, operation, shapes, values });
      assertClose(actual.value, expected.value, `value on ${backend}`);
      actual.gradients.forEach((gradient, i) =>
        assertClose(gradient, expected.gradients[i]!, `gradient ${i} on ${backend}`)
      );
      assertEquals(actual.leaked, 0);
      compareDifferences({ operation, shapes, values }, actual.gradients);
    });
  }
}

interface Setting {
  operation: Operation;
  shapes: number[][];
  values: Float32Array[];
}

/** Numbers from a normal distribution, the same for the same seed. */
export function normal(shape: number[], seed: number | string): Float32Array {
  const random = createRandom("check", seed);
  const size = shape.reduce((a, b) => a * b, 1);
  return Float32Array.from({ length: size }, () => random.normal());
}

/** Value and gradients of Σ c∘operation(inputs), where c is a fixed random tensor. */
async function differentiate(
  backend: typeof BACKENDS[number],
  { operations, operation, shapes, values }: Setting & { operations: Operations },
) {
  await ready(backend);
  const before = tf.memory().numTensors;
  const inputs = values.map((value, i) => tf.tensor(value.slice(), shapes[i]));
  const f = (...tensors: tf.Tensor[]) => operation(operations, tensors);
  const shape = tf.tidy(() => f(...inputs).shape);
  const dy = tf.tensor(normal(shape, "dy"), shape);
  const { value, grads } = tf.valueAndGrads(f)(inputs, dy);
  const result = {
    value: value.dataSync() as Float32Array,
    gradients: grads.map((gradient) => gradient.dataSync() as Float32Array),
  };
  tf.dispose([...inputs, dy, value, ...grads]);
  return { ...result, leaked: tf.memory().numTensors - before };
}

/** The slope along a random direction of each input, against what the gradient says it is. */
function compareDifferences(setting: Setting, gradients: Float32Array[]): void {
  gradients.forEach((gradient, i) => {
    const direction = normal(setting.shapes[i]!, `direction ${i}`);
    const expected = dot(gradient, direction);
    const step = 1e-2;
    const slope = (along(setting, { i, direction, step }) -
      along(setting, { i, direction, step: -step })) / (2 * step);
    const size = Math.sqrt(dot(gradient, gradient) * dot(direction, direction));
    if (!(Math.abs(slope - expected) <= 0.01 * size + 1e-3)) {
      throw new Error(`Expected a slope of ${expected} along input ${i}, got ${slope}`);
    }
  });
}

function along(
  { operation, shapes, values }: Setting,
  { i, direction, step }: { i: number; direction: Float32Array; step: number },
): number {
  return tf.tidy(() => {
    const inputs = values.map((value, j) =>
      tf.tensor(j === i ? value.map((x, k) => x + step * direction[k]!) : value, shapes[j])
    );
    const y = operation(fused, inputs);
    return dot(y.dataSync(), normal(y.shape, "dy"));
  });
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Numbers equal to within `tolerance` of the larger of 1 and their size. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  tolerance = 2e-5,
): void {
  assertEquals(actual.length, expected.length, `length of the ${what}`);
  for (let i = 0; i < actual.length; i++) {
    const [a, e] = [actual[i]!, expected[i]!];
    if (Object.is(a, e) || Math.abs(a - e) <= tolerance * Math.max(1, Math.abs(e))) continue;
    throw new Error(`Expected ${e} at ${i} of the ${what}, got ${a}`);
  }
}
