/**
 * The part of `@std/assert` that our tests use, over `node:assert/strict`.
 *
 * `deno.json` links this package in place of the published one, so that the tests also run where
 * the JSR registry cannot be reached; deleting the `links` line there gives the published package.
 * Function names and signatures are those of the published package.
 */
import nodeAssert from "node:assert/strict";

export { AssertionError } from "node:assert";

// deno-lint-ignore no-explicit-any
type ErrorClass<E extends Error> = new (...args: any[]) => E;

function suffix(message?: string): string {
  return message === undefined ? "" : `: ${message}`;
}

export function fail(message?: string): never {
  nodeAssert.fail(`Failed assertion${suffix(message)}`);
}

export function assert(
  condition: unknown,
  message = "Expected a truthy value",
): asserts condition {
  if (!condition) nodeAssert.fail(message);
}

export function assertFalse(
  condition: unknown,
  message = "Expected a falsy value",
): asserts condition is false {
  if (condition) nodeAssert.fail(message);
}

export function assertEquals<T>(
  actual: T,
  expected: T,
  message?: string,
): void {
  nodeAssert.deepStrictEqual(actual, expected, message!);
}

export function assertNotEquals<T>(
  actual: T,
  expected: T,
  message?: string,
): void {
  nodeAssert.notDeepStrictEqual(actual, expected, message!);
}

export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  message?: string,
): asserts actual is T {
  nodeAssert.strictEqual(actual, expected, message!);
}

export function assertExists<T>(
  actual: T,
  message = "Expected a value that is neither null nor undefined",
): asserts actual is NonNullable<T> {
  if (actual === undefined || actual === null) nodeAssert.fail(message);
}

export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  message?: string,
): void {
  if (Object.is(actual, expected)) return;
  const allowed = tolerance ??
    (Number.isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7);
  const difference = Math.abs(expected - actual);
  if (difference <= allowed) return;
  nodeAssert.fail(
    `Expected ${actual} to be within ${allowed} of ${expected}, is ${difference} away${
      suffix(message)
    }`,
  );
}

function compare(
  holds: boolean,
  actual: unknown,
  relation: string,
  bound: unknown,
  m?: string,
) {
  if (!holds) {
    nodeAssert.fail(`Expected ${actual} ${relation} ${bound}${suffix(m)}`);
  }
}

export function assertGreater<T>(actual: T, low: T, message?: string): void {
  compare(actual > low, actual, ">", low, message);
}

export function assertGreaterOrEqual<T>(
  actual: T,
  low: T,
  message?: string,
): void {
  compare(actual >= low, actual, ">=", low, message);
}

export function assertLess<T>(actual: T, high: T, message?: string): void {
  compare(actual < high, actual, "<", high, message);
}

export function assertLessOrEqual<T>(
  actual: T,
  high: T,
  message?: string,
): void {
  compare(actual <= high, actual, "<=", high, message);
}

export function assertStringIncludes(
  actual: string,
  expected: string,
  message?: string,
): void {
  if (actual.includes(expected)) return;
  nodeAssert.fail(
    `Expected ${JSON.stringify(actual)} to contain ${JSON.stringify(expected)}${suffix(message)}`,
  );
}

export function assertMatch(
  actual: string,
  expected: RegExp,
  message?: string,
): void {
  nodeAssert.match(actual, expected, message!);
}

export function assertArrayIncludes<T>(
  actual: ArrayLike<T>,
  expected: ArrayLike<T>,
  message?: string,
): void {
  for (const value of Array.from(expected)) {
    if (!Array.from(actual).includes(value)) {
      nodeAssert.fail(
        `Expected the array to include ${value}${suffix(message)}`,
      );
    }
  }
}

export function assertInstanceOf<E extends Error>(
  actual: unknown,
  expected: ErrorClass<E>,
  message?: string,
): asserts actual is E {
  if (actual instanceof expected) return;
  nodeAssert.fail(
    `Expected an instance of ${expected.name}, got ${actual}${suffix(message)}`,
  );
}

export function assertIsError<E extends Error = Error>(
  error: unknown,
  errorClass?: ErrorClass<E>,
  includes?: string | RegExp,
  message?: string,
): asserts error is E {
  assertInstanceOf(
    error,
    errorClass ?? (Error as unknown as ErrorClass<E>),
    message,
  );
  if (typeof includes === "string") {
    assertStringIncludes(error.message, includes, message);
  } else if (includes) assertMatch(error.message, includes, message);
}

export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  errorClass?: ErrorClass<E>,
  includes?: string,
  message?: string,
): E {
  let error: unknown;
  let threw = false;
  try {
    fn();
  } catch (caught) {
    error = caught;
    threw = true;
  }
  if (!threw) {
    nodeAssert.fail(`Expected the function to throw${suffix(message)}`);
  }
  assertIsError<E>(error, errorClass, includes, message);
  return error;
}

export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  errorClass?: ErrorClass<E>,
  includes?: string,
  message?: string,
): Promise<E> {
  let error: unknown;
  let rejected = false;
  try {
    await fn();
  } catch (caught) {
    error = caught;
    rejected = true;
  }
  if (!rejected) {
    nodeAssert.fail(`Expected the promise to reject${suffix(message)}`);
  }
  assertIsError<E>(error, errorClass, includes, message);
  return error;
}
