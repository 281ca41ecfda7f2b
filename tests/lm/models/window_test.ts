import { assertAlmostEquals, assertEquals } from "@std/assert";
import { createRandom } from "../../../lib/random.ts";
import { ready, tf } from "../../../lib/tensor/mod.ts";
import { createBigram, createMlp, createVocabulary, sortedBatches } from "../../../lib/lm/mod.ts";

await ready();
const vocabulary = createVocabulary("abc");
const strings = ["abcab", "c", "", "bacca"].map((text) => vocabulary.encode(text));
const [batch] = sortedBatches(strings, { batchSize: 4, vocabulary });

function createSmallMlp(lookBack = 3) {
  const rng = createRandom(4);
  return createMlp({ lookBack, embedding: 2, hidden: 5, activation: "tanh" }, { vocabulary, rng });
}

/** Shows the values of a tensor by its parameter's name. */
function values(parameters: ReadonlyMap<string, tf.Variable>, name: string): number[] {
  return [...parameters.get(name)!.dataSync()];
}

Deno.test("an MLP computes tanh((vectors)·W + b)·U + c of its window, as written out by hand", async () => {
  const model = createSmallMlp(2);
  const read = (name: string) => values(model.parameters, name);
  const [vectors, weight, bias] = [read("embedding"), read("hidden.weight"), read("hidden.bias")];
  const [output, outputBias] = [read("output.weight"), read("output.bias")];
  const window = [0, 2]; // the first two tokens of "b…"
  const inside = window.flatMap((token) => vectors.slice(2 * token, 2 * token + 2));
  const hidden = bias.map((start, h) =>
    Math.tanh(inside.reduce((sum, value, i) => sum + value * weight[i * 5 + h]!, start))
  );
  const logits = outputBias.map((start, v) =>
    hidden.reduce((sum, value, h) => sum + value * output[h * 4 + v]!, start)
  );
  const result = model.logits(tf.tensor2d([[0, 2]], [1, 2], "int32"));
  (await result.data()).subarray(4).forEach((value, v) =>
    assertAlmostEquals(value, logits[v]!, 1e-5)
  );
  tf.dispose(result);
  model.dispose();
});

Deno.test("the loss of windows without padding equals that of all logits", async () => {
  // windows of a long text begin in its middle, with any token
  const inMiddle = { ...batch!, inputs: batch!.inputs.map((token) => token || 2) };
  for (const model of [createSmallMlp(), createBigram({ vocabulary })]) {
    const first = model.parameters.values().next().value!;
    first.assign(tf.randomNormal(first.shape, 0, 1, "float32", 5));
    for (const some of [batch!, inMiddle]) {
      const rows = await model.logProbabilities(some);
      let sum = 0;
      some.targets.forEach((target, i) => sum -= target < 0 ? 0 : rows[i * 4 + target]!);
      const loss = model.loss(some);
      assertAlmostEquals((await loss.data())[0]!, sum / some.tokens, 1e-5);
      loss.dispose();
    }
    model.dispose();
  }
});

Deno.test("a window model sees its window and nothing before", async () => {
  const model = createSmallMlp(2);
  const predict = async (text: string) => {
    const inputs = Int32Array.of(0, ...vocabulary.encode(text));
    const rows = await model.logProbabilities({ size: 1, length: inputs.length, inputs });
    return [...rows.subarray(-4)];
  };
  assertEquals(await predict("abca"), await predict("bbca"));
  assertEquals((await predict("abca")).join() === (await predict("abba")).join(), false);
  model.dispose();
});

Deno.test("decoding step by step equals reading the text as a whole", async () => {
  const model = createSmallMlp();
  const { size, length, inputs } = batch!;
  const whole = await model.logProbabilities(batch!);
  const decoder = model.startDecoding(size);
  for (let t = 0; t < length; t++) {
    const tokens = Int32Array.from({ length: size }, (_, row) => inputs[row * length + t]!);
    const step = await decoder.step(tokens);
    for (let row = 0; row < size; row++) {
      for (let v = 0; v < 4; v++) {
        assertAlmostEquals(step[row * 4 + v]!, whole[(row * length + t) * 4 + v]!, 1e-5);
      }
    }
  }
  decoder.dispose();
  model.dispose();
});

Deno.test("the MLP of the default run has 1,200 to 1,700 parameters", () => {
  const alphabet = createVocabulary(
    Array.from({ length: 62 }, (_, i) => String.fromCharCode(48 + i)),
  );
  for (const [lookBack, parameters] of [[1, 1199], [2, 1251]] as const) {
    const model = createMlp({ lookBack }, { vocabulary: alphabet, rng: createRandom(0) });
    assertEquals(model.parameterCount, parameters);
    model.dispose();
  }
});
