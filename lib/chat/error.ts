/** Why a large language model gave no answer. */

/** What a {@linkcode ChatError} says beyond its message. */
export interface ChatErrorDetails {
  /** Whether asking again may help. */
  readonly retry?: boolean;
  /** Milliseconds to wait first, where the server says so. */
  readonly wait?: number | undefined;
  /** The HTTP status, where there was one. */
  readonly status?: number | undefined;
}

/** Why an endpoint gave no answer, in one line that names no secret. */
export class ChatError extends Error {
  /** Tells it from errors that are our fault. */
  override name = "ChatError";
  /** The message, and what it means for asking again. */
  constructor(message: string, readonly details: ChatErrorDetails = {}) {
    super(message);
  }
}

/** Text from elsewhere as one short line without control characters, fit for a terminal. */
export function oneLine(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim(); // no control characters on a terminal
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

/** A text without a secret that it may hold, as it is or encoded as addresses and headers do. */
export function withoutSecret(text: string, secret: string | undefined): string {
  if (!secret) return text;
  const bytes = new TextEncoder().encode(secret);
  const forms = [secret, encodeURIComponent(secret), bytes.toBase64()];
  return forms.reduce((masked, form) => masked.replaceAll(form, "…"), text);
}
