/** Work that no backend does: plain TypeScript. */
import { createGrammar } from "../../lib/grammar/mod.ts";
import { createGrammarCorpus, createNgramCounts } from "../../lib/lm/mod.ts";
import { mlpEpoch } from "./autograd.ts";
import type { Contestant } from "./measure.ts";

/** Prepares a script of a row. */
export function scriptContestant(script: "autograd" | "counting"): Contestant {
  const once = script === "autograd" ? mlpEpoch() : countTrigrams();
  return {
    name: "TypeScript",
    run: (repeat) => {
      const start = performance.now();
      for (let i = 0; i < repeat; i++) once();
      return Promise.resolve((performance.now() - start) / 1000);
    },
  };
}

function countTrigrams(): () => void {
  const grammar = createGrammar("sticky", 3);
  const { vocabulary, train } = createGrammarCorpus(grammar, { train: 200_000, valid: 0, seed: 0 });
  return () => {
    const counts = createNgramCounts({ order: 3, vocabulary });
    for (const string of train.encoded) counts.add(string);
  };
}
