/** A network of the same size built with pencil and paper: what training could reach. */
import { type Paraboloid, reach } from "./data.ts";
import type { Weights } from "./weights.ts";

/**
 * The best network whose hinges all run along the axes, evenly spaced, as many for x1 as for x2.
 *
 * k hinges along an axis cut it into k + 1 pieces of width d = 20/(k + 1). On each the best line
 * through w·x² misses it by w²d⁴/180 in the mean square, and these lines meet where the pieces do.
 * The slope grows by 2wd at each hinge, and in the middle piece the height is wd²/12. Both axes
 * together: (w1² + w2²)·d⁴/180. Of the hidden units a multiple of 4 is used, the others stay dead.
 */
export function weightsByHand({ w1, w2, b }: Paraboloid, { hidden }: { hidden: number }): Weights {
  const perSide = Math.floor(hidden / 4);
  const width = (2 * reach) / (2 * perSide + 1); // d
  const weight = new Float32Array(2 * hidden); // [2, H]
  const bias = new Float32Array(hidden);
  const output = new Float32Array(hidden);
  let unit = 0;
  [w1, w2].forEach((curvature, axis) => {
    for (const direction of [1, -1]) {
      for (let i = 0; i < perSide; i++) {
        weight[axis * hidden + unit] = direction;
        bias[unit] = -(i + 0.5) * width;
        output[unit] = 2 * curvature * width;
        unit++;
      }
    }
  });
  const height = Float32Array.of(b + (w1 + w2) * width ** 2 / 12);
  return [
    { inputs: 2, outputs: hidden, weight, bias },
    { inputs: hidden, outputs: 1, weight: output, bias: height },
  ];
}
