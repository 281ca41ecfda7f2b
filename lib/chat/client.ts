/** One question to an OpenAI-compatible chat endpoint, with time-outs, retries and clear errors. */
import type { Random } from "../random.ts";
import { ChatError, oneLine } from "./error.ts";
import type { ChatMessage } from "./prompt.ts";
import { type ChatAnswer, readResponse } from "./response.ts";

/** An endpoint and how patiently it is asked. */
export interface ChatEndpoint {
  /** Base URL up to `/v1`, or the whole address of the chat completions. */
  readonly url: string;
  /** Name of the model, as the endpoint knows it. */
  readonly model: string;
  /** Sent as a bearer token; never part of an error, a log or a file. */
  readonly key?: string | undefined;
  /** Milliseconds until one request is given up; 120,000 since local models answer slowly. */
  readonly timeout?: number;
  /** Requests for one answer, the first included. */
  readonly attempts?: number;
  /** Milliseconds before the first retry; doubles with each. */
  readonly firstDelay?: number;
  /** Longest wait in milliseconds that a server's `Retry-After` may ask for. */
  readonly longestDelay?: number;
}

/** A question: the chat, and the seed that the endpoint is asked to use. */
export interface ChatQuestion {
  /** The chat so far; the last turn is the question. */
  readonly messages: readonly ChatMessage[];
  /** Asks the endpoint to answer the same again. */
  readonly seed: number;
  /** How freely it may choose; 1 by default. */
  readonly temperature?: number;
  /** The longest answer; 4,096 tokens by default. */
  readonly maxTokens?: number;
}

/** The address that chat completions are posted to; throws on what is no http(s) address. */
export function chatAddress(url: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new ChatError(`Expected an http or https address, got ${JSON.stringify(url)}`, false);
  }
  if (parsed.username !== "" || parsed.password !== "") {
    throw new ChatError("Expected an address without a password in it, use OPENAI_API_KEY", false);
  }
  if (!/^https?:$/.test(parsed.protocol)) {
    throw new ChatError(`Expected an http or https address, got ${JSON.stringify(url)}`, false);
  }
  const path = parsed.pathname.replace(/\/+$/, "");
  if (!path.endsWith("/chat/completions")) parsed.pathname = `${path}/chat/completions`;
  return parsed.href;
}

/**
 * Asks once and, where that can help, again: after time-outs, broken connections, 408, 429 and
 * 5xx, waiting as `Retry-After` says or twice as long each time.
 *
 * @throws ChatError when there is no answer after all attempts
 */
export async function askChat(
  endpoint: ChatEndpoint,
  { question, rng, signal }: { question: ChatQuestion; rng: Random; signal?: AbortSignal },
): Promise<ChatAnswer> {
  const { attempts = 5, firstDelay = 500, longestDelay = 60_000 } = endpoint;
  for (let attempt = 1;; attempt++) {
    try {
      return await askOnce(endpoint, question, signal);
    } catch (error) {
      const problem = asChatError(error, endpoint);
      if (!problem.retry || signal?.aborted) throw problem;
      const backOff = firstDelay * 2 ** (attempt - 1) * (1 + rng.uniform() / 4);
      const delay = problem.wait ?? Math.min(backOff, longestDelay);
      if (delay > longestDelay) {
        throw new ChatError(`${problem.message}, asks to wait ${Math.ceil(delay / 1000)} s`, false);
      }
      if (attempt >= attempts) {
        throw new ChatError(`${problem.message} (${attempts} attempts)`, false);
      }
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }
}

async function askOnce(
  endpoint: ChatEndpoint,
  question: ChatQuestion,
  signal?: AbortSignal,
): Promise<ChatAnswer> {
  const { timeout = 120_000 } = endpoint;
  const limit = AbortSignal.timeout(timeout);
  const response = await fetch(chatAddress(endpoint.url), {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(endpoint.key ? { authorization: `Bearer ${endpoint.key}` } : {}),
    },
    body: JSON.stringify({
      model: endpoint.model,
      messages: question.messages,
      temperature: question.temperature ?? 1,
      max_tokens: question.maxTokens ?? 4096,
      seed: question.seed,
      stream: false,
    }),
    redirect: "manual", // subtle: a followed redirect could carry the key elsewhere
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  });
  return readResponse(response);
}

function asChatError(error: unknown, endpoint: ChatEndpoint): ChatError {
  if (error instanceof ChatError) {
    return new ChatError(withoutKey(error.message, endpoint.key), error.retry, error.wait);
  }
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return new ChatError(`No answer within ${(endpoint.timeout ?? 120_000) / 1000} s`, true);
  }
  if (error instanceof Deno.errors.NotCapable) {
    return new ChatError("Expected permission to reach the server: run with --allow-net", false);
  }
  return new ChatError(
    withoutKey(`The connection failed: ${oneLine((error as Error).message)}`, endpoint.key),
    true,
  );
}

function withoutKey(message: string, key: string | undefined): string {
  return key ? message.replaceAll(key, "…") : message;
}
