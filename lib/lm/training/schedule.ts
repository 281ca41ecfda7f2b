/** How the learning rate changes while training. */

/** A learning rate for every step. */
export interface ScheduleOptions {
  /** The largest learning rate, reached after warming up. */
  peak: number;
  /** Number of steps altogether. */
  steps: number;
  /** Steps of warming up; by default a twentieth, until Adam's averages mean something. */
  warmUp?: number;
}

/**
 * Linear warm-up, then half a cosine down to zero (Loshchilov and Hutter, 2017): large steps while
 * far from the goal, small ones to settle.
 *
 * @param step the steps taken so far, from 0
 */
export function learningRateAt(
  step: number,
  { peak, steps, warmUp = Math.ceil(steps / 20) }: ScheduleOptions,
): number {
  if (step < warmUp) return peak * (step + 1) / warmUp;
  const share = (step - warmUp) / Math.max(1, steps - warmUp);
  return peak * 0.5 * (1 + Math.cos(Math.PI * share));
}
