/**
 * exp, tanh, the logistic function and GELU of four numbers at once. NaN goes in and out; infinities do
 * what the functions do there.
 *
 * The polynomials were fitted by weighted least squares to the largest relative error; results differ
 * from the rounded exact ones by at most about three units in the last place.
 */
import { fma, storeSome, the } from "./lanes";

/** x, but at least `low` and at most `high`; NaN for NaN, and one instruction a bound, unlike min and max. */
// @ts-ignore: decorator
@inline
export function within(x: v128, low: v128, high: v128): v128 {
  return f32x4.pmin(f32x4.pmax(x, low), high);
}

// See `the` for why these are in memory.
const one = memory.data<f32>([1, -1]);
const half = memory.data<f32>([0.5]);
const expBounds = memory.data<f32>([-87.33, 89]);
const log2E = memory.data<f32>([1.44269502162933]);
const rounder = memory.data<f32>([12582912]); // 1.5·2²³: adding it leaves the nearest integer in the low bits
const exponentBias = memory.data<i32>([126]); // of 2ⁿ⁻¹
const minusLn2 = memory.data<f32>([-0.693359375, 0.00021219444170128554]); // in two parts, so that x − n·ln 2 loses nothing
const expSeries = memory.data<f32>([
  0.4999999403953552, 0.16666515171527863, 0.04166845604777336, 0.00836941972374916, 0.0013813136611133814,
]);
const tanhBounds = memory.data<f32>([-9.2, 9.2]); // where the fraction reaches 1
const tanhOver = memory.data<f32>([
  1, 0.1338103711605072, 0.0034956010058522224, 2.0609284547390416e-5, 1.3354918948493832e-8,
]);
const tanhUnder = memory.data<f32>([
  1, 0.46714353561401367, 0.025877032428979874, 0.00032856554025784135, 7.776668553560739e-7,
]);
const geluInside = memory.data<f32>([0.797884560802865, 0.0356774081363001, 0.1070322244089]);

/** c₀ + c₁x + … + c₄x⁴. */
// @ts-ignore: decorator
@inline
function quartic(coefficients: usize, x: v128): v128 {
  let y = fma(x, the(coefficients, 4), the(coefficients, 3));
  y = fma(y, x, the(coefficients, 2));
  y = fma(y, x, the(coefficients, 1));
  return fma(y, x, the(coefficients));
}

/**
 * eˣ = 2ⁿ·eʳ with n = round(x / ln 2) and |r| ≤ ½ ln 2. Above 88.72 it is infinite, below −86.98 zero
 * (results too small for a normal number are not worth their time).
 */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  const bounded = within(x, the(expBounds), the(expBounds, 1));
  const shifted = fma(bounded, the(log2E), the(rounder)); // its low bits are n
  const n = f32x4.sub(shifted, the(rounder));
  const r = fma(n, the(minusLn2, 1), fma(n, the(minusLn2), bounded));
  const power = f32x4.add(fma(f32x4.mul(quartic(expSeries, r), r), r, r), the(one));
  // subtle: 2·eʳ·2ⁿ⁻¹, because 2¹²⁸ is no float; for n = −126 the exponent is 0, and so is the result
  const scale = i32x4.shl(i32x4.add(shifted, the(exponentBias)), 23);
  return f32x4.mul(f32x4.add(power, power), scale);
}

/** tanh x as x·P(x²)/Q(x²), kept within ±1. */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const bounded = within(x, the(tanhBounds), the(tanhBounds, 1));
  const square = f32x4.mul(bounded, bounded);
  const over = f32x4.mul(bounded, quartic(tanhOver, square));
  return within(f32x4.div(over, quartic(tanhUnder, square)), the(one, 1), the(one));
}

/** The logistic function σ(x) = 1/(1 + e⁻ˣ). */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  return f32x4.div(the(one), f32x4.add(the(one), exp(f32x4.neg(x))));
}

/** tanh u with u = √(2/π)(x + 0.044715x³). */
// @ts-ignore: decorator
@inline
function geluTanh(x: v128): v128 {
  return tanh(f32x4.mul(x, fma(f32x4.mul(x, x), the(geluInside, 1), the(geluInside))));
}

/** GELU in GPT-2's form, ½x(1 + tanh u). */
// @ts-ignore: decorator
@inline
export function gelu(x: v128): v128 {
  const part = f32x4.mul(x, the(half));
  return fma(part, geluTanh(x), part);
}

/** GELU; its slope ½(1 + t) + ½x(1 − t²)·u′ with t = tanh u goes to an address, `count` numbers of it. */
// @ts-ignore: decorator
@inline
export function geluWithSlope(x: v128, to: usize, count: usize): v128 {
  const t = geluTanh(x), part = f32x4.mul(x, the(half));
  const rise = f32x4.mul(part, f32x4.sub(the(one), f32x4.mul(t, t)));
  const inside = fma(f32x4.mul(x, x), the(geluInside, 2), the(geluInside)); // u′
  storeSome(to, fma(rise, inside, fma(t, the(half), the(half))), count);
  return fma(part, t, part);
}
