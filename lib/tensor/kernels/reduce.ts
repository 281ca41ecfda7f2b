/**
 * Reductions over the middle axis of x [outer, N, inner] → y [outer, inner].
 *
 * Sums are kept in 64 bits, as JavaScript keeps them, so that a long sum is not worse than the stock one.
 */
import { storeSome } from "./lanes";

/** y = Σₙ x / divisor. */
export function sum(x: usize, y: usize, outer: usize, N: usize, inner: usize, divisor: f64): void {
  for (let i: usize = 0; i < outer; i++) {
    if (inner == 1) store<f32>(y, <f32> (rowSum(x, N) / divisor));
    else columnSums(x, y, N, inner, divisor);
    x += (N * inner) << 2, y += inner << 2;
  }
}

function rowSum(x: usize, N: usize): f64 {
  let low = f64x2.splat(0), high = low;
  const end = x + ((N & ~3) << 2), last = x + (N << 2);
  for (; x < end; x += 16) {
    low = f64x2.add(low, f64x2.promote_low_f32x4(v128.load64_zero(x)));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.load64_zero(x, 8)));
  }
  const both = f64x2.add(low, high);
  let total = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; x < last; x += 4) total += <f64> load<f32>(x);
  return total;
}

/** Eight columns at a time go down the rows, then what is left four at a time. */
function columnSums(x: usize, y: usize, N: usize, inner: usize, divisor: f64): void {
  const row = inner << 2;
  let j: usize = 0;
  for (; j + 8 <= inner; j += 8, x += 32, y += 32) {
    let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0;
    let at = x;
    for (let n: usize = 0; n < N; n++, at += row) {
      s0 = f64x2.add(s0, f64x2.promote_low_f32x4(v128.load64_zero(at)));
      s1 = f64x2.add(s1, f64x2.promote_low_f32x4(v128.load64_zero(at, 8)));
      s2 = f64x2.add(s2, f64x2.promote_low_f32x4(v128.load64_zero(at, 16)));
      s3 = f64x2.add(s3, f64x2.promote_low_f32x4(v128.load64_zero(at, 24)));
    }
    v128.store(y, divided(s0, s1, divisor));
    v128.store(y, divided(s2, s3, divisor), 16);
  }
  for (; j < inner; j += 4, x += 16, y += 16) {
    let s0 = f64x2.splat(0), s1 = s0;
    let at = x;
    for (let n: usize = 0; n < N; n++, at += row) {
      s0 = f64x2.add(s0, f64x2.promote_low_f32x4(v128.load64_zero(at)));
      s1 = f64x2.add(s1, f64x2.promote_low_f32x4(v128.load64_zero(at, 8)));
    }
    storeSome(y, divided(s0, s1, divisor), inner - j);
  }
}

// @ts-ignore: decorator
@inline
function divided(low: v128, high: v128, divisor: f64): v128 {
  const by = f64x2.splat(divisor);
  const first = f32x4.demote_f64x2_zero(f64x2.div(low, by));
  const second = f32x4.demote_f64x2_zero(f64x2.div(high, by));
  return v128.shuffle<f64>(first, second, 0, 2);
}

/** y = maxₙ x, NaN if any is; −∞ when N is 0. */
export function max(x: usize, y: usize, outer: usize, N: usize, inner: usize): void {
  extreme(x, y, outer, N, inner, -Infinity, true);
}

/** y = minₙ x, NaN if any is; ∞ when N is 0. */
export function min(x: usize, y: usize, outer: usize, N: usize, inner: usize): void {
  extreme(x, y, outer, N, inner, Infinity, false);
}

/** The further of two; forgets a NaN in b, for which there is `isNaN4`. One instruction, unlike f32x4.max. */
// @ts-ignore: decorator
@inline
function further(a: v128, b: v128, largest: bool): v128 {
  return largest ? f32x4.pmax(a, b) : f32x4.pmin(a, b);
}

/** All bits, which is a NaN, where x is NaN. */
// @ts-ignore: decorator
@inline
function isNaN4(x: v128): v128 {
  return f32x4.ne(x, x);
}

// @ts-ignore: decorator
@inline
function extreme(
  x: usize, y: usize, outer: usize, N: usize, inner: usize, nothing: f32, largest: bool,
): void {
  for (let i: usize = 0; i < outer; i++, x += (N * inner) << 2, y += inner << 2) {
    if (inner == 1) store<f32>(y, rowExtreme(x, N, nothing, largest));
    else {
      for (let j: usize = 0; j < inner; j += 4) {
        const column = columnExtreme(x + (j << 2), N, inner << 2, nothing, largest);
        storeSome(y + (j << 2), column, inner - j);
      }
    }
  }
}

/** Of four columns next to each other. */
// @ts-ignore: decorator
@inline
function columnExtreme(x: usize, N: usize, row: usize, nothing: f32, largest: bool): v128 {
  let most = f32x4.splat(nothing), nan = f32x4.splat(0);
  for (const end = x + N * row; x < end; x += row) {
    const value = v128.load(x);
    most = further(most, value, largest);
    nan = v128.or(nan, isNaN4(value));
  }
  return v128.or(most, nan);
}

// @ts-ignore: decorator
@inline
function rowExtreme(x: usize, N: usize, nothing: f32, largest: bool): f32 {
  let most = columnExtreme(x, N >> 2, 16, nothing, largest);
  const last = x + (N << 2);
  for (x += (N & ~3) << 2; x < last; x += 4) {
    const value = v128.load32_splat(x);
    most = v128.or(further(most, value, largest), isNaN4(value));
  }
  const a = f32x4.extract_lane(most, 0), b = f32x4.extract_lane(most, 1);
  const c = f32x4.extract_lane(most, 2), d = f32x4.extract_lane(most, 3);
  return largest ? f32.max(f32.max(a, b), f32.max(c, d)) : f32.min(f32.min(a, b), f32.min(c, d));
}
