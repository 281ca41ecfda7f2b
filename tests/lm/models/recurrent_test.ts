import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertNotEquals,
} from "@std/assert";
import { createGru, gruCell } from "../../../lib/lm/models/gru.ts";
import { createRnn, rnnCell } from "../../../lib/lm/models/rnn.ts";
import { createVocabulary } from "../../../lib/lm/data/vocabulary.ts";
import { createRandom } from "../../../lib/random.ts";
import { gruSequence, linear, ready, rnnSequence, tf } from "../../../lib/tensor/mod.ts";

const [size, length, inside, width] = [3, 5, 4, 6];

function randomTensor<T extends tf.Tensor>(shape: number[], seed: number): T {
  const rng = createRandom(seed);
  return tf.tensor(Array.from({ length: tf.util.sizeFromShape(shape) }, rng.normal), shape) as T;
}

async function assertSequenceIsCells(
  states: tf.Tensor3D,
  { initial, cell }: {
    initial: tf.Tensor2D;
    cell: (step: number, state: tf.Tensor2D) => tf.Tensor2D;
  },
): Promise<void> {
  let state = initial;
  for (let step = 0; step < length; step++) {
    state = cell(step, state);
    const ofSequence = states.slice([0, step, 0], [size, 1, width]).reshape(state.shape);
    const largest = (await ofSequence.sub(state).abs().max().data())[0]!;
    assertLess(largest, 1e-6, `step ${step}`);
  }
}

Deno.test("rnnCell() computes the formula by hand", async () => {
  await ready("simd");
  const next = rnnCell(tf.tensor2d([[2]]), {
    state: tf.tensor2d([[0.5]]),
    input: { weight: tf.tensor2d([[0.3]]), bias: tf.tensor1d([0.1]) },
    recurrent: tf.tensor2d([[-0.4]]),
  });
  assertAlmostEquals((await next.data())[0]!, Math.tanh(2 * 0.3 + 0.1 + 0.5 * -0.4), 1e-6);
});

Deno.test("gruCell() computes the formula by hand", async () => {
  await ready("simd");
  const next = gruCell(tf.tensor2d([[2]]), {
    state: tf.tensor2d([[0.5]]),
    input: { weight: tf.tensor2d([[0.1, 0.2, 0.3]]), bias: tf.tensor1d([0.4, -0.5, 0.6]) },
    recurrent: { weight: tf.tensor2d([[-0.7, 0.8, 0.9]]), bias: tf.tensor1d([1, -1.1, 1.2]) },
  });
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  const reset = sigmoid(2 * 0.1 + 0.4 + 0.5 * -0.7 + 1);
  const update = sigmoid(2 * 0.2 - 0.5 + 0.5 * 0.8 - 1.1);
  const fresh = Math.tanh(2 * 0.3 + 0.6 + reset * (0.5 * 0.9 + 1.2));
  assertAlmostEquals((await next.data())[0]!, (1 - update) * fresh + update * 0.5, 1e-6);
});

Deno.test("rnnSequence() is rnnCell() again and again", async () => {
  await ready("simd");
  const vectors = randomTensor<tf.Tensor3D>([size, length, inside], 1);
  const initial = randomTensor<tf.Tensor2D>([size, width], 2);
  const input = {
    weight: randomTensor<tf.Tensor2D>([inside, width], 3),
    bias: randomTensor<tf.Tensor1D>([width], 4),
  };
  const recurrent = randomTensor<tf.Tensor2D>([width, width], 5);
  await assertSequenceIsCells(rnnSequence(linear(vectors, input), { initial, recurrent }), {
    initial,
    cell: (step, state) => rnnCell(vectorsAt(vectors, step), { state, input, recurrent }),
  });
});

Deno.test("gruSequence() is gruCell() again and again", async () => {
  await ready("simd");
  const vectors = randomTensor<tf.Tensor3D>([size, length, inside], 1);
  const initial = randomTensor<tf.Tensor2D>([size, width], 2);
  const weights = (rows: number, seed: number) => ({
    weight: randomTensor<tf.Tensor2D>([rows, 3 * width], seed),
    bias: randomTensor<tf.Tensor1D>([3 * width], seed + 1),
  });
  const [input, recurrent] = [weights(inside, 3), weights(width, 5)];
  const states = gruSequence(linear(vectors, input), {
    initial,
    recurrent: recurrent.weight,
    recurrentBias: recurrent.bias,
  });
  await assertSequenceIsCells(states, {
    initial,
    cell: (step, state) => gruCell(vectorsAt(vectors, step), { state, input, recurrent }),
  });
});

function vectorsAt(vectors: tf.Tensor3D, step: number): tf.Tensor2D {
  return vectors.slice([0, step, 0], [size, 1, inside]).reshape([size, inside]);
}

Deno.test("a recurrent model remembers its first character, shows its states, has the size it says", async () => {
  await ready("simd");
  const vocabulary = createVocabulary("abc");
  const rng = createRandom(0);
  const models = [
    { model: createRnn({ embedding: 2, hidden: 3 }, { vocabulary, rng }), gates: 1, biases: 1 },
    { model: createGru({ embedding: 2, hidden: 3 }, { vocabulary, rng }), gates: 3, biases: 2 },
  ];
  for (const { model, gates, biases } of models) {
    assertEquals(model.parameterCount, 4 * 2 + gates * (2 * 3 + 3 * 3 + biases * 3) + 3 * 4 + 4);
    const seen = new Map<string, number[]>();
    const logits = model.logits(tf.tensor2d([[0, 1, 3, 3, 3], [0, 2, 3, 3, 3]], [2, 5], "int32"), {
      observe: (name, value) => seen.set(name, value.shape),
    });
    assertEquals([...seen], [["embedding", [2, 5, 2]], ["hidden", [2, 5, 3]]]);
    const [first, second] = await logits.slice([0, 4, 0], [2, 1, 4]).unstack(0) as [
      tf.Tensor,
      tf.Tensor,
    ];
    assertNotEquals(await first.data(), await second.data());
  }
});

Deno.test("weights of recurrent models start evenly within 1/√H of 0, as in PyTorch, biases at 0", async () => {
  await ready("simd");
  const of = { vocabulary: createVocabulary("abcdefgh"), rng: createRandom(0) };
  const sizes = { embedding: 4, hidden: 25 };
  for (const model of [createRnn(sizes, of), createGru(sizes, of)]) {
    for (const [name, parameter] of model.parameters) {
      if (name === "embedding") continue;
      const values = await parameter.data();
      const [least, most] = [Math.min(...values), Math.max(...values)];
      if (parameter.rank === 1) assertEquals([least, most], [0, 0], name);
      else {
        assertGreater(Math.min(-least, most), 0.9 / 5, name);
        assertLess(Math.max(-least, most), 1 / 5, name);
      }
    }
    model.dispose();
  }
});
