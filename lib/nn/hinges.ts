/** Where each hidden unit bends the learned surface: how ReLUs build a parabola. */
import { reach } from "./data.ts";
import type { Weights } from "./weights.ts";

/** A point of the input plane. */
export type Point = readonly [x1: number, x2: number];

/**
 * A hidden unit max(w·x + b, 0) seen from above. On the line w·x + b = 0 it bends the surface; on one
 * side it is flat, on the other a slope.
 */
export interface Hinge {
  /** The hidden unit, from 0. */
  readonly unit: number;
  /**
   * `bends`: the line crosses the square of the data. `linear`: on at every point, the unit adds a
   * plane. `dead`: off at every point, the unit adds nothing and gets no gradient.
   */
  readonly kind: "bends" | "linear" | "dead";
  /** The ends of the line within the square; none unless it bends. */
  readonly line: readonly [Point, Point] | null;
  /** How much the surface's slope changes across the line: ‖w‖ · the weight of the output. */
  readonly bend: number;
}

/** The hinges of the first hidden layer of a network with two inputs and one output. */
export function hinges(weights: Weights): Hinge[] {
  const [hidden, output] = weights;
  if (weights.length !== 2 || hidden!.inputs !== 2 || output!.outputs !== 1) {
    throw new RangeError("Expected a network with two inputs, one hidden layer and one output");
  }
  const { outputs, weight, bias } = hidden!;
  return Array.from({ length: outputs }, (_, unit) => {
    const [w1, w2, b] = [weight[unit]!, weight[outputs + unit]!, bias[unit]!];
    const bend = Math.hypot(w1, w2) * output!.weight[unit]!;
    const swing = reach * (Math.abs(w1) + Math.abs(w2)); // w·x lies between −swing and swing
    if (b - swing >= 0 && b > 0) return { unit, kind: "linear", line: null, bend };
    if (b + swing <= 0) return { unit, kind: "dead", line: null, bend };
    return { unit, kind: "bends", line: lineInSquare({ w1, w2, b }), bend };
  });
}

/** The part of w1·x1 + w2·x2 + b = 0 within the square. */
function lineInSquare({ w1, w2, b }: { w1: number; w2: number; b: number }): [Point, Point] {
  const alongX1 = Math.abs(w1) < Math.abs(w2); // go along the axis that the line is closer to
  const [along, across] = alongX1 ? [w1, w2] : [w2, w1];
  const crossing = (t: number) => -(along * t + b) / across;
  // Within the square where |crossing(t)| ≤ reach, for t between these two.
  const limits = along === 0
    ? [-reach, reach]
    : [reach, -reach].map((edge) => -(across * edge + b) / along).sort((p, q) => p - q);
  const [from, to] = [Math.max(limits[0]!, -reach), Math.min(limits[1]!, reach)];
  const point = (t: number): Point => alongX1 ? [t, crossing(t)] : [crossing(t), t];
  return [point(from), point(to)];
}
