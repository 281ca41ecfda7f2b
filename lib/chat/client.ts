/**
 * One question to an OpenAI-compatible endpoint: a text to be continued or a chat to be answered,
 * sampled without truncation, with time-outs, retries and clear errors.
 */
import type { Random } from "../random.ts";
import { type AnswerPart, type ChatAnswer, readResponse } from "./answer.ts";
import { type ChatEndpoint, persist, post } from "./endpoint.ts";
import { ChatError, withoutSecret } from "./error.ts";
import type { ChatMessage } from "./prompt.ts";

/** A question, and the seed that the endpoint is asked to use. */
export interface Question {
  /** A text that is continued, or a chat whose last turn is answered. */
  readonly prompt: string | readonly ChatMessage[];
  /** Asks the endpoint to answer the same again; few keep to it. */
  readonly seed: number;
  /** The longest answer in tokens. */
  readonly maxTokens: number;
}

/** How an answer is asked for. */
export interface AskOptions {
  /** Spreads the retries. */
  readonly rng: Random;
  /** Stops the asking; what has arrived is an answer. */
  readonly signal?: AbortSignal | undefined;
  /** Is given what has arrived so far. */
  readonly onPart?: ((part: AnswerPart) => void) | undefined;
}

/** What every server must honour: sampling from the model's own probabilities. */
const sampling = { temperature: 1, top_p: 1 };

/** What only some servers know; truncation is their default, so it is switched off by name. */
const untruncated = { top_k: 0, min_p: 0, typical_p: 1, repeat_penalty: 1 };

/** What is asked for beside the prompt, the strictest servers last: those know only what OpenAI names. */
const variants: readonly { readonly untruncated: boolean; options(most: number): object }[] = [
  { untruncated: true, options: (most) => ({ ...sampling, ...untruncated, max_tokens: most }) },
  { untruncated: false, options: (most) => ({ ...sampling, max_tokens: most }) },
  { untruncated: false, options: (most) => ({ max_completion_tokens: most }) }, // models that reason
];

/** An answer, and whether the server took the order not to truncate. */
export interface SampledAnswer extends ChatAnswer {
  /** False where the server refused the names of the truncations, so that its own may be on. */
  readonly untruncated: boolean;
}

/**
 * Asks, again where that can help, and leaves out what the server does not know.
 *
 * @throws ChatError when there is no answer after all attempts
 */
export function ask(
  endpoint: ChatEndpoint,
  { question, rng, signal, onPart }: AskOptions & { question: Question },
): Promise<SampledAnswer> {
  const once = async (): Promise<SampledAnswer> => {
    let refusal: unknown;
    for (const { untruncated, options } of variants) {
      try {
        const asked = { question, signal, onPart, options: options(question.maxTokens) };
        return { ...await askOnce(endpoint, asked), untruncated };
      } catch (error) {
        const status = error instanceof ChatError ? error.details.status : undefined;
        if (status !== 400 && status !== 422) throw error;
        refusal ??= error;
      }
    }
    throw refusal;
  };
  return persist(endpoint, { once, rng, signal });
}

async function askOnce(
  endpoint: ChatEndpoint,
  { question: { prompt, seed, maxTokens }, options, signal, onPart }: {
    question: Question;
    options: object;
    signal: AbortSignal | undefined;
    onPart: AskOptions["onPart"];
  },
): Promise<ChatAnswer> {
  const continued = typeof prompt === "string";
  using patience = createPatience(endpoint, signal);
  const response = await patience.within(post(endpoint, {
    path: continued ? "completions" : "chat/completions",
    body: {
      ...(continued ? { prompt } : { messages: prompt }),
      ...options,
      seed,
      stream: true,
    },
    signal: patience.signal,
  }));
  const streamed = response.headers.get("content-type")?.startsWith("text/event-stream");
  if (!streamed) patience.allow(maxTokens); // all of them come at once
  const clean = (text: string) => withoutSecret(text, endpoint.key);
  const answer = await patience.within(readResponse(response, (part) => {
    patience.allow(part.pieces);
    onPart?.({ ...part, content: clean(part.content) });
  }));
  return JSON.parse(clean(JSON.stringify(answer)));
}

/** A time-out that moves: so long for the first token, and its share of a second for each token. */
function createPatience(
  { timeout = 120_000, slowest = 0.5 }: ChatEndpoint,
  signal: AbortSignal | undefined,
) {
  const start = Date.now();
  const controller = new AbortController();
  let allowed = timeout;
  let over = false;
  const check = () => {
    const left = start + allowed - Date.now();
    if (left > 0) return void (timer = setTimeout(check, left));
    over = true;
    controller.abort();
  };
  let timer = setTimeout(check, timeout);
  const limit = () => `No answer within ${(allowed / 1000).toFixed(allowed < 10_000 ? 1 : 0)} s`;
  return {
    signal: signal ? AbortSignal.any([signal, controller.signal]) : controller.signal,
    allow: (tokens: number) => void (allowed = timeout + 1000 * tokens / slowest),
    /** What work gives, or says that the time is over. */
    within: async <T>(work: Promise<T>): Promise<T> => {
      try {
        return await work;
      } catch (error) {
        throw over ? new ChatError(limit(), { retry: true }) : error;
      }
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
