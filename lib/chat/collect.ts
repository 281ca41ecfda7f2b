/** Asks a large language model in rounds until it has written enough new strings. */
import { createRandom, type Random } from "../random.ts";
import type { AnswerPart } from "./answer.ts";
import { recall, remember } from "./cache.ts";
import { ask, type Question, type SampledAnswer } from "./client.ts";
import type { ChatEndpoint } from "./endpoint.ts";
import { ChatError } from "./error.ts";
import { type ParsedAnswer, readAnswer } from "./parse.ts";
import { buildList, buildPrompt } from "./prompt.ts";

/** Whether a list is continued or a chat answered. */
export type AskMode = "completion" | "chat";

/** What is asked of the model. */
export interface CollectOptions {
  /** The training strings; each round shows some of them. */
  readonly training: readonly string[];
  /** How many unique strings outside the training set are wanted. */
  readonly wanted: number;
  /** Decides which examples are shown, and is passed on. */
  readonly seed: number;
  /** Continue a list, answer a chat, or (auto) the one where the endpoint can, else the other. */
  readonly mode?: AskMode | "auto" | undefined;
  /** Strings shown in a round, 100 by default; fewer where the model's context is too small for them. */
  readonly examples?: number;
  /** Strings asked for in a round of chat. */
  readonly perRound?: number;
  /** Most rounds, each one request (retries not counted). */
  readonly rounds?: number;
  /** Folder of cached answers; nothing is cached without it. */
  readonly cache?: string | undefined;
  /** Is told after each round how many unique new strings there are. */
  readonly onRound?: (found: number) => void;
  /** Stops the asking. */
  readonly signal?: AbortSignal | undefined;
}

/** What came of it: all strings as written, and why it ended early, if it did. */
export interface Collected {
  /** Every string of every answer. */
  readonly samples: string[];
  /** How many of them stood among the examples of their own round. */
  readonly copied: number;
  /** Lines that were no strings, and why. */
  readonly rejected: ParsedAnswer["rejected"];
  /** The beginnings of the first answers, as they came. */
  readonly excerpts: readonly string[];
  /** How it was asked; null when there was no answer. */
  readonly mode: AskMode | null;
  /** Strings shown in each round. */
  readonly examples: number;
  /** The model's name as the server gives it. */
  readonly served: string | null;
  /** Whether the server took the order not to truncate its probabilities. */
  readonly untruncated: boolean;
  /** Rounds asked, cached ones included. */
  readonly rounds: number;
  /** Rounds that were answered from the cache. */
  readonly cached: number;
  /** Why there are fewer than wanted; null when there are enough. */
  readonly problem: string | null;
}

const EMPTY_ROUNDS = 3; // rounds in a row without a new string until we believe there are no more
const EXCERPTS = 3;
const EXCERPT_LENGTH = 600;
const SAVING_INTERVAL = 2000; // milliseconds of an answer that a sudden end may lose at most

/**
 * Collects strings from a model: never throws for what the server or the model does, what went
 * wrong stands in `problem` beside the strings that came before it.
 */
