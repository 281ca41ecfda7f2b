import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertGreaterOrEqual,
  assertLess,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import { StoppedError } from "../../../lib/errors.ts";
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

/** A clock that goes on by a second whenever somebody looks: then training is asked at every step. */
function useFastClock(): Disposable {
  const { performance } = globalThis;
  const { now } = performance;
  let milliseconds = 0;
  performance.now = () => milliseconds += 1000;
  return { [Symbol.dispose]: () => void (performance.now = now) };
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

Deno.test("train() resumed within an epoch ends with the same weights and history", async () => {
  const states: TrainingState[] = [];
  const options = { batchSize: 10, epochs: 2, checkpointSeconds: 0 }; // stored every 20 of 30 steps
  const onCheckpoint = (state: TrainingState) => Promise.resolve(void states.push(state));
  const expected = await trained({ ...options, onCheckpoint });
  const last = states.at(-1)!.progress;
  const within = states.filter(({ progress }) => progress.underWay.steps === 20);
  assertEquals(within.map(({ progress }) => progress.step), [20, 50]);
  for (const state of within) {
    const resume = { ...state, seconds: 1000 };
    const before = structuredClone(resume.progress);
    assertEquals(await trained({ ...options, resume, onCheckpoint }), expected);
    assertEquals(states.at(-1)!.progress, last);
    assertGreaterOrEqual(states.at(-1)!.seconds, 1000, "the time before is counted");
    assertEquals(resume.progress, before, "what was given is left as it was");
  }
});

Deno.test("train() that is asked to stop stores where it stands, and goes on from there to the same end", async () => {
  const states: TrainingState[] = [];
  let asked = 0;
  const options = { batchSize: 10, epochs: 2 };
  const { message } = await assertRejects(() =>
    trained({
      ...options,
      onCheckpoint: (state) => Promise.resolve(void states.push(state)),
      stopRequested: () => Promise.resolve(++asked === 1),
    }), StoppedError);
  const resume = states.at(-1)!;
  assertEquals(message, `Stopped mlp-1 after step ${resume.progress.step}`);
  assertEquals(await trained({ ...options, resume }), await trained(options));
});

Deno.test("no two steps drop alike, and no two epochs go in one order", async () => {
  const model = createSmall();
  const [seeds, orders]: [Set<unknown>, Set<string>] = [new Set(), new Set()];
  const watched: NeuralModel = {
    ...model,
    loss: (batch, options) => {
      if (options) orders.add(batch.targets.join());
      if (options) seeds.add(options.dropoutSeed);
      return model.loss(batch, options);
    },
  };
  await train(watched, { batches, seed: 0, epochs: 3, batchSize: 32 });
  assertEquals([seeds.size, orders.size], [30, 30]);
  model.dispose();
});

Deno.test("of epochs that are equally good the first is the best: nothing gained is no progress", async () => {
  const bigram = createBigram({ vocabulary });
  const options = { batches, seed: 0, epochs: 9, learningRate: 1e-30, patience: 2 };
  const { epochs } = await train(bigram, options);
  assertEquals(epochs.map(({ validLoss }) => validLoss), Array(3).fill(epochs[0]!.validLoss));
  bigram.dispose();
});

Deno.test("weight decay shrinks matrices, neither biases nor gains", async () => {
  const model = createSmall();
  for (const parameter of model.parameters.values()) parameter.assign(tf.ones(parameter.shape));
  const indifferent: NeuralModel = { ...model, loss: () => tf.scalar(1) };
  await train(indifferent, { batches, seed: 0, epochs: 1, weightDecay: 0.5 });
  for (const [name, parameter] of model.parameters) {
    const isKept = [...parameter.dataSync()].every((value) => value === 1);
    assertEquals(isKept, parameter.rank === 1, name);
  }
  model.dispose();
});

Deno.test("gradients whose norm is above 1 are clipped, unless told otherwise", async () => {
  const afterSteepStart = async (options: { clipNorm?: number }) => {
    const model = createSmall();
    let steps = 0;
    const steep: NeuralModel = {
      ...model,
      loss: (batch) => model.loss(batch).mul(++steps === 1 ? 1000 : 1),
    };
    await train(steep, { batches, seed: 0, epochs: 1, batchSize: 32, ...options });
    const result = weights(model);
    model.dispose();
    return result;
  };
  const usual = await afterSteepStart({});
  assertEquals(await afterSteepStart({ clipNorm: 1 }), usual);
  assertNotEquals(await afterSteepStart({ clipNorm: Infinity }), usual);
});

Deno.test("train() that was stopped after whatever step has the history of one that was not", async () => {
  using _clock = useFastClock();
  const states: TrainingState[] = [];
  const options = { batchSize: 10, epochs: 2 };
  const onCheckpoint = (state: TrainingState) =>
    Promise.resolve(void states.push({ ...state, progress: structuredClone(state.progress) }));
  const expected = await trained({ ...options, onCheckpoint });
  const last = states.at(-1)!.progress;
  assertEquals(last.history.steps.map(({ step }) => step), [20, 30, 50, 60]);
  for (const stopAfter of [1, 7, 20, 29, 30, 44]) {
    let asked = 0;
    const stopRequested = () => Promise.resolve(++asked === stopAfter);
    await assertRejects(() => trained({ ...options, onCheckpoint, stopRequested }), StoppedError);
    const { progress: { step, underWay } } = states.at(-1)!;
    assertEquals(underWay.waiting?.length, [20, 30].includes(step) ? undefined : step % 30 % 20);
    const resume = states.at(-1)!;
    assertEquals(await trained({ ...options, onCheckpoint, resume }), expected);
    assertEquals(states.at(-1)!.progress, last, `stopped after step ${step}`);
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

Deno.test("train() stops at a validation loss that is not finite", async () => {
  const model = createSmall();
  const broken: NeuralModel = {
    ...model,
    loss: (batch, options) => model.loss(batch, options).mul(options ? 1 : NaN), // none when predicting
  };
  await assertRejects(
    () => train(broken, { batches, seed: 0, batchSize: 32 }),
    TrainingError,
    "got NaN at step 10",
  );
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
  const usual = (step: number, steps: number) => learningRateAt(step, { peak: 1, steps });
  assertEquals([usual(0, 30), usual(1, 30), usual(1, 10)], [0.5, 1, 1]); // a twentieth, rounded up
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
