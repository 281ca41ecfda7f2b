import { assert, assertEquals } from "@std/assert";
import { buildPage } from "../../../lib/lm/page/mod.ts";
import {
  type GrammarMilestone,
  type GrammarRunOptions,
  runMilestone,
} from "../../../lib/lm/mod.ts";

const small: Partial<GrammarRunOptions> = {
  ...{ grammar: "sticky", n: 19, models: ["transformer"], backend: "simd" },
  ...{ train: 4, valid: 1, test: 1, generate: 2, epochs: 1, batch: 4, seed: 1 },
};

Deno.test("a page is drawn where the only string is longer than the Transformer's context", async () => {
  const milestone = await runMilestone(small);
  const [text] = milestone.task.corpus.test.strings;
  const { contextLength } = milestone.models[0]!.model;
  assert(text!.length > contextLength, `${text!.length}`);
  const page = await buildPage(milestone);
  milestone.dispose();
  assertEquals(page.includes("could not be drawn"), false);
  assert(page.includes(`Attention while reading ${text!.slice(0, contextLength - 1)}<`));
});

Deno.test("a figure that cannot be drawn says why in its place, and the others stand", async () => {
  const milestone = await runMilestone({ ...small, n: 3, models: ["count-1", "transformer"] });
  const broken: GrammarMilestone = {
    ...milestone,
    models: milestone.models.map((judged) => ({
      ...judged,
      model: {
        ...judged.model,
        logProbabilities: () => Promise.reject(new Error("<b>no probabilities</b>")),
      },
    })),
  };
  const page = await buildPage(broken);
  milestone.dispose();
  assert(page.includes("could not be drawn: &lt;b&gt;no probabilities&lt;/b&gt;"));
  for (const title of ["Who understood the rule?", "Inside transformer", "The grammar"]) {
    assert(page.includes(`>${title}</h2>`), title);
  }
});
