import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { openSafetensors, type StoredTensor } from "../../../../lib/safetensors/mod.ts";
import { createGru } from "../../../../lib/lm/models/gru.ts";
import type { NeuralModel, TokenBatch } from "../../../../lib/lm/language_model.ts";
import { createRnn } from "../../../../lib/lm/models/rnn.ts";
import { createTransformer } from "../../../../lib/lm/models/transformer_model.ts";
import { createVocabulary } from "../../../../lib/lm/data/vocabulary.ts";
import { createRandom } from "../../../../lib/random.ts";
import {
  type BackendName,
  createAdamW,
  ready,
  tf,
  valueAndGradients,
} from "../../../../lib/tensor/mod.ts";

const backends: BackendName[] = ["cpu", "simd", "wasm"];
const create = { rnn: createRnn, gru: createGru, transformer: createTransformer };
const vocabulary = createVocabulary("abcdefghij");

/** What record_pytorch.py wrote: a model of the recorded weights, a batch, and the numbers to meet. */
function openRecord(name: string, architecture: keyof typeof create) {
  using file = openSafetensors(new URL(`./${name}.safetensors`, import.meta.url).pathname);
  const config = JSON.parse(file.metadata.get("config")!);
  const model = create[architecture](config, { vocabulary, rng: createRandom(0) });
  const tensors = new Map(Array.from(file.tensors.keys(), (name) => [name, file.read(name)]));
  const get = (name: string) => tensors.get(name)!;
  for (const [name, parameter] of model.parameters) {
    parameter.assign(plain(get(`parameters/${name}`)));
  }
  const recorded = [...tensors.keys()].filter((name) => name.startsWith("parameters/"));
  assertEquals(recorded.length, model.parameters.size);
  const [size, length] = get("inputs").shape as [number, number];
  const [inputs, targets] = [get("inputs"), get("targets")].map(({ values }) =>
    values as Int32Array
  );
  const tokens = targets!.filter((target) => target >= 0).length;
  const batch: TokenBatch = { size, length, inputs: inputs!, targets: targets!, tokens };
  return { model, batch, get, names: [...tensors.keys()] };
}

function plain({ shape, values }: StoredTensor): tf.Tensor {
  return tf.tensor(values as Float32Array, [...shape]);
}

function logitsOf(model: NeuralModel, batch: TokenBatch, observed?: Map<string, tf.Tensor>) {
  return model.logits(tf.tensor2d(batch.inputs, [batch.size, batch.length], "int32"), {
    observe: (name, value) => observed?.set(name, tf.keep(value.clone())),
  });
}

async function assertClose(
  actual: tf.Tensor,
  expected: StoredTensor,
  { tolerance, name }: { tolerance: number; name: string },
): Promise<void> {
  assertEquals(actual.shape, expected.shape, name);
  const values = await actual.data();
  const differences = Array.from(expected.values as Float32Array, (value, i) => value - values[i]!);
  const largest = Math.max(...differences.map(Math.abs));
  assertLess(largest, tolerance, `${name} is off by ${largest}`);
}

function norm(values: Iterable<number>): number {
  return Math.hypot(...values);
}

for (
  const [name, architecture] of [
    ["rnn", "rnn"],
    ["gru", "gru"],
    ["transformer_tied", "transformer"],
    ["transformer_untied", "transformer"],
  ] as const
) {
  for (const backend of backends) {
    Deno.test(`${name} computes and learns what it does in PyTorch, on ${backend}`, async () => {
      await ready(backend);
      const { model, batch, get, names } = openRecord(name, architecture);
      const observed = new Map<string, tf.Tensor>();
      await assertClose(logitsOf(model, batch, observed), get("logits"), {
        tolerance: 1e-4,
        name: "logits",
      });
      for (const path of names.filter((name) => name.startsWith("observed/"))) {
        const seen = observed.get(path.slice("observed/".length))!;
        await assertClose(seen, get(path), { tolerance: 1e-5, name: path });
      }

      const parameters = [...model.parameters.values()];
      const { value, gradients } = valueAndGradients(() => model.loss(batch), parameters);
      await assertClose(value, get("loss"), { tolerance: 1e-4, name: "loss" });
      for (const [i, name] of [...model.parameters.keys()].entries()) {
        const expected = get(`gradients/${name}`);
        const tolerance = 1e-3 * norm(expected.values as Float32Array);
        await assertClose(gradients[i]!, expected, { tolerance, name });
      }

      const decays = (name: string) => model.parameters.get(name)!.rank > 1;
      const adamW = createAdamW(model.parameters, {
        ...{ learningRate: 0.01, weightDecay: 0.1, clipNorm: 0.5, decays },
      });
      for (const expected of get("losses").values) {
        const { value, gradients } = valueAndGradients(() => model.loss(batch), parameters);
        assertAlmostEquals((await value.data())[0]!, Number(expected), 1e-4);
        adamW.step(gradients);
      }
    });
  }
}
