/**
 * Strings that come from elsewhere, judged as any model's are: from large language models that are
 * shown training strings, or from a file. A large language model is also scored like every other model,
 * where its endpoint lists enough log-probabilities.
 */
import {
  type AskMode,
  type CharacterScorer,
  type ChatEndpoint,
  ChatError,
  type Collected,
  collectSamples,
  createScorer,
  readAnswer,
} from "../../chat/mod.ts";
import type { Progress } from "../../command/mod.ts";
import { describeAsked } from "../judging/asked_strings.ts";
import {
  type InContextCurve,
  type InContextPoint,
  referenceCurves,
  servedCurve,
  usualExamples,
} from "../judging/in_context.ts";
import { judgeSamples, measuredOrder } from "../judging/judge.ts";
import type { Sample } from "../sampling/sample.ts";
import type { GrammarTask } from "./grammar_task.ts";
import type { AskedReport } from "./asked_report.ts";
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
  /** Whether a list is continued or a chat answered; `auto` for the first that the endpoint can. */
  readonly llmMode: AskMode | "auto";
  /** Test strings on which each large language model is scored, one request a character. */
  readonly llmScore: number;
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
  /** Is given what is known so far: the strings first, then one point of the curve after the other. */
  onPart: (result: ExternalResult) => Promise<void>;
}

/** Asks or reads a source, and judges it; what goes wrong stands in its row. */
export async function judgeExternal(
  source: ExternalSource,
  asking: Asking,
): Promise<ExternalResult> {
  return source.kind === "chat"
    ? await judgeEndpoint(source.endpoint, asking)
    : judgeText(source, asking);
}

/** The curves of those who learn from the same examples and need no server. */
export function referencesFor(
  task: GrammarTask,
  options: AskingOptions,
): Promise<InContextCurve[]> {
  return referenceCurves(settingOf(task, options));
}

function settingOf({ grammar, corpus }: GrammarTask, { seed, llmScore }: AskingOptions) {
  const training = corpus.train.strings;
  return {
    ...{ grammar, vocabulary: corpus.vocabulary, training, seed },
    strings: corpus.test.strings.slice(0, llmScore),
    examples: usualExamples.filter((count) => count <= training.length),
  };
}

function judgeText(
  { name, text }: { name: string; text: string },
  { task }: Asking,
): ExternalResult {
  const alphabet = new Set(task.grammar.alphabet);
  const { strings, rejected } = readAnswer(text, { alphabet });
  const others = Object.entries(rejected).map(([why, count]) => `${count} of ${why}`);
  const problem = others.length > 0 ? `lines that are no strings: ${others.join(", ")}` : null;
  return resultOf({ name, strings, problem }, task);
}

async function judgeEndpoint(
  endpoint: ChatEndpoint,
  { task, options, hooks, onPart }: Asking,
): Promise<ExternalResult> {
  const scorer = await createScorerOrReason(endpoint, { task, options });
  const alone = typeof scorer !== "string" && !scorer.showsExamples;
  const collected = alone ? nothingAsked : await ask(endpoint, { task, options, hooks });
  const { mode, served, examples, excerpts, untruncated } = collected;
  const asked: AskedReport = {
    ...describeAsked(collected, { grammar: task.grammar, training: task.corpus.train.strings }),
    ...{ mode, served, examples, excerpts },
    sampling: {
      ...{ temperature: 1, topP: 1 },
      ...(untruncated ? { topK: 0, minP: 0 } : { topK: null, minP: null }),
    },
    curve: [],
    scoring: { spelling: null, problem: null },
  };
  const strings = { name: endpoint.model, strings: collected.samples, problem: collected.problem };
  const result = (asked: AskedReport) => resultOf({ ...strings, asked }, task);
  await onPart(result(asked));
  if (typeof scorer === "string") {
    return result({ ...asked, scoring: { spelling: null, problem: scorer } });
  }
  return result(
    await score(scorer, {
      ...{ task, options, hooks, asked },
      onPart: (asked) => onPart(result(asked)),
    }),
  );
}

