/** The largest and the smallest of many values: spread over arguments they overflow the stack at 10⁵. */

/** The largest value; −∞ of none, NaN where one is. */
export function largestOf(values: Iterable<number>): number {
  let largest = -Infinity;
  for (const value of values) largest = Math.max(largest, value);
  return largest;
}

/** The smallest value; ∞ of none, NaN where one is. */
export function smallestOf(values: Iterable<number>): number {
  let smallest = Infinity;
  for (const value of values) smallest = Math.min(smallest, value);
  return smallest;
}
