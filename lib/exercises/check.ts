/** Judges an answer: random inputs, a reference, hints; never throws and never hangs. */
import { createRandom } from "../random.ts";
import { show } from "../plot/mod.ts";
import { differenceInWords, type Miss } from "./differences.ts";
import { type Exercise, type Hint, Todo } from "./exercise.ts";
import { type Outcome, withinSeconds } from "./guard.ts";
import { exerciseNamed } from "./notebooks.ts";
import { agree, inWords, isPromise, type Plain, plain } from "./plain.ts";
import { displayedVerdict, type Verdict, verdictText } from "./verdict.ts";

/**
 * Judges an answer to the task of that name and shows the verdict under the cell, in a terminal as
 * text. Nothing that the answer does makes it throw or hang.
 *
 * @param mine the learner's function or value; `undefined` and `todo()` say "your turn"
 */
export async function check(name: string, mine: unknown): Promise<void> {
  await show(displayedVerdict(await verdictOn(name, mine)));
}

/**
 * The same for a file of the learner's own, under `deno test`.
 *
 * @throws {Error} with the hint, when the answer is not right yet
 */
export async function assertSolved(name: string, mine: unknown): Promise<void> {
  const verdict = await verdictOn(name, mine);
  if (verdict.state !== "right") throw new Error(verdictText(verdict));
}

/** The verdict on an answer to the task of that name. */
export async function verdictOn(name: string, mine: unknown): Promise<Verdict> {
  const found = await exerciseNamed(name);
  return typeof found === "string" ? { name, state: "not yet", say: found } : examine(found, mine);
}

interface Trial {
  exercise: Exercise;
  number: number;
}

/** Judges an answer to a task. */
export function examine(exercise: Exercise, mine: unknown): Verdict {
  const { name, task, trials = 5, tolerance = 1e-6 } = exercise;
  const turn: Verdict = { name, state: "your turn", say: capital(task) };
  if (mine === undefined || mine === null) return turn;
  if (isAsync(mine)) return { name, state: "not yet", say: promiseAdvice };
  const watch: Watch = { silent: true, promised: false };
  const watched = watching(mine, watch);
  const misses: (Miss & Trial & { outcome: Outcome<Plain> })[] = [];
  for (let number = 0; number < trials; number++) {
    const trial = { exercise, number };
    const wanted = valueOf(outcomeOf(exercise.reference, trial), name);
    const outcome = outcomeOf(watched, trial);
    if (outcome.kind === "threw" && outcome.error instanceof Todo) return turn;
    if (outcome.kind === "value" && agree(wanted, outcome.value, tolerance)) continue;
    const got = outcome.kind === "value" ? outcome.value : undefined;
    misses.push({ ...trial, wanted, got, outcome });
    if (outcome.kind === "slow") break;
  }
  if (misses.length === 0) {
    return { name, state: "right", say: `Checked on ${trials} random inputs` };
  }
  const { outcome, ...first } = misses[0]!;
  if (watch.silent && doesNothing(mine, { ...first, outcome })) return turn;
  const hint = exercise.hints.find((one) => fits(one, misses, tolerance));
  const say = hint?.say ?? (watch.promised ? promiseAdvice : undefined) ??
    wrongShape(exercise.reference, mine) ?? troubleInWords(outcome, exercise) ??
    changesInWords(mine, misses[0]!) ??
    differenceInWords(misses.filter((miss) => miss.outcome.kind === "value"), tolerance) +
      (misses.length < trials ? ` (right on ${trials - misses.length} of ${trials} inputs)` : "");
  const example = {
    input: inputInWords(first),
    wanted: inWords(first.wanted),
    got: outcome.kind === "value"
      ? inWords(first.got)
      : outcome.kind === "slow"
      ? "no answer"
      : errorText(outcome.error),
  };
  return { name, state: "not yet", say, example };
}

const promiseAdvice = "It answers with a promise: write it without `async` and `await`";

/** What such a function does after its first `await` could not be stopped, so it is not called. */
function isAsync(mine: unknown): boolean {
  const parts = typeof mine === "object" ? Object.values(mine as object) : [mine];
  return parts.some((part) => Object.prototype.toString.call(part).startsWith("[object Async"));
}

/** Every use draws the input anew, from the same seed. */
function outcomeOf(answer: unknown, { exercise, number }: Trial): Outcome<Plain> {
  const { seconds = 2, inputs, use, name } = exercise;
  return withinSeconds(
    seconds,
    () => plain(use(answer, inputs(createRandom(name, number)))),
  );
}

