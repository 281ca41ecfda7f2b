/** The smallest thing that can learn: a line through points, found by gradient descent. */
import type { Random } from "../../random.ts";
import { Value } from "../mod.ts";

/** The line y = a·x + b. */
export interface Line {
  /** Its slope. */
  a: number;
  /** Its height at x = 0. */
  b: number;
}

/** What is to be learned, from where. */
export interface Problem {
  /** The positions of the points. */
  x: number[];
  /** Their heights, on a line exactly. */
  y: number[];
  /** The first guess. */
  start: Line;
}

/** A guess on the way, and its mean squared error. */
export interface Step extends Line {
  /** (1/n) Σ (a·xᵢ + b − yᵢ)² */
  loss: number;
}

/** Points on a line at random positions in [−1, 1), and a first guess near 0. */
export function createProblem(
  truth: Line,
  { points, rng, startRng }: { points: number; rng: Random; startRng: Random },
): Problem {
  const x = Array.from({ length: points }, () => 2 * rng.uniform() - 1);
  const y = x.map((x) => truth.a * x + truth.b);
  return { x, y, start: { a: startRng.normal(), b: startRng.normal() } };
}

/** (1/n) Σ (a·xᵢ + b − yᵢ)², as a graph over a and b. */
export function meanSquaredError(
  { a, b }: { a: Value; b: Value },
  { x, y }: Pick<Problem, "x" | "y">,
): Value {
  const squares = x.map((x, i) => a.mul(x).add(b).sub(y[i]!).pow(2));
  return squares.reduce((sum, square) => sum.add(square)).div(x.length);
}

/** Gradient descent: yields the guess before each step, without end. */
export function* descend(problem: Problem, learningRate: number): Generator<Step, never> {
  const a = new Value(problem.start.a);
  const b = new Value(problem.start.b);
  while (true) {
    const loss = meanSquaredError({ a, b }, problem);
    loss.backward();
    yield { a: a.data, b: b.data, loss: loss.data };
    for (const parameter of [a, b]) {
      parameter.data -= learningRate * parameter.grad;
      parameter.zeroGrad();
    }
  }
}
