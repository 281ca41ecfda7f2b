import { assertEquals, assertStringIncludes } from "@std/assert";
import { createRandom } from "../../../lib/random.ts";
import { jupyterDisplay, table, type Tabular } from "../../../lib/plot/mod.ts";
import { ready } from "../../../lib/tensor/mod.ts";
import {
  createRandomModel,
  createRnn,
  createVocabulary,
  runMilestone,
} from "../../../lib/lm/mod.ts";

await ready();

async function shown(thing: unknown): Promise<{ text: string; markup: string }> {
  const bundle = await table(thing as Tabular)[jupyterDisplay]();
  return { text: String(bundle["text/plain"]), markup: String(bundle["text/html"]) };
}

Deno.test("a neural model shows each of its parameters with its shape", async () => {
  const vocabulary = createVocabulary("ab");
  const model = createRnn({ embedding: 2, hidden: 3 }, { vocabulary, rng: createRandom(0) });
  const { text, markup } = await shown(model);
  assertStringIncludes(
    text,
    "rnn · 36 parameters · context of any length · embedding 2 · hidden 3",
  );
  assertStringIncludes(text, "\nembedding         3 × 2        6\n");
  assertStringIncludes(markup, ">recurrent.weight</th>");
  model.dispose();
});

Deno.test("a model without parameters shows its name and context", async () => {
  const { text } = await shown(createRandomModel({ vocabulary: createVocabulary("ab") }));
  assertEquals(text, "random · 0 parameters · context length 0");
});

Deno.test("a run shows its table", async () => {
  const milestone = await runMilestone({ models: ["random"], train: 10, valid: 10, generate: 10 });
  const { text, markup } = await shown(milestone);
  assertStringIncludes(text, "sticky 3: no loss is below 3.463 nats a token on average");
  assertStringIncludes(markup, ">random</th>");
  milestone.dispose();
});