/** What a task's own reference answers. */
function valueOf(outcome: Outcome<Plain>, name: string): Plain {
  if (outcome.kind === "value") return outcome.value;
  const reason = outcome.kind === "slow" ? "no answer" : errorText(outcome.error);
  throw new Error(`Expected the reference of the task ${name} to answer, got ${reason}`);
}

function inputInWords({ exercise, number }: Trial): string {
  const input = exercise.inputs(createRandom(exercise.name, number));
  if (exercise.describe !== undefined) return exercise.describe(input);
  const outcome = withinSeconds(1, () => plain(input));
  if (outcome.kind !== "value") return `input ${number + 1}`;
  return Array.isArray(outcome.value)
    ? outcome.value.map(inWords).join(", ")
    : inWords(outcome.value);
}

/** What the learner's functions gave back so far. */
interface Watch {
  /** Every call returned nothing. */
  silent: boolean;
  /** A call returned a promise. */
  promised: boolean;
}

/** The answer, whose functions tell what they return; classes still construct. */
function watching(mine: unknown, watch: Watch): unknown {
  if (typeof mine === "function") {
    return new Proxy(mine, {
      apply(target, self, operands) {
        const result: unknown = Reflect.apply(target, self, operands);
        if (result !== undefined) watch.silent = false;
        if (isPromise(result)) watch.promised = true;
        return result;
      },
    });
  }
  if (typeof mine !== "object" || Object.getPrototypeOf(mine) !== Object.prototype) return mine;
  return Object.fromEntries(
    Object.entries(mine as object).map(([name, part]) => [
      name,
      typeof part === "function" ? watching(part, watch) : part,
    ]),
  );
}

/** True when an empty function would have had the same effect. */
function doesNothing(mine: unknown, miss: Miss & Trial & { outcome: Outcome<Plain> }): boolean {
  if (typeof mine !== "function") return false;
  const idle = outcomeOf(() => undefined, miss);
  if (idle.kind === "value" && miss.outcome.kind === "value") {
    return agree(idle.value, miss.outcome.value, 0);
  }
  return idle.kind === "threw" && miss.outcome.kind === "threw" &&
    errorText(idle.error) === errorText(miss.outcome.error);
}

/** A hint fits when its wrong answer does what the learner's does wherever that is wrong. */
function fits(
  { whenever }: Hint<unknown>,
  misses: (Miss & Trial & { outcome: Outcome<Plain> })[],
  tolerance: number,
): boolean {
  if (whenever === "slow") return misses[0]!.outcome.kind === "slow";
  return misses.every(({ outcome, ...trial }) => {
    if (outcome.kind === "slow") return false;
    const wrong = outcomeOf(whenever, trial);
    if (wrong.kind === "value" && outcome.kind === "value") {
      return agree(wrong.value, outcome.value, tolerance);
    }
    return wrong.kind === "threw" && outcome.kind === "threw" &&
      errorText(wrong.error) === errorText(outcome.error);
  });
}

/** A function is wanted and something else is there, or a part of an object is missing. */
function wrongShape(reference: unknown, mine: unknown): string | undefined {
  if (typeof reference !== typeof mine) {
    return `Expected ${article(typeof reference)} as your answer, got ${article(typeof mine)}`;
  }
  if (typeof reference !== "object" || typeof mine !== "object") return undefined;
  const missing = Object.keys(reference as object).find((name) => !(name in (mine as object)));
  return missing === undefined ? undefined : `Expected ${missing} in your object, found none`;
}

/** An answer that depends on more than its input. */
function changesInWords(mine: unknown, miss: Miss & Trial & { outcome: Outcome<Plain> }) {
  const again = outcomeOf(mine, miss);
  const same = again.kind === "value" && agree(miss.got, again.value, 0);
  return same ? undefined : "Called twice with the same input, it gives two different answers";
}

function troubleInWords(outcome: Outcome<Plain>, { seconds = 2 }: Exercise): string | undefined {
  if (outcome.kind === "slow") {
    return `No answer after ${seconds} seconds, so it was stopped: is there a loop that never ends?`;
  }
  if (outcome.kind !== "threw") return undefined;
  const text = errorText(outcome.error);
  if (text.includes("Maximum call stack")) {
    return "It calls itself too deeply: does the recursion end, and could it be a loop?";
  }
  if (/is not a function|Cannot read|undefined|not iterable/.test(text)) {
    return "It stopped with an error: something that it uses is undefined, misspelt, or of another " +
      "type than it expects";
  }
  return "It stopped with an error";
}

function errorText(error: unknown): string {
  const outcome = withinSeconds(1, () => String(error));
  return outcome.kind === "value" ? outcome.value : "an error without a text";
}

function article(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
