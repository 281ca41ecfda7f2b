/** Answers of any kind as plain data that can be compared. */

/** A value that JSON knows, and the numbers and the absence that it does not. */
export type Plain = number | string | boolean | null | undefined | Plain[] | PlainRecord;

/** Named values. */
export interface PlainRecord {
  /** The value of a name. */
  [name: string]: Plain;
}

/** What a tensor offers to the one who reads it. */
interface TensorLike {
  arraySync(): unknown;
}

/**
 * Lists, typed arrays, sets, maps and tensors become lists; functions and promises become the text
 * that says what they are.
 *
 * @throws {RangeError} when it is nested deeper than any answer here should be
 */
export function plain(value: unknown, depth = 0): Plain {
  if (depth > 8) throw new RangeError("Expected an answer of plain numbers and lists, got deeper");
  if (value === null || value === undefined) return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "function") return "a function";
  if (typeof value === "symbol") return "a symbol";
  if (typeof value !== "object") return value as number | string | boolean;
  if (isPromise(value)) return "a promise";
  if (isTensor(value)) return plain(value.arraySync(), depth + 1);
  if (Array.isArray(value)) return Array.from(value, (part) => plain(part, depth + 1));
  if (ArrayBuffer.isView(value) || value instanceof Set || value instanceof Map) {
    return plain(Array.from(value as unknown as Iterable<unknown>), depth);
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, plain(part, depth + 1)]),
  );
}

/** True for what `await` would wait for. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null)?.then === "function";
}

function isTensor(value: object): value is TensorLike {
  return typeof (value as Partial<TensorLike>).arraySync === "function";
}

/** True when two answers agree: numbers within the tolerance, all else exactly. */
export function agree(a: Plain, b: Plain, tolerance: number): boolean {
  if (typeof a === "number" && typeof b === "number") return near(a, b, tolerance);
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length &&
      a.every((part, index) => agree(part, b[index], tolerance));
  }
  if (isRecord(a)) {
    return isRecord(b) && Object.keys(a).length === Object.keys(b).length &&
      Object.entries(a).every(([name, part]) => name in b && agree(part, b[name], tolerance));
  }
  return a === b;
}

/** True for numbers that differ by no more than the tolerance, relative above 1. */
export function near(a: number, b: number, tolerance: number): boolean {
  if (Object.is(a, b) || a === b) return true;
  const difference = Math.abs(a - b);
  return Number.isFinite(difference) && difference <= tolerance * Math.max(1, Math.abs(b));
}

/** True for named values. */
export function isRecord(value: Plain): value is PlainRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An answer for a sentence: numbers with five digits, long lists cut. */
export function inWords(value: Plain): string {
  const text = written(value);
  return text.length <= 160 ? text : `${text.slice(0, 156)} …`;
}

function written(value: Plain): string {
  if (value === undefined) return "nothing";
  if (typeof value === "number") return `${Number(value.toPrecision(5))}`;
  if (Array.isArray(value)) return `[${value.slice(0, 40).map(written).join(", ")}]`;
  if (isRecord(value)) {
    return `{${
      Object.entries(value).map(([name, part]) => `${name}: ${written(part)}`)
        .join(", ")
    }}`;
  }
  return JSON.stringify(value);
}
