import { assertEquals, assertGreater, assertRejects, assertThrows } from "@std/assert";
import {
  CheckpointError,
  encodeSafetensors,
  openSafetensors,
  readSafetensors,
  type StoredTensor,
} from "../../../lib/safetensors/mod.ts";
import {
  openRunFolder,
  prepareRunFolder,
  readTrainingState,
  writeTrainingState,
} from "../../../lib/lm/checkpoint/mod.ts";
import { createRandomModel } from "../../../lib/lm/models/random.ts";
import { train } from "../../../lib/lm/training/train.ts";
import { readTensors, type TrainingState } from "../../../lib/lm/training/state.ts";
import { createTransformer } from "../../../lib/lm/models/transformer_model.ts";
import { stringBatches } from "../../../lib/lm/data/batches.ts";
import { createVocabulary } from "../../../lib/lm/data/vocabulary.ts";
import { createRandom } from "../../../lib/random.ts";
import { ready } from "../../../lib/tensor/mod.ts";

const folder = new URL("../../.tmp/training_file", import.meta.url).pathname;
const newPath = () => `${folder}/${crypto.randomUUID()}/model.safetensors`;
const vocabulary = createVocabulary("abc");
const strings = Array.from(
  { length: 100 },
  (_, i) => Int32Array.from({ length: 1 + i % 4 }, (_, j) => 1 + (i + j) % 3),
);
const run = { seed: 0, text: "abc" };

function createModel() {
  const options = { contextLength: 4, width: 4, heads: 2, dropout: 0.2 };
  return createTransformer(options, { vocabulary, rng: createRandom(0) });
}

/** Trains and gives the weights, and the states on the way: within epochs and after them. */
async function trainModel(resume?: TrainingState) {
  const model = createModel();
  const states: TrainingState[] = [];
  const history = await train(model, {
    batches: stringBatches({ train: strings, valid: strings.slice(0, 10), vocabulary }),
    ...{ seed: 3, epochs: 2, batchSize: 4, resume },
    onCheckpoint: (state) => Promise.resolve(void states.push(state)),
    checkpointSeconds: 0,
  });
  const weights = await readTensors(model.parameters);
  model.dispose();
  return { weights, history, states };
}

/** States of one run, made once. */
async function someStates(): Promise<TrainingState[]> {
  await ready("simd");
  return (await (trained ??= trainModel())).states;
}
let trained: ReturnType<typeof trainModel> | undefined;

Deno.test("training goes on from a file, within an epoch too, to the very same weights and losses", async () => {
  await ready("simd");
  const { weights, history, states } = await trainModel();
  assertGreater(states.length, 4);
  assertEquals(states.filter(({ progress }) => progress.underWay.steps > 0).length, 4);
  for (const state of states) {
    const path = newPath();
    await writeTrainingState(path, { state, run });
    const { parameters } = createModel();
    const read = readTrainingState(path, { run, parameters })!;
    assertEquals(read, state);
    const resumed = await trainModel(read);
    assertEquals(resumed.weights, weights);
    assertEquals(resumed.history, history);
  }
});

Deno.test("a training state is written in the place of the one before, and read when there is one", async () => {
  const [first, last] = await someStates();
  const path = newPath();
  const { parameters } = createModel();
  assertEquals(readTrainingState(path, { run, parameters }), undefined);
  for (const state of [first!, last!]) {
    await writeTrainingState(path, { state, run });
    assertEquals(readTrainingState(path, { run, parameters }), state);
  }
  const folder = path.slice(0, path.lastIndexOf("/"));
  assertEquals(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["model.safetensors"]);
});

/** Writes a state with changes to its file, and reads it. */
async function readChanged(
  change: (files: { tensors: Map<string, StoredTensor>; metadata: Map<string, string> }) => void,
): Promise<void> {
  const [state] = await someStates();
  const path = newPath();
  await writeTrainingState(path, { state: state!, run });
  const tensors = readSafetensors(path);
  const metadata = new Map(openSafetensors(path).metadata);
  change({ tensors, metadata });
  await Deno.writeFile(path, encodeSafetensors(tensors, metadata));
  readTrainingState(path, { run, parameters: createModel().parameters });
}

