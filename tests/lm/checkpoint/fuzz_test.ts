import { assert, assertEquals } from "@std/assert";
import { UsageError } from "../../../lib/errors.ts";
import { createRandom, type Random } from "../../../lib/random.ts";
import { ready } from "../../../lib/tensor/mod.ts";
import { loadModel, saveModel } from "../../../lib/lm/checkpoint/mod.ts";
import { createVocabulary } from "../../../lib/lm/data/vocabulary.ts";
import { loadGpt2, saveGpt2 } from "../../../lib/lm/gpt2/mod.ts";
import { createCountModel } from "../../../lib/lm/models/count_ngram.ts";
import { transformerConfig } from "../../../lib/lm/models/transformer.ts";
import { createTransformer } from "../../../lib/lm/models/transformer_model.ts";

const vocabulary = createVocabulary("abc\n");
const folder = `tests/.tmp/fuzz-${crypto.randomUUID()}`;
const strange = ["__proto__", "null", "1e999", "-1", "[[", "}}", "\0", '"', "\n\u2028", "{}", "ü"];

/** A file with a few bytes changed, cut off, or put between. */
function damaged(bytes: Uint8Array, rng: Random): Uint8Array {
  const at = rng.integer(bytes.length);
  const inserted = new TextEncoder().encode(rng.choice(strange));
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (rng.integer(4)) {
    case 0:
      return before;
    case 1:
      return Uint8Array.from([...before, ...inserted, ...after]);
    case 2:
      return Uint8Array.from([...before, ...inserted, ...after.subarray(inserted.length)]);
    default:
      return Uint8Array.from([...before, after[0]! ^ (1 << rng.integer(8)), ...after.subarray(1)]);
  }
}

await ready("cpu");
const transformer = createTransformer(
  transformerConfig({ vocabularySize: 5, contextLength: 4, width: 4, heads: 2, layers: 1 }),
  { vocabulary, rng: createRandom(0) },
);
await saveModel(`${folder}/transformer`, transformer);
await saveModel(
  `${folder}/count`,
  createCountModel({ order: 2, vocabulary, strings: [vocabulary.encode("abcab")] }),
);
await saveGpt2(`${folder}/gpt2`, transformer);

for (
  const [file, load] of [
    ["transformer.json", () => loadModel(`${folder}/transformer`)],
    ["transformer.safetensors", () => loadModel(`${folder}/transformer`)],
    ["count.safetensors", () => loadModel(`${folder}/count`)],
    ["gpt2/config.json", () => loadGpt2(`${folder}/gpt2`)],
    ["gpt2/tokenizer.json", () => loadGpt2(`${folder}/gpt2`)],
  ] as const
) {
  Deno.test(`three hundred damaged copies of ${file} are read or refused in one line`, async () => {
    const rng = createRandom(1, file);
    const whole = await Deno.readFile(`${folder}/${file}`);
    let refused = 0;
    for (let i = 0; i < 300; i++) {
      await Deno.writeFile(`${folder}/${file}`, damaged(whole, rng));
      try {
        load().dispose();
      } catch (error) {
        assert(error instanceof UsageError, `mutation ${i}: ${error}`);
        assertEquals(error.message.split(/[\r\n\0]/).length, 1, error.message);
        refused++;
      }
    }
    await Deno.writeFile(`${folder}/${file}`, whole);
    load().dispose();
    assert(refused > 100, `${refused}`);
  });
}
