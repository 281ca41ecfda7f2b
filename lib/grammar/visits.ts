/** A random walk that starts at 0, and stops where the arrows' probabilities fall short of 1. */
export type Walk =
  readonly (readonly { readonly target: number; readonly probability: number }[])[];

/** The share of all walks that may still be under way when counting stops: far below a rounding
 * error of the result. */
const NEGLIGIBLE = 1e-22;

/**
 * How often a walk is expected to stand at each place before it stops.
 *
 *     visits = start + visits · P
 *
 * One walker is poured in at the start. Sweep after sweep each place counts what waits there and
 * hands it on along its arrows, until next to nothing is left. All terms are positive, so nothing
 * cancels and the sums are exact to rounding.
 */
export function expectedVisits(walk: Walk): Float64Array {
  const visits = new Float64Array(walk.length);
  const waiting = new Float64Array(walk.length);
  waiting[0] = 1;
  for (let left = 1; left > NEGLIGIBLE;) {
    left = 0;
    for (let place = 0; place < walk.length; place++) {
      const mass = waiting[place]!;
      if (mass === 0) continue;
      left += mass;
      waiting[place] = 0;
      visits[place]! += mass;
      for (const { target, probability } of walk[place]!) waiting[target]! += mass * probability;
    }
  }
  return visits;
}
