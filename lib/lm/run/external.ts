/**
 * Strings that come from elsewhere, judged as any model's are: from large language models that are
 * shown training strings, or from a file.
 */
import type { ChatEndpoint, Collected } from "../../chat/mod.ts";
import { collectSamples, parseAnswer } from "../../chat/mod.ts";
import type { Progress } from "../../command/mod.ts";
import { judgeSamples } from "../judging/judge.ts";
import type { Sample } from "../sampling/sample.ts";
import type { GrammarTask } from "./grammar_task.ts";
import type { ModelReport } from "./report.ts";

/** Where strings come from. */
export type ExternalSource =
  | { readonly kind: "chat"; readonly endpoint: ChatEndpoint }
  | { readonly kind: "text"; readonly name: string; readonly text: string };

/** Who is asked, and how. */
export interface AskingOptions {
  /** Large language models, and files of strings. */
  readonly sources: readonly ExternalSource[];
  /** Strings wanted of each. */
  readonly generate: number;
  /** Decides which examples are shown. */
  readonly seed: number;
  /** Most requests for each large language model. */
  readonly requests: number;
  /** Folder of cached answers, none by default. */
  readonly answers?: string | undefined;
}

/** Who is told how far it is. */
export interface AskingHooks {
  /** Shows how many new strings a model has written. */
  startProgress?: (name: string, wanted: number) => Progress;
}

/** A source with what it wrote and what that is worth. */
export interface ExternalResult {
  /** Of the large language model, or the file. */
  readonly name: string;
  /** What it wrote. */
  readonly samples: readonly Sample[];
  /** Its row of the report. */
  readonly report: ModelReport;
}

/** What asking needs. */
interface Asking {
  task: GrammarTask;
  options: AskingOptions;
  hooks: AskingHooks;
}

/** Asks or reads a source, and judges it; what goes wrong stands in its row. */
export async function judgeExternal(
  source: ExternalSource,
  asking: Asking,
): Promise<ExternalResult> {
  const { grammar, corpus } = asking.task;
  const collected = source.kind === "chat"
    ? await ask(source.endpoint, asking)
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
      testLoss: null,
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
  { task: { corpus }, options: { generate, seed, requests, answers }, hooks }: Asking,
): Promise<Collected> {
  const progress = hooks.startProgress?.(endpoint.model, generate);
  const collected = await collectSamples(endpoint, {
    training: corpus.train.strings,
    wanted: generate,
    seed,
    rounds: requests,
    cache: answers,
    onRound: (found) => progress?.update(Math.min(found, generate), `${found} new strings`),
  });
  progress?.stop(collected.problem ?? `${collected.rounds} requests, ${collected.cached} cached`);
  return collected;
}
