import { assertAlmostEquals } from "@std/assert";
import { predictNext } from "../../../lib/lm/judging/predict.ts";
import { createGru } from "../../../lib/lm/models/gru.ts";
import { createVocabulary } from "../../../lib/lm/data/vocabulary.ts";
import { createRandom } from "../../../lib/random.ts";
import { ready } from "../../../lib/tensor/mod.ts";

Deno.test("predictNext() of beginnings of any lengths is what follows each of them alone", async () => {
  await ready();
  const vocabulary = createVocabulary("abc");
  const model = createGru({ embedding: 3, hidden: 5 }, { vocabulary, rng: createRandom(1) });
  const prefixes = ["", "abcab", "ca"].map((text) => [0, ...vocabulary.encode(text)]);
  const together = await predictNext(model, prefixes);
  for (const [row, prefix] of prefixes.entries()) {
    const alone = await predictNext(model, [prefix]);
    alone.forEach((value, token) => assertAlmostEquals(together[4 * row + token]!, value, 1e-5));
  }
  model.dispose();
});
