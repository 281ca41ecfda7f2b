import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { UsageError } from "../../../lib/errors.ts";
import { openGrammarTask } from "../../../lib/lm/run/grammar_task.ts";
import { type MemoryOptions, requireMemory } from "../../../lib/lm/run/memory.ts";
import { milestoneDefaults, textDefaults } from "../../../lib/lm/run/options.ts";
import { openTextTask } from "../../../lib/lm/run/text_task.ts";

const names = ["random", "count-3", "bigram", "mlp-3", "rnn", "gru", "transformer"];
const folder = `tests/.tmp/memory-${crypto.randomUUID()}`;
await Deno.mkdir(folder, { recursive: true });
await Deno.writeTextFile(`${folder}/text`, "abcdefghij klmnopqrstuvwxyz.\n".repeat(2000));

const grammarTask = openGrammarTask({ ...milestoneDefaults, train: 200 });
const textTask = (context: number) =>
  openTextTask({ ...textDefaults, text: `${folder}/text`, context, tokenFile: `${folder}/tokens` });

Deno.test("the usual runs fit, and a large one too", async () => {
  requireMemory(names, { task: grammarTask, options: milestoneDefaults });
  const task = await textTask(128);
  requireMemory(names, { task, options: textDefaults });
  requireMemory(names, { task, options: { ...textDefaults, scale: 32, layers: 12, heads: 8 } });
  task.dispose();
});

for (
  const [what, options, context] of [
    ["--scale 100000", { ...milestoneDefaults, scale: 100_000 }, undefined],
    ["--generate 100000000", { ...milestoneDefaults, generate: 1e8 }, undefined],
    ["--batch 10000000", { ...milestoneDefaults, batch: 1e7 }, undefined],
    ["--context 4000", textDefaults, 4000],
    ["--layers 5000", { ...textDefaults, layers: 5000 }, 32],
  ] as const
) {
  Deno.test(`${what} is refused with the numbers`, async () => {
    const task = context === undefined ? grammarTask : await textTask(context);
    const refuse = () => requireMemory(names, { task, options: options as MemoryOptions });
    const error = assertThrows(refuse, UsageError);
    assertMatch(
      error.message,
      /into 4 GiB, got about [\d.,]+ GiB .* with \S+: take a smaller/,
    );
    task.dispose();
  });
}

Deno.test("layers beyond counting are refused before they are counted", () => {
  const options = { ...milestoneDefaults, layers: 1e9 };
  const refuse = () => requireMemory(["transformer"], { task: grammarTask, options });
  assertEquals(
    assertThrows(refuse, UsageError).message,
    "Expected at most 10000 layers, got 1000000000",
  );
});
