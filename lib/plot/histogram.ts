/** How often values fall between which borders. */

/** The borders of a histogram. */
export interface HistogramOptions {
  /** Lower border of the first bin; smaller values are counted there too. */
  low: number;
  /** Upper border of the last bin; larger values are counted there too. */
  high: number;
  /** Number of bins, all of one width. */
  bins?: number;
}

/**
 * Counts values in bins: the bins' middles, and the share of the values in each. To be drawn as a curve
 * of `lines`, so that several can be laid over each other.
 *
 * @throws RangeError unless `low` is below `high` and there is at least one bin
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { histogram } from "./mod.ts";
 *
 * const { x, y } = histogram([0.1, 0.2, 0.9, 7], { low: 0, high: 1, bins: 2 });
 * assertEquals(x, [0.25, 0.75]);
 * assertEquals(y, [0.5, 0.5]);
 * ```
 */
export function histogram(
  values: ArrayLike<number>,
  { low, high, bins = 40 }: HistogramOptions,
): { x: number[]; y: number[] } {
  if (!(low < high)) throw new RangeError(`Expected low below high, got ${low} and ${high}`);
  if (!(Number.isInteger(bins) && bins >= 1)) {
    throw new RangeError(`Expected a whole number of at least 1 bin, got ${bins}`);
  }
  const width = (high - low) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; i++) {
    const bin = Math.floor((values[i]! - low) / width);
    counts[Math.min(bins - 1, Math.max(0, bin))]!++;
  }
  return {
    x: counts.map((_, bin) => low + (bin + 0.5) * width),
    y: counts.map((count) => count / values.length),
  };
}
