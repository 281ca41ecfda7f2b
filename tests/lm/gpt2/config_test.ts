import { assertEquals, assertThrows } from "@std/assert";
import { readGpt2Config } from "../../../lib/lm/gpt2/config.ts";
import { readVocabulary, writeVocabulary } from "../../../lib/lm/gpt2/tokenizer_file.ts";
import { createVocabulary } from "../../../lib/lm/data/vocabulary.ts";
import { CheckpointError } from "../../../lib/safetensors/mod.ts";

Deno.test("a config that says nothing is that of GPT-2 itself", () => {
  const { config, start, end } = readGpt2Config({ model_type: "gpt2" });
  const { vocabularySize, contextLength, width, heads, layers, feedForward } = config;
  assertEquals([vocabularySize, contextLength, width], [50257, 1024, 768]);
  assertEquals([heads, layers, feedForward], [12, 12, 3072]);
  assertEquals([config.activation, config.dropout, config.tied], ["gelu", 0.1, true]);
  assertEquals([start, end], [undefined, undefined]);
});

Deno.test("the end of a text is the first id that the config names, if it is a token", () => {
  const endOf = (eos_token_id: unknown) =>
    readGpt2Config({ model_type: "gpt2", vocab_size: 10, eos_token_id }).end;
  const ids = [0, 9, 10, -1, 1.5, "0", null, [3, 4], []];
  assertEquals(ids.map(endOf), [0, 9, ...Array(5).fill(undefined), 3, undefined]);
});

Deno.test("a vocabulary of characters has as many tokens as the model knows", () => {
  const text = writeVocabulary(createVocabulary("abc"));
  assertEquals(readVocabulary(text, { size: 4 }).characters, ["a", "b", "c"]);
  for (const size of [3, 5]) {
    assertThrows(() => readVocabulary(text, { size }), CheckpointError, `expected ${size} tokens`);
  }
});
