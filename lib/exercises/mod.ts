/**
 * The "your turn" tasks of the notebooks, and the one way to hold what was built against `lib/`.
 *
 * In a notebook a task's cell ends in `await check("name", mine)`. Without a kernel, write the
 * answer in a file of your own, `my/01.ts` say (git ignores the folder `my`), and let it be checked
 * each time you save:
 *
 * ```ts ignore
 * import { check } from "../lib/exercises/mod.ts";
 *
 * const centralDifference = (f: (x: number) => number, x: number, h: number) => (f(x + h) - f(x)) / h;
 * await check("central-difference", centralDifference);
 * ```
 *
 * `deno run --watch --allow-read --allow-env my/01.ts` prints the verdict. As a test it is
 * `Deno.test("slope", () => assertSolved("central-difference", centralDifference))`, run by
 * `deno test --allow-read --allow-env my/01.ts`.
 *
 * How to add a task stands in `exercise.ts`.
 */
export { assertSolved, check, examine, verdictOn } from "./check.ts";
export { compare, type Comparison, type Numbers, type NumberTensor } from "./compare.ts";
export {
  type Exercise,
  exercise,
  type ExerciseDefinition,
  type Hint,
  Todo,
  todo,
} from "./exercise.ts";
export { exerciseFiles } from "./notebooks.ts";
export type { Verdict, VerdictState } from "./verdict.ts";
