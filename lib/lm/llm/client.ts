/** One question to an OpenAI-compatible chat endpoint, with time-outs, retries and clear errors. */
import type { Random } from "../../random.ts";
import type { ChatMessage } from "./prompt.ts";

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

/** An answer; `cut` when the endpoint stopped at its length limit. */
export interface ChatAnswer {
  /** What the model said. */
  readonly content: string;
  /** Whether the endpoint stopped it at its length limit. */
  readonly cut: boolean;
}

/** Why an endpoint gave no answer, in one line that names no secret. */
export class ChatError extends Error {
  /** Tells it from errors that are our fault. */
  override name = "ChatError";
  /** `retry`: asking again may help, after `wait` milliseconds where the server says so. */
  constructor(message: string, readonly retry: boolean, readonly wait?: number) {
    super(message);
  }
}

const LARGEST_ANSWER = 4 << 20; // bytes: far above any answer, far below what hurts

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
  const text = await readText(response);
  if (!response.ok) throw statusError(response, text);
  return readAnswer(text);
}

/** The body as text, at most {@linkcode LARGEST_ANSWER} bytes of it. */
async function readText(response: Response): Promise<string> {
  let text = "";
  let bytes = 0;
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > LARGEST_ANSWER) throw new ChatError("The answer is larger than 4 MiB", false);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function statusError(response: Response, text: string): ChatError {
  const { status } = response;
  const retry = status === 408 || status === 429 || status >= 500;
  const said = messageOf(text);
  return new ChatError(
    `The server answered ${status}${said ? `: ${said}` : ""}`,
    retry,
    retryAfter(response.headers.get("retry-after")),
  );
}

/** Milliseconds that a `Retry-After` header asks for, in seconds or as a date (RFC 9110, 10.2.3). */
export function retryAfter(header: string | null, now = Date.now()): number | undefined {
  if (header === null) return undefined;
  const milliseconds = /^\d+$/.test(header.trim())
    ? 1000 * Number(header)
    : Date.parse(header) - now;
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : undefined;
}

function messageOf(text: string): string {
  try {
    const value = JSON.parse(text);
    const message = value?.error?.message ?? value?.error ?? value?.message;
    return typeof message === "string" ? oneLine(message) : "";
  } catch {
    return "";
  }
}

function readAnswer(text: string): ChatAnswer {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ChatError("The server's answer is not JSON", true);
  }
  const choice = value?.choices?.[0];
  const content = choice?.message?.content;
  const refusal = choice?.message?.refusal;
  if (typeof refusal === "string" && refusal !== "" && !content) {
    throw new ChatError(`The model refused: ${oneLine(refusal)}`, false);
  }
  if (typeof content !== "string") {
    throw new ChatError("The server's answer holds no message", true);
  }
  return { content, cut: choice.finish_reason === "length" };
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

function oneLine(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim(); // no control characters on a terminal
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
