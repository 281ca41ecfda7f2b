/** JSON from a file that nobody vouches for: one object, each name once. */
import { CheckpointError } from "./error.ts";

/**
 * The object that these bytes are the JSON of.
 *
 * @throws CheckpointError on broken UTF-8 or JSON, another value, or a name that comes twice.
 */
export function parseObject(bytes: Uint8Array): Record<string, unknown> {
  let parsed: unknown;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    parsed = JSON.parse(text);
  } catch (error) {
    throw new CheckpointError(`expected a header of JSON, got ${(error as Error).message}`);
  }
  if (!isObject(parsed)) throw new CheckpointError(`expected an object as header`);
  refuseRepeatedKeys(text);
  return parsed;
}

/** Whether a parsed value is an object with names. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * JSON.parse lets the last of two equal keys win where other readers take the first, so that one file
 * would be two. Of valid JSON it is enough to look at strings, braces and the colon after a key.
 */
function refuseRepeatedKeys(text: string): void {
  const open: Set<string>[] = [];
  for (
    const [token, key] of text.matchAll(
      /("[^"\\]*(?:\\.[^"\\]*)*")\s*:|"[^"\\]*(?:\\.[^"\\]*)*"|[{}]/g,
    )
  ) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (key !== undefined) {
      const name = JSON.parse(key) as string;
      if (open.at(-1)!.has(name)) {
        throw new CheckpointError(`expected each name once, got ${shown(name)} twice`);
      }
      open.at(-1)!.add(name);
    }
  }
}

/** A value from a file, short enough for a line of an error. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
