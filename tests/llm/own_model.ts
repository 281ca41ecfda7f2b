/**
 * `deno task test:llm`: a model of ours, served by llama.cpp from the file that we write, predicts there
 * what it predicts here, and our judge says the same of both.
 */
import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { createScorer } from "../../lib/chat/mod.ts";
import { createGrammar } from "../../lib/grammar/mod.ts";
import { stringBatches } from "../../lib/lm/data/batches.ts";
import { createBpeVocabulary } from "../../lib/lm/data/bpe_vocabulary.ts";
import { createGrammarCorpus } from "../../lib/lm/data/corpus.ts";
import { createVocabulary, type Vocabulary } from "../../lib/lm/data/vocabulary.ts";
import { saveGpt2 } from "../../lib/lm/gpt2/mod.ts";
import { evaluateAgainstGrammar } from "../../lib/lm/judging/evaluate.ts";
import { createServedModel } from "../../lib/lm/judging/served.ts";
import { createTransformer } from "../../lib/lm/models/transformer_model.ts";
import { sample } from "../../lib/lm/sampling/sample.ts";
import { train } from "../../lib/lm/training/train.ts";
import { createRandom } from "../../lib/random.ts";
import { ready, tf } from "../../lib/tensor/mod.ts";
import { trainBpe } from "../../lib/tokenizer/mod.ts";
import { withModel } from "./serve.ts";

Deno.test("a small model of ours served by llama.cpp has the excess that lib/lm computes", async () => {
  await ready("simd");
  const grammar = createGrammar("sticky", 3);
  const corpus = createGrammarCorpus(grammar, { train: 1000, valid: 40, seed: 0 });
  const { vocabulary } = corpus;
  const model = createTransformer(
    { width: 8, heads: 2, layers: 2, contextLength: 64 },
    { vocabulary, rng: createRandom(0) },
  );
  await train(model, {
    batches: stringBatches({
      ...{ train: corpus.train.encoded, valid: corpus.valid.encoded, vocabulary },
    }),
    ...{ seed: 0, epochs: 4, batchSize: 64, learningRate: 0.01 },
  });
  const folder = `tests/.tmp/served-${crypto.randomUUID()}`;
  await saveGpt2(folder, model);
  const strings = corpus.valid.encoded.filter(({ length }) => length < 64);
  const here = await evaluateAgainstGrammar(model, { grammar, strings });
  const source = `${folder}/model.gguf`;
  await withModel({ source, name: "ours", context: 64 }, async (url) => {
    const scorer = await createScorer({ url, model: "ours" }, { alphabet: grammar.alphabet });
    assertEquals([scorer.spelling.name, scorer.showsExamples, scorer.served], [
      "alone",
      false,
      "ours",
    ]);
    const served = createServedModel(scorer, { name: "ours", vocabulary, examples: [] });
    const there = await evaluateAgainstGrammar(served, { grammar, strings });
    assertLess(Math.abs(there.excessLoss - here.excessLoss), 1e-3);
    assertLess(Math.abs(there.loss - here.loss), 1e-3);
    const drawn = { count: 2, seed: 1, maxLength: 20 }; // the decoder, too
    assertEquals(await sample(served, drawn), await sample(model, drawn));
  });
  model.dispose();
  await Deno.remove(folder, { recursive: true });
});

const text =
  "Call me Ishmael. Some years ago, never mind how long precisely, é ü 🐳 – it's 1851.\n";
const vocabularies: Record<string, () => Vocabulary> = {
  "characters": () => createVocabulary(text),
  "trained BPE": () => createBpeVocabulary(trainBpe([text, text], { size: 300 })),
};
for (const [kind, create] of Object.entries(vocabularies)) {
  Deno.test(`llama.cpp cuts and predicts as we do: ${kind}`, async () => {
    await ready("simd");
    const vocabulary = create();
    const model = createTransformer(
      { width: 16, heads: 4, layers: 2, contextLength: 128, tied: kind === "characters" },
      { vocabulary, rng: createRandom(3) },
    );
    for (const parameter of model.parameters.values()) { // larger than a start
      parameter.assign(parameter.add(tf.randomNormal(parameter.shape, 0, 0.3, "float32", 1)));
    }
    const folder = `tests/.tmp/served-${crypto.randomUUID()}`;
    await saveGpt2(folder, model);
    const ids = vocabulary.encode(text);
    const inputs = Int32Array.from([vocabulary.start, ...ids]);
    const size = vocabulary.size;
    const rows = await model.logProbabilities({ size: 1, length: inputs.length, inputs });
    const source = `${folder}/model.gguf`;
    await withModel({ source, name: kind, context: 128 }, async (url) => {
      const response = await fetch(`${url}/completions`, {
        method: "POST",
        body: JSON.stringify({ prompt: text, max_tokens: 1, logprobs: size }),
      });
      const { choices, usage } = await response.json();
      assertEquals(usage.prompt_tokens, inputs.length);
      const listed = choices[0].logprobs.content[0].top_logprobs;
      assertEquals(listed.length, size);
      for (const { id, logprob } of listed) {
        assertAlmostEquals(logprob, rows[(inputs.length - 1) * size + id]!, 2e-3);
      }
    });
    model.dispose();
    await Deno.remove(folder, { recursive: true });
  });
}
