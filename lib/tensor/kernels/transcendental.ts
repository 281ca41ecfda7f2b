/**
 * exp, tanh, the logistic function and GELU of four numbers at once. NaN goes in and out; infinities do
 * what the functions do there.
 *
 * The polynomials were fitted by weighted least squares to the largest relative error; results differ
 * from the rounded exact ones by at most about three units in the last place.
 */
import { fma } from "./lanes";

/**
 * eˣ = 2ⁿ·eʳ with n = round(x / ln 2) and |r| ≤ ½ ln 2. Above 88.72 it is infinite, below −87.33 zero
 * (results too small for a normal number are not worth their time).
 */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  const bounded = f32x4.min(f32x4.max(x, f32x4.splat(-88)), f32x4.splat(89));
  const n = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(1.44269502162933)));
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
  const whole = i32x4.trunc_sat_f32x4_s(n);
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
  const bounded = f32x4.min(f32x4.max(x, f32x4.splat(-9)), f32x4.splat(9));
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
  return f32x4.min(f32x4.max(y, f32x4.splat(-1)), f32x4.splat(1));
}

/** The logistic function σ(x) = 1/(1 + e⁻ˣ). */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))));
}

/** √(2/π)(x + 0.044715x³), whose tanh GELU takes. */
// @ts-ignore: decorator
@inline
function geluInner(x: v128): v128 {
  const cubic = fma(f32x4.mul(x, x), f32x4.splat(0.0356774081363001), f32x4.splat(0.797884560802865));
  return f32x4.mul(x, cubic);
}

/** GELU in GPT-2's form, ½x(1 + tanh(√(2/π)(x + 0.044715x³))). */
// @ts-ignore: decorator
@inline
export function gelu(x: v128): v128 {
  const half = f32x4.mul(x, f32x4.splat(0.5));
  return fma(half, tanh(geluInner(x)), half);
}

/** Its derivative, ½(1 + t) + ½x(1 − t²)·√(2/π)(1 + 3·0.044715x²) with t that tanh. */
// @ts-ignore: decorator
@inline
export function geluSlope(x: v128): v128 {
  const half = f32x4.splat(0.5), one = f32x4.splat(1);
  const t = tanh(geluInner(x));
  const slope = fma(f32x4.mul(x, x), f32x4.splat(0.1070322244089), f32x4.splat(0.797884560802865));
  const rise = f32x4.mul(f32x4.mul(x, slope), f32x4.sub(one, f32x4.mul(t, t)));
  return f32x4.mul(half, f32x4.add(f32x4.add(one, t), rise));
}
