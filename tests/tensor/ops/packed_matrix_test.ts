import { assert, assertEquals, assertLess } from "@std/assert";
import {
  embedding,
  linear,
  type PackedKind,
  packedMatrix,
  ready,
  tf,
  valueAndGradients,
} from "../../../lib/tensor/mod.ts";
import type { SimdBackend } from "../../../lib/tensor/simd/mod.ts";
import { difference } from "../backend/numbers.ts";
import { BACKENDS, normal } from "./check.ts";

const KINDS: PackedKind[] = ["float32", "float16", "bfloat16"];

/** What a kind makes of a number. */
const rounded: Record<PackedKind, (x: number) => number> = {
  float32: (x) => x,
  float16: Math.f16round,
  bfloat16: (x) => new Float32Array(Uint32Array.of(bits(x) & 0xffff0000).buffer)[0]!,
};

function bits(x: number): number {
  return new Uint32Array(Float32Array.of(x).buffer)[0]!;
}

/** Values [rows, columns] that bfloat16 holds, packed, and the plain matrix of what they were rounded to. */
function make(
  [rows, columns]: [number, number],
  { kind, turned, values = normal([rows, columns], "packed") }: {
    kind: PackedKind;
    turned: boolean;
    values?: Float32Array;
  },
): { packed: tf.Tensor2D; plain: tf.Tensor2D } {
  const given = kind === "bfloat16" ? values.map(rounded.bfloat16) : values;
  const read = (first: number, count: number) =>
    given.slice(first * columns, (first + count) * columns);
  return {
    packed: packedMatrix({ shape: [rows, columns], kind, turned, read }),
    plain: tf.tensor2d(given.map(rounded[kind]), [rows, columns]),
  };
}

function assertClose(actual: tf.Tensor, expected: tf.Tensor): void {
  assertEquals(actual.shape, expected.shape);
  assertLess(difference(actual.dataSync(), expected.dataSync()), 1e-5);
}

function isPacked(matrix: tf.Tensor): boolean {
  return (tf.backend() as SimdBackend).packed(matrix) !== undefined;
}

const sizes: [number, number][] = [[1, 1], [5, 3], [16, 32], [33, 50], [300, 17]];

for (const backend of BACKENDS) {
  for (const kind of KINDS) {
    Deno.test(`A matrix packed as ${kind} multiplies as the plain one, on ${backend}`, async () => {
      await ready(backend);
      const before = tf.memory().numTensors;
      tf.tidy(() => {
        for (const [K, N] of sizes) {
          for (const M of [1, 2, 4, 5, 9]) {
            const x = tf.tensor2d(normal([M, K], M), [M, K]);
            const bias = tf.tensor1d(normal([N], 3));
            const { packed, plain } = make([K, N], { kind, turned: true });
            const layer = { bias, activation: "gelu" } as const;
            assertClose(
              linear(x, { ...layer, weight: packed }),
              linear(x, { ...layer, weight: plain }),
            );
            assertClose(tf.matMul(x, packed), tf.matMul(x, plain));
            const rows = make([N, K], { kind, turned: false });
            assertClose(
              tf.matMul(x, rows.packed, false, true),
              tf.matMul(x, rows.plain, false, true),
            );
            if (backend === "simd") assert(isPacked(packed) && isPacked(rows.packed));
          }
        }
      });
      assertEquals(tf.memory().numTensors, before);
    });

    Deno.test(`Rows of a matrix packed as ${kind} are looked up on ${backend}`, async () => {
      await ready(backend);
      tf.tidy(() => {
        const { packed, plain } = make([40, 19], { kind, turned: false });
        const indices = tf.tensor2d([[3, 39], [0, 3]], undefined, "int32");
        assertClose(embedding(packed, indices), embedding(plain, indices));
      });
    });
  }
}

for (const kind of KINDS) {
  for (const turned of [true, false]) {
    const name = `A matrix packed as ${kind}, turned ${turned}, is what it stands for to`;

    Deno.test(`${name} whoever reads it, and stays packed`, async () => {
      await ready("simd");
      tf.tidy(() => {
        for (const size of sizes) {
          const { packed, plain } = make(size, { kind, turned });
          assertEquals(packed.dataSync(), plain.dataSync());
          assert(isPacked(packed));
        }
      });
    });

    Deno.test(`${name} every other operation, which unpack it`, async () => {
      await ready("simd");
      tf.tidy(() => {
        const { packed, plain } = make([33, 50], { kind, turned });
        const x = tf.tensor2d(normal([50, 4], 1), [50, 4]);
        const y = tf.tensor2d(normal([4, 50], 2), [4, 50]);
        assertClose(packed.add(1), plain.add(1));
        assertClose(tf.matMul(packed, x), tf.matMul(plain, x));
        const other = make([33, 50], { kind, turned }).packed;
        assertClose(tf.matMul(y, other, false, true), tf.matMul(y, plain, false, true));
        const third = make([33, 50], { kind, turned }).packed;
        assertEquals(
          third.slice([3, 4], [5, 6]).dataSync(),
          plain.slice([3, 4], [5, 6]).dataSync(),
        );
        assert(!isPacked(packed) && !isPacked(third));
      });
    });
  }
}

Deno.test("A packed variable has the gradients of a plain one, and can be trained", async () => {
  await ready("simd");
  const { packed, plain } = make([20, 30], { kind: "float16", turned: true });
  const x = tf.tensor2d(normal([7, 20], 1), [7, 20]);
  const [own, expected] = [packed, plain].map((weight) => {
    const variable = tf.variable(weight) as tf.Variable<tf.Rank.R2>;
    const loss = () => linear(x, { weight: variable }).square().mean() as tf.Scalar;
    const { gradients } = valueAndGradients(loss, [variable]);
    variable.assign(variable.sub([...gradients.values()][0]!));
    return variable;
  });
  assertClose(own!, expected!);
});

Deno.test("float16 rounds as IEEE 754 does, subnormal numbers and ties included", async () => {
  await ready("simd");
  const powers = Array.from({ length: 60 }, (_, i) => 2 ** (i - 50)); // 2^-50 to 2^9
  const near = powers.flatMap((x) =>
    [1, 1 + 2 ** -11, 1 + 3 * 2 ** -11, 1.4999, 1.9999].map((f) => f * x)
  );
  const values = Float32Array.from([0, -0, ...near.flatMap((x) => [x, -x])])
    .filter((x) => Math.abs(Math.f16round(x)) < 128);
  const { packed } = make([1, values.length], { kind: "float16", turned: false, values });
  const expected = values.map(Math.f16round);
  assertEquals(packed.dataSync().map((x) => x + 0), expected.map((x) => x + 0));
  assert((tf.backend() as SimdBackend).packed(packed)?.kind === "float16");
});

for (const large of [128, -65504, Infinity, NaN]) {
  Deno.test(`float16 leaves a matrix with ${large} as float32`, async () => {
    await ready("simd");
    const values = normal([6, 40], 0).map((x, i) => i === 77 ? large : x);
    const { packed } = make([6, 40], { kind: "float16", turned: true, values });
    assertEquals(packed.dataSync(), values);
  });
}

Deno.test("A packed matrix takes half the memory, and gives it back", async () => {
  await ready("simd");
  const { heap } = tf.backend() as SimdBackend;
  const before = heap.used;
  const read = (first: number, count: number) => new Float32Array(count * 1024).fill(first);
  const packed = packedMatrix({ shape: [1024, 1024], kind: "float16", turned: true, read });
  assertLess(heap.used - before, 2.3 * 2 ** 20); // of 2 MiB
  packed.dispose();
  assertEquals(heap.used, before);
});
