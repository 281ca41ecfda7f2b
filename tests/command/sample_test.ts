import { assertEquals, assertStringIncludes } from "@std/assert";
import { createGru } from "../../lib/lm/models/gru.ts";
import { saveModel } from "../../lib/lm/checkpoint/mod.ts";
import { createVocabulary } from "../../lib/lm/data/vocabulary.ts";
import { createRandom } from "../../lib/random.ts";
import { ready } from "../../lib/tensor/mod.ts";
import { runTask } from "./run_task.ts";

const gpt2 = "tests/lm/gpt2/published";

const sample = (...flags: string[]) => runTask("sample", flags);

Deno.test("sample writes the same texts for the same seed, each after the prompt", async () => {
  const flags = ["--model", gpt2, "--prompt", "Call me", "--count", "2", "--length", "20"]
    .concat("--temperature", "0.8", "--top-k", "5", "--seed", "1");
  const [first, second] = await Promise.all([sample(...flags), sample(...flags)]);
  assertEquals([first.code, first.stderr], [0, ""]);
  assertEquals(first.stdout.split("Call me").length, 3);
  assertEquals(second.stdout, first.stdout);
});

Deno.test("sample takes what a run has saved, by any of its names", async () => {
  await ready("simd");
  const path = `tests/.tmp/sample-${crypto.randomUUID()}/gru`;
  await saveModel(
    path,
    createGru({}, { vocabulary: createVocabulary("xy"), rng: createRandom(0) }),
  );
  const flags = ["--length", "9", "--temperature", "0", "--prompt", "x"];
  const [plain, weights] = await Promise.all([
    sample("--model", path, ...flags),
    sample("--model", `${path}.safetensors`, ...flags),
  ]);
  assertEquals(plain.code, 0);
  assertEquals(/^x[xy]*\n$/.test(plain.stdout), true, plain.stdout);
  assertEquals(weights.stdout, plain.stdout);
});

Deno.test("sample leaves control characters as they are where a pipe reads them", async () => {
  await ready("simd");
  const path = `tests/.tmp/sample-${crypto.randomUUID()}/gru`;
  const vocabulary = createVocabulary("\x1b\x07");
  await saveModel(path, createGru({}, { vocabulary, rng: createRandom(0) }));
  const { code, stdout } = await sample("--model", path, "--length", "9", "--prompt", "\x1b\x07");
  // deno-lint-ignore no-control-regex
  assertEquals([code, /^\x1b\x07[\x1b\x07]*\n$/.test(stdout)], [0, true], stdout);
});

for (
  const [flags, message] of [
    ["", "required option '--model <path>' not specified"],
    ["--model tests/nowhere", "at tests/nowhere, got nothing"],
    [`--model ${gpt2} --temperature -1`, "Expected a number above 0."],
    [`--model ${gpt2} --top-p 1.5`, "Expected a top-p above 0 and at most 1, got 1.5"],
    [`--model ${gpt2} --top-k 0`, "Expected a whole number of at least 1."],
    [`--model ${gpt2} --length 1 --prompt whale`, "Expected a prompt of at most 1 tokens"],
  ] as const
) {
  Deno.test(`sample ${flags} fails with one line`, async () => {
    const { code, stdout, stderr } = await sample(...flags.split(" ").filter(Boolean));
    assertEquals([code, stdout], [1, ""]);
    assertStringIncludes(stderr, message);
    assertEquals(stderr.trimEnd().split("\n").length, 1, stderr);
  });
}
