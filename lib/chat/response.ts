/** From an HTTP response to an answer, or to a reason why there is none. */
import { ChatError, oneLine } from "./error.ts";

/** An answer; `cut` when the endpoint stopped at its length limit. */
export interface ChatAnswer {
  /** What the model said. */
  readonly content: string;
  /** Whether the endpoint stopped it at its length limit. */
  readonly cut: boolean;
}

/** Largest answer in bytes: far above any, far below what hurts. */
const LARGEST_ANSWER = 4 << 20;

/** The answer in a response; throws a {@linkcode ChatError} when there is none. */
export async function readResponse(response: Response): Promise<ChatAnswer> {
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