const refused: Record<string, Parameters<typeof readChanged>[0]> = {
  "expected metadata run, found none": ({ metadata }) => metadata.delete("run"),
  "expected a header of JSON": ({ metadata }) => metadata.set("progress", "{"),
  "expected the progress of a training run": ({ metadata }) =>
    metadata.set("progress", '{"epoch":"1"}'),
  "expected to resume a run with seed 1, got seed 0": ({ metadata }) =>
    metadata.set("run", JSON.stringify({ ...run, seed: 1 })),
  'expected to resume a run with text undefined, got text "abc"': ({ metadata }) =>
    metadata.set("run", JSON.stringify({ seed: 0 })),
  "expected to resume a run with dropout 0, got dropout undefined": ({ metadata }) =>
    metadata.set("run", JSON.stringify({ ...run, dropout: 0 })),
  "expected a tensor best/transformer.ln_f.bias, found none": ({ tensors }) =>
    tensors.delete("best/transformer.ln_f.bias"),
  "expected parameters/transformer.ln_f.bias of shape [4], got [2]": ({ tensors }) =>
    tensors.set("parameters/transformer.ln_f.bias", { shape: [2], values: new Float32Array(2) }),
  'expected no tensor "optimizer/extra"': ({ tensors }) =>
    tensors.set("optimizer/extra", { shape: [2], values: new Float32Array(2) }),
  "expected a tensor optimizer/transformer.wte.weight.firstMoment, found none": ({ tensors }) =>
    tensors.delete("optimizer/transformer.wte.weight.firstMoment"),
  "expected best/transformer.ln_f.bias of F32, F16 or BF16, got I32": ({ tensors }) =>
    tensors.set("best/transformer.ln_f.bias", { shape: [4], values: new Int32Array(4) }),
  "expected the checksum": ({ tensors }) =>
    (tensors.get("optimizer/transformer.ln_f.bias.firstMoment")!.values as Float32Array)[3]! +=
      1e-9,
};

for (
  const change of [
    ...[{ epoch: -1 }, { epoch: 0.5 }, { epoch: 7 }, { step: -1 }, { step: null }, { best: {} }],
    ...[{ best: { epoch: -1, validLoss: 1 } }, { best: { epoch: 9, validLoss: 1 } }, {
      underWay: {},
    }],
    { underWay: { steps: 0, lossSum: 0, waiting: [{ loss: 1 }] } },
    ...[{ underWay: { steps: 1e9, lossSum: 0 } }, { underWay: { steps: 0, lossSum: null } }],
    ...[{ history: {} }, { history: { steps: [{}], epochs: [] } }],
    { history: { steps: [], epochs: [{ epoch: 1, trainLoss: 1, validLoss: 1, sample: 1 }] } },
  ]
) {
  Deno.test(`a training state with ${JSON.stringify(change)} is refused`, async () => {
    await ready("simd");
    const changed = readChanged(({ metadata }) => {
      const progress = JSON.parse(metadata.get("progress")!);
      metadata.set("progress", JSON.stringify({ ...progress, ...change }));
    });
    await assertRejects(() => changed, CheckpointError, "the progress of a training run");
  });
}

Deno.test("a flipped bit anywhere in a training state is found", async () => {
  const path = newPath();
  await writeTrainingState(path, { state: (await someStates())[0]!, run });
  const bytes = await Deno.readFile(path);
  const { parameters } = createModel();
  const rng = createRandom(4);
  for (let flip = 0; flip < 300; flip++) {
    const changed = bytes.slice();
    changed[rng.integer(bytes.length)]! ^= 1 << rng.integer(8);
    await Deno.writeFile(path, changed);
    assertThrows(() => readTrainingState(path, { run, parameters }), CheckpointError);
  }
});

Deno.test("readTrainingState() refuses another run's state and one that does not fit", async () => {
  await ready("simd");
  for (const [message, change] of Object.entries(refused)) {
    await assertRejects(() => readChanged(change), CheckpointError, message);
  }
});

Deno.test("a run folder goes on only when asked to, and forgets an older run otherwise", async () => {
  const states = await someStates();
  const model = createModel();
  const root = newPath().replace(/\/[^/]*$/, "");
  const kept = openRunFolder(root, { run, resume: false });
  await kept.onCheckpoint(model, states[0]!);
  await kept.onModel({ model: createRandomModel({ vocabulary }) });
  await Deno.writeTextFile(`${root}/training/transformer.safetensors.0123abcd.tmp`, "half");
  assertEquals(kept.resume(model), undefined);
  await prepareRunFolder(root, { resume: true });
  const goneOn = openRunFolder(root, { run, resume: true });
  assertEquals(goneOn.resume(model), states[0]);
  assertEquals([...Deno.readDirSync(`${root}/training`)].length, 1);
  const otherwise = "--restart begins anew";
  const other = openRunFolder(root, { run: { ...run, seed: 7 }, resume: true, otherwise });
  const wanted = "with seed 0, got seed 7; --restart begins anew";
  assertThrows(() => other.resume(model), CheckpointError, wanted);
  assertEquals(await prepareRunFolder(root, { resume: false }), true);
  assertEquals(await prepareRunFolder(root, { resume: false }), false);
  assertEquals(goneOn.resume(model), undefined);
});

Deno.test("a run is not gone on with on another backend, which rounds in another way", async () => {
  const [state] = await someStates();
  const path = `${folder}/${crypto.randomUUID()}`;
  const options = { run, resume: true, otherwise: "begin again" };
  const model = createModel();
  await openRunFolder(path, options).onCheckpoint(model, state!);
  assertEquals(openRunFolder(path, options).resume(model), state);
  await ready("cpu");
  assertThrows(() => openRunFolder(path, options).resume(model), CheckpointError, "begin again");
  await ready("simd");
});
