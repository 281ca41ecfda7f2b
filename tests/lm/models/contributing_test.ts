import { assertAlmostEquals, assertLess, assertMatch } from "@std/assert";
import { createGrammar } from "../../../lib/grammar/mod.ts";
import {
  createGrammarCorpus,
  type NeuralModel,
  stringBatches,
  train,
} from "../../../lib/lm/mod.ts";
import { createRandom } from "../../../lib/random.ts";
import { ready } from "../../../lib/tensor/mod.ts";

/** The LSTM that CONTRIBUTING tells to write, as a module. */
async function lstmOfContributing(): Promise<
  { createLstm: (config: object, of: object) => NeuralModel }
> {
  const text = await Deno.readTextFile("CONTRIBUTING.md");
  const blocks = text.matchAll(/```ts ignore\n([\s\S]*?)```/g);
  const code = [...blocks].map(([, block]) => block!).find((block) =>
    block.includes("createLstm(")
  );
  const elsewhere = code!.replaceAll(`from "./`, `from "../../lib/lm/models/`)
    .replaceAll(`from "../../r`, `from "../../lib/r`)
    .replaceAll(`from "../../t`, `from "../../lib/t`)
    .replaceAll(`from "../d`, `from "../../lib/lm/d`)
    .replaceAll(`from "../language_model.ts`, `from "../../lib/lm/language_model.ts`);
  await Deno.mkdir("tests/.tmp", { recursive: true });
  const path = `tests/.tmp/lstm-${crypto.randomUUID()}.ts`;
  await Deno.writeTextFile(path, elsewhere);
  try {
    return await import(`../../../${path}`);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("the LSTM of CONTRIBUTING learns, and decodes what it predicts", async () => {
  await ready("simd");
  const { createLstm } = await lstmOfContributing();
  const grammar = createGrammar("parity", 2);
  const { vocabulary, ...corpus } = createGrammarCorpus(grammar, {
    train: 300,
    valid: 50,
    seed: 1,
  });
  const model = createLstm({ embedding: 4, hidden: 6 }, { vocabulary, rng: createRandom(0) });
  const { epochs } = await train(model, {
    batches: stringBatches({
      train: corpus.train.encoded,
      valid: corpus.valid.encoded,
      vocabulary,
    }),
    ...{ seed: 0, epochs: 6, batchSize: 10 },
  });
  assertLess(epochs.at(-1)!.validLoss, Math.log(vocabulary.size) - 0.15);
  const inputs = Int32Array.of(vocabulary.start, ...vocabulary.encode("aB"));
  const all = await model.logProbabilities({ size: 1, length: inputs.length, inputs });
  const decoder = model.startDecoding(1);
  for (const [position, token] of inputs.entries()) {
    const row = await decoder.step(Int32Array.of(token));
    row.forEach((value, i) =>
      assertAlmostEquals(value, all[position * vocabulary.size + i]!, 1e-5)
    );
  }
  decoder.dispose();
  model.dispose();
});

Deno.test("CONTRIBUTING names rooms and files that exist", async () => {
  const text = await Deno.readTextFile("CONTRIBUTING.md");
  assertMatch(text, /lib\/lm\/models\/registry\.ts/);
  const invented = ["lib/grammar/unlike.ts", "lib/lm/models/lstm.ts"]; // told to be written
  for (const [, path] of text.matchAll(/`((?:lib|tests)\/[\w/.]+)`/g)) {
    if (!invented.includes(path!)) await Deno.stat(path!);
  }
});
