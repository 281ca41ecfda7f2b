import { assertEquals, assertStringIncludes } from "@std/assert";
import { createRandom } from "../../../lib/random.ts";
import { ready } from "../../../lib/tensor/mod.ts";
import {
  createRandomModel,
  createRnn,
  createVocabulary,
  runMilestone,
} from "../../../lib/lm/mod.ts";

const jupyterDisplay = Symbol.for("Jupyter.display");
await ready();

function shown(thing: unknown): { "text/plain": string; "text/html": string } {
  return (thing as Record<symbol, () => never>)[jupyterDisplay]!();
}

Deno.test("a neural model shows each of its parameters with its shape", () => {
  const vocabulary = createVocabulary("ab");
  const model = createRnn({ embedding: 2, hidden: 3 }, { vocabulary, rng: createRandom(0) });
  const { "text/plain": text, "text/html": markup } = shown(model);
  assertStringIncludes(text, "rnn · 36 parameters · sees all of the text · embedding 2 · hidden 3");
  assertStringIncludes(text, "\nembedding         3 × 2        6\n");
  assertStringIncludes(markup, ">recurrent.weight</th>");
  model.dispose();
});

Deno.test("a model without parameters shows its name and context", () => {
  const text = shown(createRandomModel({ vocabulary: createVocabulary("ab") }))["text/plain"];
  assertEquals(text, "random · 0 parameters · sees the last 0 tokens");
});

Deno.test("a run shows its table", async () => {
  const milestone = await runMilestone({ models: ["random"], train: 10, valid: 10, generate: 10 });
  assertStringIncludes(
    shown(milestone)["text/plain"],
    "sticky 3: on average no loss is below 3.463",
  );
  assertStringIncludes(shown(milestone)["text/html"], ">random</th>");
  milestone.dispose();
});
