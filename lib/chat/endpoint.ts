/** Where a large language model is asked, and how a request gets there. */
import type { Random } from "../random.ts";
import { ChatError, oneLine, withoutSecret } from "./error.ts";

/** An endpoint and how patiently it is asked. */
export interface ChatEndpoint {
  /** Base URL up to `/v1`, or the whole address of the (chat) completions. */
  readonly url: string;
  /** Name of the model, as the endpoint knows it. */
  readonly model: string;
  /** Sent as a bearer token; never part of an error, a log or a file. */
  readonly key?: string | undefined;
  /** Milliseconds until the first token; 120,000 since local models read long prompts slowly. */
  readonly timeout?: number;
  /** Tokens a second below which an answer is given up: each token prolongs the time-out by its share. */
  readonly slowest?: number;
  /** Requests for one answer, the first included. */
  readonly attempts?: number;
  /** Milliseconds before the first retry; doubles with each. */
  readonly firstDelay?: number;
  /** Longest wait in milliseconds that a server's `Retry-After` may ask for. */
  readonly longestDelay?: number;
}

/** What is posted, and to which of the API's two addresses. */
export interface Request {
  /** Text is continued at the one, a chat answered at the other. */
  readonly path: "completions" | "chat/completions";
  /** The JSON of the request, besides the model's name. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Stops it. */
  readonly signal?: AbortSignal | undefined;
}

/** The address that chat completions are posted to; throws on what is no http(s) address. */
export function chatAddress(url: string): string {
  return addressOf(url, "chat/completions");
}

function addressOf(url: string, path: Request["path"]): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new ChatError(`Expected an http or https address, got ${JSON.stringify(url)}`);
  }
  if (parsed.username !== "" || parsed.password !== "") {
    throw new ChatError("Expected an address without a password in it, use OPENAI_API_KEY");
  }
  if (!/^https?:$/.test(parsed.protocol)) {
    throw new ChatError(`Expected an http or https address, got ${JSON.stringify(url)}`);
  }
  const base = parsed.pathname.replace(/\/+$/, "").replace(/(\/chat)?\/completions$/, "");
  parsed.pathname = `${base}/${path}`;
  return parsed.href;
}

/** Posts a request; resolves to the response, whatever its status. */
export async function post(
  endpoint: ChatEndpoint,
  { path, body, signal }: Request,
): Promise<Response> {
  return await fetch(addressOf(endpoint.url, path), {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(endpoint.key ? { authorization: `Bearer ${endpoint.key}` } : {}),
    },
    body: JSON.stringify({ model: endpoint.model, ...body }),
    redirect: "manual", // subtle: a followed redirect could carry the key elsewhere
    ...(signal ? { signal } : {}),
  });
}

/**
 * Tries once and, where that can help, again: after time-outs, broken connections, 408, 429 and 5xx,
 * waiting as `Retry-After` says or twice as long each time.
 *
 * @throws ChatError when there is no answer after all attempts
 */
export async function persist<T>(
  endpoint: ChatEndpoint,
  { once, rng, signal }: {
    once: () => Promise<T>;
    rng: Random;
    signal?: AbortSignal | undefined;
  },
): Promise<T> {
  const { attempts = 5, firstDelay = 500, longestDelay = 60_000 } = endpoint;
  for (let attempt = 1;; attempt++) {
    try {
      return await once();
    } catch (error) {
      if (signal?.aborted) throw new ChatError("stopped");
      const { message, details } = asChatError(error, endpoint);
      const backOff = firstDelay * 2 ** (attempt - 1) * (1 + rng.uniform() / 4);
      const delay = details.wait ?? Math.min(backOff, longestDelay);
      if (!details.retry) throw new ChatError(message, details);
      if (delay > longestDelay) {
        throw new ChatError(`${message}, asks to wait ${Math.ceil(delay / 1000)} s`);
      }
      if (attempt >= attempts) throw new ChatError(`${message} (${attempts} attempts)`);
      await pause(delay, signal);
    }
  }
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  signal?.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
  if (signal?.aborted) throw new ChatError("stopped");
}

/** What to say where no permission to reach an endpoint is. */
export function mayNotReach(url: string): string {
  return `Expected permission to reach ${new URL(url).host}, got none: ` +
    "deno task milestone:llm reaches other hosts than this machine";
}

/** Any failure of a request as a {@linkcode ChatError} that names neither key nor query string. */
export function asChatError(error: unknown, { key, url }: ChatEndpoint): ChatError {
  const clean = (message: string) => withoutSecret(withoutSecret(message, key), queryOf(url));
  if (error instanceof ChatError) return new ChatError(clean(error.message), error.details);
  if (error instanceof Deno.errors.NotCapable) {
    return new ChatError(mayNotReach(url));
  }
  return new ChatError(clean(`The connection failed: ${oneLine(reasonOf(error))}`), {
    retry: true,
  });
}

/** Some services take their key in the address. */
function queryOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).search.slice(1) : undefined;
}

/** `fetch` says little and hides the reason in the causes. */
function reasonOf(error: unknown): string {
  const reasons: string[] = [];
  for (let at = error; at instanceof Error && reasons.length < 5; at = at.cause) {
    if (!reasons.some((reason) => reason.includes((at as Error).message))) reasons.push(at.message);
  }
  return reasons.join(": ") || String(error);
}
