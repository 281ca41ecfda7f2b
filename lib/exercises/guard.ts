/** Calls code that may never return. */
import { Script } from "node:vm";

/** What became of a call. */
export type Outcome<T> =
  | { kind: "value"; value: T }
  | { kind: "threw"; error: unknown }
  | { kind: "slow" };

const place = Symbol.for("simple-llm.exercises.call");
const script = new Script(`globalThis[Symbol.for("${place.description}")]()`);

/**
 * Calls a function, stops it when time is over, and never throws.
 *
 * The engine itself interrupts the call, wherever it is, so neither an endless loop nor a `catch`
 * nor a regular expression that backtracks can hold on; and the function keeps the variables around
 * it, which no other thread could see. It must be synchronous: what a promise does later is not
 * stopped.
 */
export function withinSeconds<T>(seconds: number, call: () => T): Outcome<T> {
  const globals = globalThis as unknown as Record<symbol, (() => T) | undefined>;
  globals[place] = call;
  try {
    const timeout = Math.ceil(1000 * seconds);
    return { kind: "value", value: script.runInThisContext({ timeout }) as T };
  } catch (error) {
    const stopped = (error as { code?: string } | null)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
    return stopped ? { kind: "slow" } : { kind: "threw", error };
  } finally {
    delete globals[place];
  }
}
