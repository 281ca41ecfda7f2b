/** Random numbers, and comparing the result of an op on `simd` with the stock cpu backend's. */
import { assertEquals, assertLess } from "@std/assert";
import { createRandom } from "../../../lib/random.ts";
import { ready, tf } from "../../../lib/tensor/mod.ts";

/** Normal numbers, the same for the same shape and seed. */
export function normal(shape: number[], seed = 0): tf.Tensor {
  const random = createRandom("backend", seed, ...shape);
  const size = shape.reduce((product, extent) => product * extent, 1);
  return tf.tensor(Float32Array.from({ length: size }, () => random.normal()), shape);
}

/** The largest difference between two lists, relative to the larger of 1 and the number; NaN equals NaN. */
export function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  assertEquals(actual.length, expected.length);
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i]!, expected[i]!];
    if (Object.is(a, b) || a === b) continue;
    const off = Math.abs(a - b) / Math.max(1, Math.abs(b));
    largest = Math.max(largest, Number.isNaN(off) ? Infinity : off);
  }
  return largest;
}

async function resultsOn(backend: "simd" | "cpu", op: () => tf.Tensor | tf.Tensor[]) {
  await ready(backend);
  const before = tf.memory().numTensors;
  const results = tf.tidy(() =>
    [op()].flat().map((result) => {
      const { shape, dtype } = result;
      return { shape, dtype, values: [...result.dataSync()] };
    }) as never
  ) as unknown as { shape: number[]; dtype: string; values: number[] }[];
  assertEquals(tf.memory().numTensors, before);
  return results;
}

/** Checks that an op gives on `simd` what it gives on `cpu`: shapes, types, and values to a tolerance. */
export async function assertLikeCpu(
  op: () => tf.Tensor | tf.Tensor[],
  { tolerance = 1e-6 } = {},
): Promise<void> {
  const expected = await resultsOn("cpu", op);
  const actual = await resultsOn("simd", op);
  assertEquals(actual.length, expected.length);
  expected.forEach(({ shape, dtype, values }, i) => {
    assertEquals(actual[i]!.shape, shape);
    assertEquals(actual[i]!.dtype, dtype);
    assertLess(difference(actual[i]!.values, values), tolerance, `[${shape}] ${dtype}`);
  });
}
