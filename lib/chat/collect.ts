/** Asks a large language model in rounds until it has written enough new strings. */
import { createRandom, type Random } from "../random.ts";
import { recall, remember } from "./cache.ts";
import { askChat, type ChatEndpoint } from "./client.ts";
import { ChatError } from "./error.ts";
import { parseAnswer } from "./parse.ts";
import { buildPrompt } from "./prompt.ts";
import type { ChatAnswer } from "./response.ts";

/** What is asked of the model. */
export interface CollectOptions {
  /** The training strings; each round shows some of them. */
  readonly training: readonly string[];
  /** How many unique strings outside the training set are wanted. */
  readonly wanted: number;
  /** Decides which examples are shown, and is passed on. */
  readonly seed: number;
  /** Strings shown in a round: enough to find a rule, few enough for a small context. */
  readonly examples?: number;
  /** Strings asked for in a round. */
  readonly perRound?: number;
  /** Most rounds, each one request (retries not counted). */
  readonly rounds?: number;
  /** Folder of cached answers; nothing is cached without it. */
  readonly cache?: string | undefined;
  /** Is told after each round how many unique new strings there are. */
  readonly onRound?: (found: number) => void;
  /** Stops the asking. */
  readonly signal?: AbortSignal;
}

/** What came of it: all strings as written, and why it ended early, if it did. */
export interface Collected {
  /** Every string of every answer. */
  readonly samples: string[];
  /** Rounds asked, cached ones included. */
  readonly rounds: number;
  /** Rounds that were answered from the cache. */
  readonly cached: number;
  /** Why there are fewer than wanted; null when there are enough. */
  readonly problem: string | null;
}

const EMPTY_ROUNDS = 3; // rounds in a row without a new string until we believe there are no more

/**
 * Collects strings from a model: never throws for what the server or the model does, what went
 * wrong stands in `problem` beside the strings that came before it.
 */
export async function collectSamples(
  endpoint: ChatEndpoint,
  options: CollectOptions,
): Promise<Collected> {
  const { training, wanted, seed, examples = 100, perRound = 50, rounds = 40 } = options;
  const known = new Set(training);
  const found = new Set<string>();
  const samples: string[] = [];
  const blanks = training.some((text) => /\s/.test(text));
  let cached = 0;
  let empty = 0;
  const done = (round: number, problem: string | null): Collected => ({
    samples,
    rounds: round,
    cached,
    problem,
  });
  for (let round = 0; round < rounds; round++) {
    const rng = createRandom(seed, "llm", endpoint.model, round);
    const shown = draw(training, examples, rng);
    const question = { messages: buildPrompt(shown, perRound), seed: seed + round };
    let answer: ChatAnswer;
    try {
      const remembered = await recall(options.cache, endpoint, question);
      if (remembered) cached++;
      answer = remembered ?? await askChat(endpoint, { question, rng, ...pickSignal(options) });
      if (!remembered) await remember(options.cache, { endpoint, question, answer });
    } catch (error) {
      if (error instanceof ChatError) return done(round, error.message);
      throw error;
    }
    const before = found.size;
    for (const sample of parseAnswer(answer.content, { blanks, cut: answer.cut })) {
      samples.push(sample);
      if (!known.has(sample)) found.add(sample);
    }
    options.onRound?.(found.size);
    if (found.size >= wanted) return done(round + 1, null);
    empty = found.size === before ? empty + 1 : 0;
    if (empty === EMPTY_ROUNDS) {
      return done(round + 1, `${EMPTY_ROUNDS} answers in a row held nothing new: ${hint(answer)}`);
    }
  }
  return done(rounds, `${found.size} new strings after ${rounds} requests, wanted ${wanted}`);
}

function pickSignal({ signal }: CollectOptions): { signal?: AbortSignal } {
  return signal ? { signal } : {};
}

function draw(training: readonly string[], count: number, rng: Random): string[] {
  return rng.shuffle([...training]).slice(0, count);
}

function hint(answer: ChatAnswer): string {
  const start = answer.content.replace(/\s+/g, " ").trim().slice(0, 80);
  return JSON.stringify(start);
}
