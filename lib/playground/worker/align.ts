/** Keeping pictures of the same points comparable from one look to the next. */

/** Points of a plane. */
interface Plane {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/**
 * Turns (and, where that fits better, mirrors) points about the origin so that they lie as near as
 * possible to where they were: the orthogonal Procrustes problem (Schönemann, 1966) in two dimensions.
 * A principal axis may point either way, and two of them may change places; what the points have to say
 * does not change with that, but the eye would lose them.
 */
export function alignTo(points: Plane, before: Plane): { x: number[]; y: number[] } {
  const [xx, xy, yx, yy] = [
    dot(points.x, before.x),
    dot(points.x, before.y),
    dot(points.y, before.x),
    dot(points.y, before.y),
  ];
  const turned = Math.hypot(xx + yy, xy - yx); // how well the best rotation fits
  const mirrored = Math.hypot(xx - yy, xy + yx); // and the best reflection
  const mirror = mirrored > turned ? -1 : 1;
  const angle = Math.atan2(xy - mirror * yx, xx + mirror * yy);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return {
    x: points.x.map((x, i) => cos * x - sin * mirror * points.y[i]!),
    y: points.x.map((x, i) => sin * x + cos * mirror * points.y[i]!),
  };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
