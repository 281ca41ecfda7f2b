/** Says that a BLAS is there which the command may not use, where that costs more than a few seconds. */
import { unusedBlas } from "../../tensor/mod.ts";
import { outlineOf } from "../models/registry.ts";
import { checkOptions } from "../run/options.ts";
import type { Task } from "../run/task.ts";
import type { CommandLine } from "./flags.ts";

/** Our kernels take some seconds for so many multiplications. */
const MANY = 2e11;

/** Products with smaller matrices are as fast without a BLAS. */
const SMALLEST_MATRIX = 2 ** 12;

/** Forward, and the gradients by both factors. */
const PRODUCTS_IN_A_STEP = 3;

/** The line to print, if there is something to say. */
export async function nativeHint(task: Task, line: CommandLine): Promise<string | undefined> {
  const { options } = line;
  if (options.backend !== "auto" || multiplications(task, line) < MANY) return;
  const library = await unusedBlas();
  return library && `${library} is here and multiplies such matrices 2 to 4 times as fast as our ` +
      "kernels: deno task milestone:lm:native takes it";
}

/** How many a run takes in matrices that are large enough. */
function multiplications(task: Task, { options }: CommandLine): number {
  const weights = checkOptions(options).flatMap((name) =>
    [...outlineOf(name, { ...task.ingredients, sizes: options })?.shapes.values() ?? []]
      .map(([rows = 1, columns = 1]) => rows * columns).filter((size) => size >= SMALLEST_MATRIX)
  );
  const tokens = task.epochs * task.tokens.epoch;
  return PRODUCTS_IN_A_STEP * tokens * weights.reduce((sum, size) => sum + size, 0);
}