/** What is known of a model that was not asked for strings. */
const nothingAsked: Collected = {
  ...{ samples: [], copied: 0, rejected: {}, excerpts: [], examples: 0, rounds: 0, cached: 0 },
  ...{ mode: null, served: null, untruncated: true },
  problem: "a model of single strings: it can be shown no examples, and was only scored",
};

async function createScorerOrReason(
  endpoint: ChatEndpoint,
  { task, options: { llmScore, answers } }: Pick<Asking, "task" | "options">,
): Promise<CharacterScorer | string> {
  if (llmScore === 0) return "not wanted";
  try {
    return await createScorer(endpoint, { alphabet: task.grammar.alphabet, cache: answers });
  } catch (error) {
    if (error instanceof ChatError) return error.message;
    throw error;
  }
}

async function ask(
  endpoint: ChatEndpoint,
  { task: { corpus }, options: { generate, seed, requests, answers, llmMode }, hooks }: Omit<
    Asking,
    "onPart"
  >,
): Promise<Collected> {
  const progress = hooks.startProgress?.(endpoint.model, generate);
  const collected = await collectSamples(endpoint, {
    training: corpus.train.strings,
    wanted: generate,
    seed,
    mode: llmMode,
    rounds: requests,
    cache: answers,
    onRound: (found) => progress?.update(Math.min(found, generate), `${found} new strings`),
  });
  progress?.stop(collected.problem ?? `${collected.rounds} requests, ${collected.cached} cached`);
  return collected;
}

/** Adds the curve, as far as it comes, and the reason where it ends early. */
async function score(
  scorer: CharacterScorer,
  { task, options, hooks, onPart, ...rest }: Omit<Asking, "onPart"> & {
    asked: AskedReport;
    onPart: (asked: AskedReport) => Promise<void>;
  },
): Promise<AskedReport> {
  const setting = settingOf(task, options);
  const curve: InContextPoint[] = [];
  const spelling = scorer.spelling.name;
  const asked = { ...rest.asked, served: rest.asked.served ?? scorer.served };
  const name = asked.served ?? "the model";
  const steps = scorer.showsExamples ? setting.examples.length : 1;
  const progress = hooks.startProgress?.(`${name}, scored`, steps);
  try {
    await servedCurve(scorer, {
      ...{ ...setting, name },
      onPoint: async (point) => {
        curve.push(point);
        const { examples, excessLoss } = point;
        progress?.update(curve.length, `${excessLoss.toFixed(3)} after ${examples} examples`);
        await onPart({ ...asked, curve: [...curve], scoring: { spelling, problem: null } });
      },
    });
    progress?.stop(`${curve.length} points`);
    return { ...asked, curve, scoring: { spelling, problem: null } };
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    progress?.stop(error.message);
    return { ...asked, curve, scoring: { spelling, problem: error.message } };
  }
}

function resultOf(
  { name, strings, problem, asked }: {
    name: string;
    strings: readonly string[];
    problem: string | null;
    asked?: AskedReport;
  },
  { grammar, corpus, description }: GrammarTask,
): ExternalResult {
  const samples = strings.map((text) => ({ text, finished: true }));
  const known = new Set(corpus.train.strings);
  const point = asked?.curve.findLast(({ examples }) => examples <= asked.examples);
  return {
    name,
    samples,
    report: {
      name,
      parameters: null,
      contextLength: null,
      trainLoss: null,
      validLoss: null,
      testLoss: point?.loss ?? null,
      excessLoss: point?.excessLoss ?? null,
      measuredOrder: point === undefined ? null : measuredOrder({
        loss: grammar.entropyFloor() + point.excessLoss,
        error: point.excessError,
        idealLosses: description.grammar.idealLoss,
      }),
      ...judgeSamples(samples, { grammar, known }),
      trainSeconds: 0,
      trainTokensPerSecond: null,
      generateTokensPerSecond: null,
      ...(problem === null ? {} : { problem }),
      ...(asked ? { asked } : {}),
    },
  };
}