export async function collectSamples(
  endpoint: ChatEndpoint,
  options: CollectOptions,
): Promise<Collected> {
  const { training, wanted, seed, perRound = 50, rounds = 40 } = options;
  const known = new Set(training);
  const alphabet = new Set(training.join(""));
  const blanks = training.some((text) => /\s/.test(text));
  const found = new Set<string>();
  const samples: string[] = [];
  const excerpts: string[] = [];
  const rejected: ParsedAnswer["rejected"] = {};
  let examples = Math.min(options.examples ?? 100, training.length);
  let [copied, cached, empty] = [0, 0, 0];
  let mode: AskMode | undefined = options.mode === "auto" ? undefined : options.mode;
  let last: SampledAnswer | undefined;
  let served: string | null = null;
  const done = (round: number, problem: string | null): Collected => ({
    ...{ samples, copied, rejected, excerpts, cached, problem, rounds: round },
    mode: last ? mode ?? null : null,
    examples,
    served,
    untruncated: last?.untruncated ?? false,
  });
  for (let round = 0; round < rounds; round++) {
    const rng = createRandom(seed, "llm", endpoint.model, round);
    const shown = rng.shuffle([...training]).slice(0, examples);
    const questions = {
      completion: { prompt: buildList(shown), seed: seed + round, maxTokens: 1024 },
      chat: { prompt: buildPrompt(shown, perRound), seed: seed + round, maxTokens: 4096 },
    };
    try {
      const asked = await askEither(endpoint, { ...options, questions, mode, rng });
      mode = asked.mode;
      last = asked.answer;
      served = last.model ?? served;
      if (asked.cached) cached++;
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      const full = last === undefined && error.details.status === 400 && examples > 1;
      if (!full) return done(round, error.message);
      examples = Math.floor(examples / 2); // the context may be too small for so many
      round--;
      continue;
    }
    const parsed = readAnswer(last.content, { alphabet, blanks, cut: last.cut });
    if (excerpts.length < EXCERPTS) excerpts.push(last.content.slice(0, EXCERPT_LENGTH));
    count(rejected, parsed.rejected);
    const before = found.size;
    const examplesShown = new Set(shown);
    for (const sample of parsed.strings) {
      samples.push(sample);
      if (examplesShown.has(sample)) copied++;
      if (!known.has(sample)) found.add(sample);
    }
    options.onRound?.(found.size);
    if (found.size >= wanted) return done(round + 1, null);
    if (options.signal?.aborted) return done(round + 1, "stopped");
    empty = found.size === before ? empty + 1 : 0;
    if (empty === EMPTY_ROUNDS) {
      return done(round + 1, `${EMPTY_ROUNDS} answers in a row held nothing new: ${hint(last)}`);
    }
  }
  return done(rounds, `${found.size} new strings after ${rounds} requests, wanted ${wanted}`);
}

/** Continues the list where that is wanted or can be, else asks in a chat. */
async function askEither(
  endpoint: ChatEndpoint,
  { questions, mode, ...options }: Pick<CollectOptions, "cache" | "signal"> & {
    questions: Record<AskMode, Question>;
    mode: AskMode | undefined;
    rng: Random;
  },
): Promise<{ mode: AskMode; answer: SampledAnswer; cached: boolean }> {
  if (mode === "chat") return askOrRecall(endpoint, { ...options, questions, mode });
  try {
    return await askOrRecall(endpoint, { ...options, questions, mode: "completion" });
  } catch (error) {
    const status = error instanceof ChatError ? error.details.status ?? 0 : 0;
    if (mode !== undefined || ![400, 404, 405, 422, 501].includes(status)) throw error;
    return await askOrRecall(endpoint, { ...options, questions, mode: "chat" });
  }
}

async function askOrRecall(
  endpoint: ChatEndpoint,
  { questions, mode, cache, rng, signal }: Pick<CollectOptions, "cache" | "signal"> & {
    questions: Record<AskMode, Question>;
    mode: AskMode;
    rng: Random;
  },
): Promise<{ mode: AskMode; answer: SampledAnswer; cached: boolean }> {
  const question = questions[mode];
  const remembered = await recall(cache, endpoint, question);
  if (remembered) return { mode, answer: remembered, cached: true };
  const keep = (answer: SampledAnswer) => remember(cache, { endpoint, question, answer });
  const saving = createSaving(keep);
  try {
    const answer = await ask(endpoint, { question, rng, signal, onPart: saving.onPart });
    await saving.done();
    await keep(answer);
    return { mode, answer, cached: false };
  } finally {
    await saving.done();
  }
}

/** Keeps what has arrived of an answer every few seconds: whoever is killed finds it again. */
function createSaving(keep: (answer: SampledAnswer) => Promise<void>) {
  let saved = Date.now();
  let writing = Promise.resolve();
  return {
    onPart: ({ content }: AnswerPart) => {
      if (Date.now() - saved < SAVING_INTERVAL) return;
      saved = Date.now();
      const answer = { content, cut: true, model: null, untruncated: true };
      writing = writing.then(() => keep(answer));
    },
    done: () => writing,
  };
}

function count(into: ParsedAnswer["rejected"], more: ParsedAnswer["rejected"]): void {
  for (const [why, lines] of Object.entries(more) as [keyof typeof more, number][]) {
    into[why] = (into[why] ?? 0) + lines;
  }
}

function hint(answer: SampledAnswer): string {
  const start = answer.content.replace(/\s+/g, " ").trim().slice(0, 80);
  return JSON.stringify(start);
}
