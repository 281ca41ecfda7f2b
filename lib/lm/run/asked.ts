/**
 * Strings that come from elsewhere, judged as any model's are: from large language models that are
 * shown training strings, or from a file.
 */
import type { Progress } from "../../command/mod.ts";
import type { Grammar } from "../../grammar/mod.ts";
import type { Corpus } from "../data/corpus.ts";
import { judgeSamples } from "../judging/judge.ts";
import { type ChatEndpoint, type Collected, collectSamples, parseAnswer } from "../../chat/mod.ts";
import type { ModelReport } from "./report.ts";
import type { Sample } from "../sampling/sample.ts";

/** Where strings come from. */
export type Source =
  | { readonly kind: "chat"; readonly endpoint: ChatEndpoint }
  | { readonly kind: "text"; readonly name: string; readonly text: string };

/** How large language models are asked. */
export interface AskOptions {
  /** Strings wanted of each model. */
  readonly generate: number;
  readonly seed: number;
  /** Most requests for each model. */
  readonly requests: number;
  /** Folder of cached answers. */
  readonly cache?: string | undefined;
  /** Shows how many new strings a model has written. */
  readonly startProgress?: ((name: string, wanted: number) => Progress) | undefined;
}

/** A source with what it wrote and what that is worth. */
export interface AskedModel {
  readonly name: string;
  readonly samples: readonly Sample[];
  readonly report: ModelReport;
}

/** Asks or reads a source, and judges it; what goes wrong stands in its row. */
export async function judgeSource(
  source: Source,
  { grammar, corpus, ...options }: AskOptions & { grammar: Grammar; corpus: Corpus },
): Promise<AskedModel> {
  const collected = source.kind === "chat"
    ? await ask(source.endpoint, { corpus, ...options })
    : { samples: parseAnswer(source.text), problem: null };
  const name = source.kind === "chat" ? source.endpoint.model : source.name;
  const samples = collected.samples.map((text) => ({ text, finished: true }));
  const known = new Set(corpus.train.strings);
  return {
    name,
    samples,
    report: {
      name,
      parameters: null,
      contextLength: null,
      trainLoss: null,
      validLoss: null,
      excessLoss: null,
      measuredOrder: null,
      ...judgeSamples(samples, { grammar, known }),
      trainSeconds: 0,
      trainTokensPerSecond: null,
      generateTokensPerSecond: null,
      ...(collected.problem === null ? {} : { problem: collected.problem }),
    },
  };
}

async function ask(
  endpoint: ChatEndpoint,
  { corpus, generate, seed, requests, cache, startProgress }: AskOptions & { corpus: Corpus },
): Promise<Collected> {
  const progress = startProgress?.(endpoint.model, generate);
  const collected = await collectSamples(endpoint, {
    training: corpus.train.strings,
    wanted: generate,
    seed,
    rounds: requests,
    cache,
    onRound: (found) => progress?.update(Math.min(found, generate), `${found} new strings`),
  });
  progress?.stop(collected.problem ?? `${collected.rounds} requests, ${collected.cached} cached`);
  return collected;
}
