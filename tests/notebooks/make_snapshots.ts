/**
 * Makes what 10_real_text shows and cannot train in the minute that it has: a small GPT on Moby Dick.
 *
 * `deno run --allow-read --allow-env --allow-write=notebooks/snapshots tests/notebooks/make_snapshots.ts`
 * takes some three minutes on one free core. nanogpt.py beside this file trains PyTorch's on the same
 * text, with the same sizes and steps.
 */
import {
  createTransformer,
  createVocabulary,
  learningRateAt,
  sample,
  type TokenBatch,
} from "../../lib/lm/mod.ts";
import { collection } from "../../lib/lm/text/mod.ts";
import { createRandom } from "../../lib/random.ts";
import { writeSafetensors } from "../../lib/safetensors/mod.ts";
import { createAdamW, ready, tf, valueAndGradients } from "../../lib/tensor/mod.ts";
import { writeWhole } from "../../lib/files.ts";

const sizes = { contextLength: 64, width: 64, heads: 4, layers: 4 };
const training = { steps: 1500, batch: 16, peak: 3e-3, warmUp: 75, weightDecay: 0.1, clipNorm: 1 };
const shownSteps = [0, 100, 500, 1000, 1500];
const folder = "notebooks/snapshots";

await ready("simd");
const text = collection["moby-dick.txt"]!();
const vocabulary = createVocabulary([...new Set(text)].sort());
const ids = vocabulary.encode(text);
const trainEnd = Math.floor(0.9 * ids.length);
const validEnd = Math.floor(0.95 * ids.length);

/** Windows that begin at these places, each to be predicted one character ahead. */
function windows(starts: number[]): TokenBatch {
  const { contextLength: length } = sizes;
  const inputs = new Int32Array(starts.length * length);
  const targets = new Int32Array(starts.length * length);
  starts.forEach((start, row) => {
    inputs.set(ids.subarray(start, start + length), row * length);
    targets.set(ids.subarray(start + 1, start + 1 + length), row * length);
  });
  return { size: starts.length, length, inputs, targets, tokens: inputs.length };
}

const { batch, peak, steps, warmUp, weightDecay, clipNorm } = training;
const model = createTransformer({ ...sizes, dropout: 0 }, { vocabulary, rng: createRandom(0) });
const optimizer = createAdamW(model.parameters, {
  learningRate: peak,
  beta2: 0.99,
  weightDecay,
  clipNorm,
  decays: (name) => model.parameters.get(name)!.rank > 1,
});
const rng = createRandom(0, "batches");
const validStarts = Array.from({ length: 400 }, (_, i) => trainEnd + i * sizes.contextLength);
const validation = Array.from(
  { length: 10 },
  (_, i) => windows(validStarts.slice(40 * i, 40 * i + 40)),
);

/** Mean loss on the same 25,600 characters each time. */
function validationLoss(): number {
  const losses = validation.map((part) => tf.tidy(() => model.loss(part).dataSync()[0]!));
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

const losses: { step: number; train: number }[] = [];
const states: { step: number; valid: number; sample: string }[] = [];
let recent = 0;
for (let step = 0; step <= steps; step++) {
  if (shownSteps.includes(step)) {
    const [written] = await sample(model, { count: 1, seed: 1, maxLength: 300 });
    states.push({ step, valid: validationLoss(), sample: written!.text });
    console.log(step, states.at(-1)!.valid.toFixed(4), JSON.stringify(written!.text.slice(0, 80)));
  }
  if (step === steps) break;
  const starts = Array.from({ length: batch }, () => rng.integer(trainEnd - sizes.contextLength));
  const { value, gradients } = valueAndGradients(
    () => model.loss(windows(starts)),
    [...model.parameters.values()],
  );
  optimizer.step(gradients, { learningRate: learningRateAt(step, { peak, steps, warmUp }) });
  recent += value.dataSync()[0]! / 25;
  tf.dispose([value, ...gradients]);
  if (step % 25 === 24) {
    losses.push({ step: step + 1, train: Number(recent.toFixed(4)) });
    recent = 0;
  }
}

const tensors = new Map(
  Array.from(model.parameters, ([name, parameter]) => [
    name,
    { shape: parameter.shape, values: Float32Array.from(parameter.dataSync()) },
  ]),
);
await writeSafetensors(`${folder}/moby-dick.safetensors`, { tensors });
const record = {
  sizes,
  training,
  characters: ids.length,
  trainEnd,
  validEnd,
  losses,
  states: states.map(({ valid, ...rest }) => ({ ...rest, valid: Number(valid.toFixed(4)) })),
};
await writeWhole(`${folder}/moby-dick.json`, `${JSON.stringify(record, null, 2)}\n`);
