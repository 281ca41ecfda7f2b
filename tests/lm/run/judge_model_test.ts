import { assertEquals } from "@std/assert";
import { createGrammar } from "../../../lib/grammar/mod.ts";
import { createGrammarModel } from "../../../lib/lm/models/grammar.ts";
import { openGrammarTask } from "../../../lib/lm/run/grammar_task.ts";
import { evaluateModel } from "../../../lib/lm/run/judge_model.ts";

Deno.test("the rate of writing counts the characters and the end of each finished string", async () => {
  const task = openGrammarTask({
    ...{ grammar: "runs", n: 2, train: 1, valid: 1, test: 5, epochs: 1, seed: 0 },
  });
  const model = createGrammarModel(createGrammar("runs", 2));
  const learned = { model, initial: () => model, history: null, seconds: 0, tokens: 0 };
  const { now } = performance;
  let calls = 0;
  performance.now = () => 1000 * calls++; // a second between the beginning and the end
  try {
    const { report, samples } = await evaluateModel(learned, {
      ...{ task: { ...task, longestSample: 6 }, options: { generate: 40, seed: 1 } },
    });
    const written = samples.map(({ text, finished }) => text.length + (finished ? 1 : 0));
    assertEquals(report.generateTokensPerSecond, written.reduce((sum, one) => sum + one, 0));
    assertEquals(samples.some(({ finished }) => !finished), true);
  } finally {
    performance.now = now;
  }
});
