/**
 * The softmax of attention scores, and back through it, four rows at a time: the sums across a row, whose
 * steps wait for each other, then cost as much for four rows as for one.
 */
import { fma } from "./lanes";
import { exp } from "./transcendental";

/** Lane r becomes a₀ + … + a₃ of the r-th argument, or the largest of them. */
// @ts-ignore: decorator
@inline
function acrossRows(a: v128, b: v128, c: v128, d: v128, largest: bool): v128 {
  const ab = combine(low(a, b), high(a, b), largest), cd = combine(low(c, d), high(c, d), largest);
  return combine(
    v128.shuffle<f64>(ab, cd, 0, 2),
    v128.shuffle<f64>(ab, cd, 1, 3),
    largest,
  );
}

// @ts-ignore: decorator
@inline
function combine(x: v128, y: v128, largest: bool): v128 {
  // pmax forgets a NaN, but its power makes the sum NaN, and so the row
  return largest ? f32x4.pmax(x, y) : f32x4.add(x, y);
}

// @ts-ignore: decorator
@inline
function low(x: v128, y: v128): v128 {
  return v128.shuffle<f32>(x, y, 0, 4, 1, 5);
}

// @ts-ignore: decorator
@inline
function high(x: v128, y: v128): v128 {
  return v128.shuffle<f32>(x, y, 2, 6, 3, 7);
}

// @ts-ignore: decorator
@inline
function lane(x: v128, r: u8): v128 {
  if (r == 0) return v128.shuffle<f32>(x, x, 0, 0, 0, 0);
  if (r == 1) return v128.shuffle<f32>(x, x, 1, 1, 1, 1);
  if (r == 2) return v128.shuffle<f32>(x, x, 2, 2, 2, 2);
  return v128.shuffle<f32>(x, x, 3, 3, 3, 3);
}

/** Only the first `count` lanes of x, −∞ in the others. */
// @ts-ignore: decorator
@inline
function past(x: v128, count: i32): v128 {
  const lanes = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count));
  return v128.bitselect(x, f32x4.splat(-Infinity), lanes);
}

// @ts-ignore: decorator
@inline
function power(at: usize, shift: v128): v128 {
  const y = exp(f32x4.sub(v128.load(at), shift));
  v128.store(at, y);
  return y;
}

// @ts-ignore: decorator
@inline
function scaled(at: usize, scale: v128): void {
  v128.store(at, f32x4.mul(v128.load(at), scale));
}

/**
 * Four rows ← their softmax, where the diagonal runs through the last four of n columns: of those, row r
 * may use the first r + 1, and the others become 0. `row` is the stride in bytes.
 */
export function causalSoftmax(rows: usize, row: usize, n: usize): void {
  const at0 = rows, at1 = at0 + row, at2 = at1 + row, at3 = at2 + row, last = (n - 4) << 2;
  let x0 = past(v128.load(at0 + last), 1), x1 = past(v128.load(at1 + last), 2),
    x2 = past(v128.load(at2 + last), 3), x3 = v128.load(at3 + last);
  v128.store(at0 + last, x0), v128.store(at1 + last, x1), v128.store(at2 + last, x2);
  for (let j: usize = 0; j < last; j += 16) {
    x0 = f32x4.pmax(x0, v128.load(at0 + j)), x1 = f32x4.pmax(x1, v128.load(at1 + j));
    x2 = f32x4.pmax(x2, v128.load(at2 + j)), x3 = f32x4.pmax(x3, v128.load(at3 + j));
  }
  const most = acrossRows(x0, x1, x2, x3, true);
  const m0 = lane(most, 0), m1 = lane(most, 1), m2 = lane(most, 2), m3 = lane(most, 3);
  x0 = f32x4.splat(0), x1 = x0, x2 = x0, x3 = x0;
  for (let j: usize = 0; j <= last; j += 16) {
    x0 = f32x4.add(x0, power(at0 + j, m0)), x1 = f32x4.add(x1, power(at1 + j, m1));
    x2 = f32x4.add(x2, power(at2 + j, m2)), x3 = f32x4.add(x3, power(at3 + j, m3));
  }
  const shares = f32x4.div(f32x4.splat(1), acrossRows(x0, x1, x2, x3, false));
  const s0 = lane(shares, 0), s1 = lane(shares, 1), s2 = lane(shares, 2), s3 = lane(shares, 3);
  for (let j: usize = 0; j <= last; j += 16) {
    scaled(at0 + j, s0), scaled(at1 + j, s1), scaled(at2 + j, s2), scaled(at3 + j, s3);
  }
}

// @ts-ignore: decorator
@inline
function throughSoftmax(weights: usize, gradient: usize, mean: v128, by: v128): void {
  const centred = f32x4.sub(v128.load(gradient), mean);
  v128.store(gradient, f32x4.mul(f32x4.mul(centred, by), v128.load(weights)));
}

/** Four rows of gradient ← P∘(gradient − Σ P∘gradient)·by, of n columns. */
export function softmaxGradient(weights: usize, gradient: usize, row: usize, n: usize, by: f32): void {
  const g0 = gradient, g1 = g0 + row, g2 = g1 + row, g3 = g2 + row, end = n << 2;
  const w0 = weights, w1 = w0 + row, w2 = w1 + row, w3 = w2 + row;
  let x0 = f32x4.splat(0), x1 = x0, x2 = x0, x3 = x0;
  for (let j: usize = 0; j < end; j += 16) {
    x0 = fma(v128.load(w0 + j), v128.load(g0 + j), x0);
    x1 = fma(v128.load(w1 + j), v128.load(g1 + j), x1);
    x2 = fma(v128.load(w2 + j), v128.load(g2 + j), x2);
    x3 = fma(v128.load(w3 + j), v128.load(g3 + j), x3);
  }
  const means = acrossRows(x0, x1, x2, x3, false), factor = f32x4.splat(by);
  const m0 = lane(means, 0), m1 = lane(means, 1), m2 = lane(means, 2), m3 = lane(means, 3);
  for (let j: usize = 0; j < end; j += 16) {
    throughSoftmax(w0 + j, g0 + j, m0, factor), throughSoftmax(w1 + j, g1 + j, m1, factor);
    throughSoftmax(w2 + j, g2 + j, m2, factor), throughSoftmax(w3 + j, g3 + j, m3, factor);
  }
}
