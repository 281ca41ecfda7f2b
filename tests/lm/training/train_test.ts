import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertRejects,
} from "@std/assert";
import { createGrammar } from "../../../lib/grammar/mod.ts";
import { createRandom } from "../../../lib/random.ts";
import { createSgd, ready, tf } from "../../../lib/tensor/mod.ts";
import {
  createBigram,
  createCountModel,
  createGrammarCorpus,
  createMlp,
  evaluateLoss,
  learningRateAt,
  type NeuralModel,
  sortedBatches,
  stringBatches,
  type TokenBatch,
  train,
  TrainingError,
  type TrainingState,
} from "../../../lib/lm/mod.ts";
import { takeSteps } from "../../../lib/lm/training/train.ts";

await ready();
const grammar = createGrammar("parity", 2);
const { vocabulary, ...corpus } = createGrammarCorpus(grammar, { train: 300, valid: 50, seed: 1 });
const strings = corpus.train.encoded;
const batches = stringBatches({ train: strings, valid: corpus.valid.encoded, vocabulary });

function createSmall(): NeuralModel {
  return createMlp({ lookBack: 1, hidden: 6 }, { vocabulary, rng: createRandom(0) });
}

function weights(model: NeuralModel): number[][] {
  return Array.from(model.parameters.values(), (parameter) => [...parameter.dataSync()]);
}

/** Trains a small model; resolves to its weights. */
async function trained(options: Partial<Parameters<typeof train>[1]> = {}): Promise<number[][]> {
  const model = createSmall();
  await train(model, { batches, seed: 0, epochs: 4, batchSize: 32, ...options });
  const result = weights(model);
  model.dispose();
  return result;
}

Deno.test("train() gives the same weights for the same seed, others for another", async () => {
  assertEquals(await trained(), await trained());
  assertEquals(
    JSON.stringify(await trained({ seed: 1 })) === JSON.stringify(await trained()),
    false,
  );
});

Deno.test("train() resumed from any epoch ends with the same weights and history", async () => {
  const states: TrainingState[] = [];
  const onCheckpoint = (state: TrainingState) => Promise.resolve(void states.push(state));
  const expected = await trained({ onCheckpoint });
  assertEquals(states.map(({ progress }) => progress.epoch), [1, 2, 3, 4]);
  const last = states.at(-1)!.progress;
  for (const state of states.slice()) {
    const plain = { ...state, progress: JSON.parse(JSON.stringify(state.progress)) };
    assertEquals(await trained({ resume: plain, onCheckpoint }), expected);
    if (state.progress.epoch < 4) assertEquals(states.at(-1)!.progress, last);
  }
});

Deno.test("train() keeps the weights of the best epoch and can stop early", async () => {
  const model = createSmall();
  let best: TrainingState | undefined;
  const history = await train(model, {
    ...{ batches, seed: 0, epochs: 40, batchSize: 8, learningRate: 1, patience: 2 },
    onCheckpoint: (state) => {
      if (state.progress.best.epoch === state.progress.epoch) best = state;
      return Promise.resolve();
    },
  }); // at such a learning rate the loss jumps up and down
  const losses = history.epochs.map(({ validLoss }) => validLoss);
  const kept = losses.indexOf(Math.min(...losses));
  assertLess(losses.length, 40);
  assertEquals(losses.length - kept, 3, "two epochs after the best");
  assertEquals(best!.progress.best.validLoss, losses[kept]);
  assertAlmostEquals(await evaluateLoss(model, corpus.valid.encoded), losses[kept]!, 1e-5);
  model.dispose();
});

Deno.test("train() stops at a loss that is not finite and names model and step", async () => {
  const model = createSmall();
  let steps = 0;
  const broken: NeuralModel = {
    ...model,
    loss: (batch) => model.loss(batch).mul(++steps === 7 ? NaN : 1),
  };
  const before = tf.memory().numTensors;
  await assertRejects(
    () => train(broken, { batches, seed: 0, batchSize: 32 }),
    TrainingError,
    "Expected a finite loss from mlp-1, got NaN at step 7",
  );
  assertEquals(tf.memory().numTensors, before);
  model.dispose();
});

Deno.test("train() leaks no tensor in 1,000 steps", async () => {
  const model = createSmall();
  const before = tf.memory().numTensors;
  const history = await train(model, { batches, seed: 0, epochs: 100, batchSize: 30 });
  assertEquals(history.steps.at(-1)!.step, 1000);
  assertEquals(tf.memory().numTensors, before);
  model.dispose();
  assertEquals(tf.memory().numTensors, before - model.parameters.size);
});

/** One epoch of small steps of gradient descent: the mean loss, and how far each weight moved. */
async function movedBy(batches: TokenBatch[][]): Promise<{ loss: number; moved: number[] }> {
  const model = createSmall();
  const start = weights(model).flat();
  const learningRate = 1e-3 / batches.length;
  const optimizer = createSgd(model.parameters, { learningRate });
  const loss = await takeSteps(model, {
    ...{ batches, optimizer, firstStep: 0, seed: 0, learningRate: () => learningRate },
  });
  const moved = weights(model).flat().map((value, i) => value - start[i]!);
  model.dispose();
  return { loss, moved };
}

for (
  const [what, divide] of [
    ["batches", (parts: TokenBatch[]) => parts.map((part) => [part])],
    ["rectangles of a batch", (parts: TokenBatch[]) => [parts]],
  ] as const
) {
  Deno.test(`takeSteps() weighs ${what} by their tokens: together they move as all at once`, async () => {
    const some = strings.slice(0, 40);
    const whole = await movedBy([sortedBatches(some, { batchSize: 40, vocabulary })]);
    const parts = await movedBy(divide(sortedBatches(some, { batchSize: 9, vocabulary }))); // the last has 4
    assertAlmostEquals(parts.loss, whole.loss, 1e-3);
    const largest = Math.max(...whole.moved.map(Math.abs));
    whole.moved.forEach((step, i) => assertAlmostEquals(parts.moved[i]!, step, 0.02 * largest));
  });
}

Deno.test("learningRateAt() warms up linearly and cools down to zero as half a cosine", () => {
  const rate = (step: number) => learningRateAt(step, { peak: 2, steps: 104, warmUp: 4 });
  assertEquals([rate(0), rate(1), rate(3), rate(4)], [0.5, 1, 2, 2]);
  assertAlmostEquals(rate(29), 1 + Math.SQRT1_2, 1e-12);
  assertAlmostEquals(rate(54), 1, 1e-12);
  assertAlmostEquals(rate(104), 0, 1e-12);
  assertGreater(rate(103), 0);
});

Deno.test("the trained bigram comes within 0.02 nats of the counted one", async () => {
  const { train: { encoded }, valid } = createGrammarCorpus(grammar, {
    ...{ train: 5000, valid: 500, seed: 0 },
  });
  const bigram = createBigram({ vocabulary });
  await train(bigram, {
    batches: stringBatches({ train: encoded, valid: valid.encoded, vocabulary }),
    ...{ seed: 0, epochs: 10, learningRate: 0.05 },
  });
  const counted = createCountModel({ order: 2, vocabulary, strings: encoded });
  for (const strings of [encoded, valid.encoded]) {
    const [loss, least] = [
      await evaluateLoss(bigram, strings),
      await evaluateLoss(counted, strings),
    ];
    assertAlmostEquals(loss, least, 0.02);
    if (strings === encoded) {
      assertGreater(loss, least, "no table predicts them better than counts");
    }
  }
  bigram.dispose();
});
