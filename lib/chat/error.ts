/** Why a large language model gave no answer. */

/** Why an endpoint gave no answer, in one line that names no secret. */
export class ChatError extends Error {
  /** Tells it from errors that are our fault. */
  override name = "ChatError";
  /** `retry`: asking again may help, after `wait` milliseconds where the server says so. */
  constructor(message: string, readonly retry: boolean, readonly wait?: number) {
    super(message);
  }
}

/** Text from elsewhere as one short line without control characters, fit for a terminal. */
export function oneLine(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim(); // no control characters on a terminal
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
