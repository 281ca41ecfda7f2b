/**
 * What a "your turn" task of a notebook is, and how to add one.
 *
 * A notebook has one file here, named as it is (`04_ngrams.ts`), that exports its tasks as
 * `exercises`; `notebooks.ts` lists the files. A task says how to draw a random input, how the
 * learner's answer is used on it, what a right answer is (`reference`), and which wrong answers are
 * typical: a hint is given when the learner's answer does what that wrong answer would do, on all
 * inputs on which it is wrong.
 *
 * ```ts
 * import { exercise } from "./exercise.ts";
 *
 * export const exercises = [
 *   exercise<(values: number[]) => number, [number[]]>({
 *     name: "mean",
 *     task: "the mean of a list of numbers",
 *     inputs: (rng) => [[rng.normal(), rng.normal(), rng.normal()]],
 *     reference: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
 *     hints: [
 *       {
 *         whenever: (values) => values.reduce((sum, value) => sum + value, 0),
 *         say: "That is the sum: divide it by how many numbers there are",
 *       },
 *       { whenever: (values) => values[0]!, say: "Only the first number counts in your answer" },
 *     ],
 *   }),
 * ];
 * ```
 *
 * In the notebook the task is a code cell that runs as it stands, since `todo()` says "your turn":
 *
 * ```ts ignore
 * function mean(values: number[]): number {
 *   return todo();
 * }
 * await check("mean", mine);
 * ```
 *
 * Right after it stands a Markdown cell with the folded solution, which starts with
 * `<details><summary>Solution</summary>` and holds one fence of `ts` that declares the same names.
 * `tests/exercises/solutions_test.ts` finds both by themselves, runs each solution together with the
 * earlier cells whose names it uses, and runs every hint's wrong answer; nothing need be registered
 * there. A mistake that is no function of the input (a list of the wrong length, a sign, a factor, a
 * transposed table, NaN, an endless loop) is found without a hint, see `differences.ts`.
 *
 * Answers are judged synchronously (tensors by `dataSync`), so that they can be stopped: a promise
 * is refused with a hint.
 */
import type { Random } from "../random.ts";

/** A typical mistake and what to say about it. */
export interface Hint<Mine> {
  /** The wrong answer that makes this mistake; `"slow"` when it would take for ever. */
  whenever: Mine | "slow";
  /** What to tell who made it: one or two sentences, no full stop at the end. */
  say: string;
}

/** One task. */
export interface Exercise<Mine = unknown, Input = unknown> {
  /** What `check` is called with, such as `attention-mask`; no other task has the same. */
  name: string;
  /** What is asked, in one line. */
  task: string;
  /** A random input; called anew for each use, so that an answer may change what it is given. */
  inputs(rng: Random): Input;
  /** Uses an answer on an input: numbers, text, lists, records or tensors, to be compared. */
  use(mine: Mine, input: Input): unknown;
  /** A right answer. */
  reference: Mine;
  /** Typical mistakes; the first that fits is told. */
  hints: readonly Hint<Mine>[];
  /** The input in words, for "for …: wanted …, got …"; its JSON when left out. */
  describe?(input: Input): string;
  /** Largest difference allowed, relative for numbers above 1; 1e-6 by default. */
  tolerance?: number;
  /** How many inputs are drawn; 5 by default. */
  trials?: number;
  /** Seconds after which an answer to one input is stopped; 2 by default. */
  seconds?: number;
}

/** A task as its author writes it: without `use` the answer is called with the input's elements. */
export type ExerciseDefinition<Mine, Input> =
  & Omit<Exercise<Mine, Input>, "use">
  & Partial<Pick<Exercise<Mine, Input>, "use">>;

/** Makes a task, see the head of this file. */
export function exercise<Mine, Input>(definition: ExerciseDefinition<Mine, Input>): Exercise {
  const use = (mine: Mine, input: Input) =>
    (mine as (...operands: unknown[]) => unknown)(...input as unknown[]);
  return { use, ...definition } as Exercise<Mine, Input> as Exercise;
}

/** Thrown by {@linkcode todo}. */
export class Todo extends Error {
  /** A place that the learner has not filled in. */
  constructor() {
    super("your turn: something here is not written yet");
  }
}

/**
 * Stands where the learner's code belongs: a check that meets it says "your turn".
 *
 * @throws {Todo} always
 */
export function todo(): never {
  throw new Todo();
}
