/** From an HTTP response to an answer, or to a reason why there is none. */
import { ChatError, oneLine } from "./error.ts";

/** An answer, or as much of it as arrived. */
export interface ChatAnswer {
  /** What the model said. */
  readonly content: string;
  /** Whether it ends in the middle: at the length limit, or since the connection broke. */
  readonly cut: boolean;
  /** The model's name as the server gives it. */
  readonly model: string | null;
  /** Why it broke off, if it did. */
  readonly problem?: string;
}

/** What an answer that is still coming tells, piece by piece. */
export interface AnswerPart {
  /** All that arrived so far. */
  readonly content: string;
  /** Pieces that arrived so far, as a rule one a token. */
  readonly pieces: number;
}

/** Largest answer in bytes: far above any, far below what hurts. */
const LARGEST_ANSWER = 4 << 20;

/**
 * The answer in a response, streamed or not. What had arrived when the connection broke is an answer,
 * too, and says so.
 *
 * @throws ChatError when there is none
 */
export async function readResponse(
  response: Response,
  onPart: (part: AnswerPart) => void = () => {},
): Promise<ChatAnswer> {
  await requireGood(response);
  const streamed = response.headers.get("content-type")?.startsWith("text/event-stream");
  if (streamed) return await readStream(response, onPart);
  return answerOf(parseJson(await readText(response)));
}

/** Throws what the server said where the status is not good. */
export async function requireGood(response: Response): Promise<void> {
  if (response.ok) return;
  const { status } = response;
  const said = messageOf(await readText(response));
  throw new ChatError(`The server answered ${status}${said ? `: ${said}` : ""}`, {
    retry: status === 408 || status === 429 || status >= 500 && status !== 501,
    wait: retryAfter(response.headers.get("retry-after")),
    status,
  });
}

/** The body of a response as JSON. */
// deno-lint-ignore no-explicit-any
export async function readJson(response: Response, most = LARGEST_ANSWER): Promise<any> {
  await requireGood(response);
  return parseJson(await readText(response, most));
}

/** The body as text, at most so many bytes of it. */
async function readText(response: Response, most = LARGEST_ANSWER): Promise<string> {
  let text = "";
  for await (const part of decoded(response, most)) text += part;
  return text;
}

async function* decoded(response: Response, most = LARGEST_ANSWER): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > most) throw new ChatError(`The answer is larger than ${most >> 20} MiB`);
    yield decoder.decode(chunk, { stream: true });
  }
  yield decoder.decode();
}

/** Server-sent events, each a JSON with a piece of the answer, until `[DONE]`. */
async function readStream(
  response: Response,
  onPart: (part: AnswerPart) => void,
): Promise<ChatAnswer> {
  let content = "";
  let model: string | null = null;
  let finish: string | undefined;
  let pieces = 0;
  try {
    for await (const data of eventsOf(response)) {
      if (data === "[DONE]") finish ??= "stop";
      else {
        const event = parseJson(data);
        if (event.error) throw new ChatError(`The server broke off: ${messageOf(data)}`);
        const choice = event.choices?.[0];
        model ??= nameOf(event);
        content += textOf(choice) ?? "";
        finish ??= choice?.finish_reason ?? undefined;
        onPart({ content, pieces: ++pieces });
      }
    }
  } catch (error) {
    if (content === "") throw error;
    const problem = error instanceof Error ? error.message : String(error);
    return { content, cut: true, model, problem: `The answer broke off: ${oneLine(problem)}` };
  }
  if (content === "" && finish === undefined) {
    throw new ChatError("The server's answer holds no message", { retry: true });
  }
  if (finish === undefined) {
    return { content, cut: true, model, problem: "The answer broke off" };
  }
  return { content, cut: finish === "length", model };
}

async function* eventsOf(response: Response): AsyncGenerator<string> {
  let waiting = "";
  for await (const text of decoded(response)) {
    const lines = (waiting + text).split(/\r?\n/);
    waiting = lines.pop()!;
    for (const line of lines) if (line.startsWith("data:")) yield line.slice(5).trim();
  }
  if (waiting.startsWith("data:")) yield waiting.slice(5).trim();
}

// deno-lint-ignore no-explicit-any
function answerOf(value: any): ChatAnswer {
  const choice = value?.choices?.[0];
  const content = textOf(choice);
  const refusal = choice?.message?.refusal;
  if (typeof refusal === "string" && refusal !== "" && !content) {
    throw new ChatError(`The model refused: ${oneLine(refusal)}`);
  }
  if (typeof content !== "string") {
    throw new ChatError("The server's answer holds no message", { retry: true });
  }
  return { content, cut: choice.finish_reason === "length", model: nameOf(value) };
}

/** The text of a choice: of a completion, of a chat, or of a piece of either. */
// deno-lint-ignore no-explicit-any
function textOf(choice: any): string | undefined {
  const text = choice?.text ?? choice?.message?.content ?? choice?.delta?.content;
  return typeof text === "string" ? text : undefined;
}

// deno-lint-ignore no-explicit-any
function nameOf(value: any): string | null {
  return typeof value?.model === "string" ? oneLine(value.model) : null;
}

// deno-lint-ignore no-explicit-any
function parseJson(text: string): any {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    throw new ChatError("The server's answer is not JSON", { retry: true });
  }
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
