/**
 * exp, tanh, the logistic function and GELU of four numbers at once. NaN goes in and out; infinities do
 * what the functions do there.
 *
 * The polynomials were fitted by weighted least squares to the largest relative error; results differ
 * from the rounded exact ones by at most about three units in the last place.
 */
import { fma } from "./lanes";

/** x, but at least `low` and at most `high`; NaN for NaN, and one instruction a bound, unlike min and max. */
// @ts-ignore: decorator
@inline
export function within(x: v128, low: f32, high: f32): v128 {
  return f32x4.pmin(f32x4.pmax(x, f32x4.splat(low)), f32x4.splat(high));
}

/**
 * eˣ = 2ⁿ·eʳ with n = round(x / ln 2) and |r| ≤ ½ ln 2. Above 88.72 it is infinite, below −87.33 zero
 * (results too small for a normal number are not worth their time).
 */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  const bounded = within(x, -88, 89);
  // Adding 1.5·2²³ leaves the nearest integer in the low bits; rounding itself takes several instructions.
  const shifted = fma(bounded, f32x4.splat(1.44269502162933), f32x4.splat(12582912));
  const n = f32x4.sub(shifted, f32x4.splat(12582912));
  // ln 2 in two parts, so that x − n·ln 2 loses nothing
  let r = fma(n, f32x4.splat(-0.693359375), bounded);
  r = fma(n, f32x4.splat(0.00021219444170128554), r);
  let p = fma(r, f32x4.splat(0.0013813136611133814), f32x4.splat(0.00836941972374916));
  p = fma(p, r, f32x4.splat(0.04166845604777336));
  p = fma(p, r, f32x4.splat(0.16666515171527863));
  p = fma(p, r, f32x4.splat(0.4999999403953552));
  p = fma(f32x4.mul(p, r), r, r);
  p = f32x4.add(p, f32x4.splat(1));
  // subtle: 2ⁿ in two factors, because 2¹²⁸ is no float
  const whole = i32x4.sub(shifted, i32x4.splat(0x4b400000)); // the bits of 1.5·2²³
  const half = i32x4.shr_s(whole, 1);
  p = f32x4.mul(p, power(half));
  p = f32x4.mul(p, power(i32x4.sub(whole, half)));
  return v128.andnot(p, f32x4.lt(x, f32x4.splat(-87.33)));
}

/** 2ⁿ for −127 < n < 128. */
// @ts-ignore: decorator
@inline
function power(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** tanh x as x·P(x²)/Q(x²), kept within ±1. */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const bounded = within(x, -9, 9);
  const square = f32x4.mul(bounded, bounded);
  let p = fma(square, f32x4.splat(1.3354918948493832e-8), f32x4.splat(2.0609284547390416e-5));
  p = fma(p, square, f32x4.splat(0.0034956010058522224));
  p = fma(p, square, f32x4.splat(0.1338103711605072));
  p = fma(p, square, f32x4.splat(1));
  let q = fma(square, f32x4.splat(7.776668553560739e-7), f32x4.splat(0.00032856554025784135));
  q = fma(q, square, f32x4.splat(0.025877032428979874));
  q = fma(q, square, f32x4.splat(0.46714353561401367));
  q = fma(q, square, f32x4.splat(1));
  const y = f32x4.div(f32x4.mul(bounded, p), q);
  return within(y, -1, 1);
}

/** The logistic function σ(x) = 1/(1 + e⁻ˣ). */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))));
}

/** σ(2u) with u = √(2/π)(x + 0.044715x³): the share of x that GELU lets through. */
// @ts-ignore: decorator
@inline
function geluShare(x: v128): v128 {
  const cubic = fma(f32x4.mul(x, x), f32x4.splat(0.0713548162726), f32x4.splat(1.59576912160573));
  return sigmoid(f32x4.mul(x, cubic));
}

/** GELU in GPT-2's form, ½x(1 + tanh u) = x·σ(2u). */
// @ts-ignore: decorator
@inline
export function gelu(x: v128): v128 {
  return f32x4.mul(x, geluShare(x));
}

/** Its derivative, s + x·s(1 − s)·2u′ with s = σ(2u). */
// @ts-ignore: decorator
@inline
export function geluSlope(x: v128): v128 {
  const share = geluShare(x);
  const slope = fma(f32x4.mul(x, x), f32x4.splat(0.2140644488178), f32x4.splat(1.59576912160573));
  const rise = f32x4.mul(x, f32x4.sub(share, f32x4.mul(share, share)));
  return fma(rise, slope, share);
}
