/** Whether a gradient is right, told by a method that knows nothing of graphs. */
import { Value } from "./value.ts";

/** What {@linkcode checkGradient} found. */
export interface GradientCheck {
  /** The gradient by `backward()`, one number an input. */
  computed: number[];
  /** The gradient by central differences. */
  estimated: number[];
  /** The largest |computed − estimated| / max(1, |computed|, |estimated|). */
  error: number;
}

/**
 * Compares the gradient of f at a point with central differences:
 *
 * ∂f/∂x ≈ (f(x + h) − f(x − h)) / 2h, with h = ∛ε · max(1, |x|)
 *
 * This h balances the two errors: the estimate's own shrinks with h², rounding's grows with ε/h.
 * For a smooth f of moderate size the error then is below 1e-8. At a kink (relu at 0) the two
 * sides differ and the estimate is of no use: keep inputs away from it.
 *
 * @throws {Error} when f computes nothing from its inputs
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { checkGradient } from "./mod.ts";
 *
 * const { error } = checkGradient(([a, b]) => a!.mul(b!).tanh(), [0.5, -2]);
 * assert(error < 1e-8);
 * ```
 */
export function checkGradient(
  f: (inputs: Value[]) => Value,
  inputs: readonly number[],
): GradientCheck {
  const leaves = inputs.map((x) => new Value(x));
  f(leaves).backward();
  const computed = leaves.map((leaf) => leaf.grad);
  const estimated = inputs.map((_, index) => centralDifference(f, { inputs, index }));
  const errors = computed.map((g, index) => relativeError(g, estimated[index]!));
  return { computed, estimated, error: errors.reduce((a, b) => Math.max(a, b), 0) };
}

interface Direction {
  inputs: readonly number[];
  index: number;
}

function centralDifference(f: (inputs: Value[]) => Value, { inputs, index }: Direction): number {
  const x = inputs[index]!;
  const h = Math.cbrt(Number.EPSILON) * Math.max(1, Math.abs(x));
  const at = (moved: number) => f(inputs.with(index, moved).map((x) => new Value(x))).data;
  const [above, below] = [x + h, x - h]; // rounded, so their distance is not exactly 2h
  return (at(above) - at(below)) / (above - below);
}

function relativeError(a: number, b: number): number {
  return Math.abs(a - b) / Math.max(1, Math.abs(a), Math.abs(b));
}
