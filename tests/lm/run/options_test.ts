import { assertNotEquals } from "@std/assert";
import {
  decidingOptions,
  type GrammarRunOptions,
  milestoneDefaults,
  textDefaults,
  type TextRunOptions,
} from "../../../lib/lm/run/options.ts";

Deno.test("a run is another one as soon as a setting differs that decides weights", () => {
  const grammarRun: Partial<GrammarRunOptions> = {
    ...{ grammar: "runs", n: 4, train: 1, valid: 1, epochs: 1, batch: 1, learningRate: 1, seed: 1 },
  };
  for (const [name, value] of Object.entries(grammarRun)) {
    const other = { ...milestoneDefaults, [name]: value };
    assertNotEquals(decidingOptions(other), decidingOptions(milestoneDefaults), name);
  }
  const usual: TextRunOptions = { ...textDefaults, text: "a.txt", tokenFile: "a.bin" };
  const textRun: Partial<TextRunOptions> = {
    ...{ context: 9, tokenizer: "bpe", vocab: 300, steps: 1, train: 1, valid: 1, epochs: 1 },
    ...{ batch: 1, learningRate: 1, seed: 1 },
  };
  for (const [name, value] of Object.entries(textRun)) {
    assertNotEquals(decidingOptions({ ...usual, [name]: value }), decidingOptions(usual), name);
  }
});
