/** Same start, same path: do the stacks' losses agree step by step? */
import { largestOf, smallestOf } from "../extremes.ts";

/** How many first steps are compared: later, rounding errors have had time to grow. */
export const comparedSteps = 200;

/** Largest relative difference of losses that counts as the same path. */
export const pathTolerance = 1e-4;

/**
 * The largest relative difference between the losses of any two paths at the same step, over the
 * first {@linkcode comparedSteps} (or as many as the shortest path has).
 */
export function comparePaths(
  paths: readonly (readonly number[])[],
): { steps: number; largestDifference: number } {
  const steps = Math.min(comparedSteps, smallestOf(paths.map(({ length }) => length)));
  let largestDifference = 0;
  for (let step = 0; step < steps; step++) {
    const losses = paths.map((path) => path[step]!);
    const [low, high] = [smallestOf(losses), largestOf(losses)];
    if (high > low) largestDifference = Math.max(largestDifference, (high - low) / high);
  }
  return { steps, largestDifference };
}
