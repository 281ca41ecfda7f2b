/**
 * Element-wise functions of two tensors with broadcasting: c[i, j, k] = f(a[i, j, k], b[i, j, k]).
 *
 * The shape [I, J, K] is what is left when neighbouring dimensions that broadcast alike are merged. An
 * argument is read with a step for each dimension, in numbers; a step of 0 repeats it. kA and kB are 0 or 1.
 */
import { splat, storeSome, storeTruths } from "./lanes";

const enum Binary {
  Add,
  Divide,
  Maximum,
  Minimum,
  Multiply,
  ReluGradient,
  SigmoidGradient,
  SquaredDifference,
  Subtract,
  TanhGradient,
  // the rest give truth values
  Equal,
  Greater,
  GreaterEqual,
  Less,
  LessEqual,
  NotEqual,
}

/** f(a, b). Called with a constant, of which the optimiser leaves one branch. */
// @ts-ignore: decorator
@inline
function apply(f: Binary, a: v128, b: v128): v128 {
  switch (f) {
    case Binary.Add: return f32x4.add(a, b);
    case Binary.Divide: return f32x4.div(a, b);
    case Binary.Maximum: return f32x4.max(a, b);
    case Binary.Minimum: return f32x4.min(a, b);
    case Binary.Multiply: return f32x4.mul(a, b);
    case Binary.ReluGradient: {
      const passed = v128.and(a, f32x4.gt(b, splat(0)));
      return v128.or(passed, f32x4.ne(b, b)); // all bits set is a NaN
    }
    case Binary.SigmoidGradient: return f32x4.mul(a, f32x4.mul(b, f32x4.sub(splat(1), b)));
    case Binary.SquaredDifference: {
      const difference = f32x4.sub(a, b);
      return f32x4.mul(difference, difference);
    }
    case Binary.Subtract: return f32x4.sub(a, b);
    case Binary.TanhGradient: return f32x4.mul(a, f32x4.sub(splat(1), f32x4.mul(b, b)));
    case Binary.Equal: return f32x4.eq(a, b);
    case Binary.Greater: return f32x4.gt(a, b);
    case Binary.GreaterEqual: return f32x4.ge(a, b);
    case Binary.Less: return f32x4.lt(a, b);
    case Binary.LessEqual: return f32x4.le(a, b);
    default: return f32x4.ne(a, b);
  }
}

// @ts-ignore: decorator
@inline
function storeResult(f: Binary, c: usize, result: v128, count: usize): void {
  if (f >= Binary.Equal) storeTruths(c, result, count);
  else storeSome(c, result, count);
}

/** Four numbers of an argument; with a step of 0 they are always the same, and were loaded before. */
// @ts-ignore: decorator
@inline
function get(from: usize, step: usize, same: v128): v128 {
  return step ? v128.load(from) : same;
}

/** The first of K numbers by one number, or one number by them, 32 at a time; fewer are left over. */
// @ts-ignore: decorator
@inline
function byOne(f: Binary, many: usize, one: v128, manyFirst: bool, c: usize, K: usize): void {
  for (const end = c + (K >> 5 << 7); c < end; many += 128, c += 128) {
    const m = v128.load(many), n = v128.load(many, 16), o = v128.load(many, 32), p = v128.load(many, 48);
    const q = v128.load(many, 64), r = v128.load(many, 80), s = v128.load(many, 96), t = v128.load(many, 112);
    v128.store(c, inOrder(f, m, one, manyFirst));
    v128.store(c, inOrder(f, n, one, manyFirst), 16);
    v128.store(c, inOrder(f, o, one, manyFirst), 32);
    v128.store(c, inOrder(f, p, one, manyFirst), 48);
    v128.store(c, inOrder(f, q, one, manyFirst), 64);
    v128.store(c, inOrder(f, r, one, manyFirst), 80);
    v128.store(c, inOrder(f, s, one, manyFirst), 96);
    v128.store(c, inOrder(f, t, one, manyFirst), 112);
  }
}

// @ts-ignore: decorator
@inline
function inOrder(f: Binary, x: v128, one: v128, manyFirst: bool): v128 {
  return manyFirst ? apply(f, x, one) : apply(f, one, x);
}

/** A row of K whose steps are constants, 16 numbers at a time, so that counting costs less than computing. */
// @ts-ignore: decorator
@inline
function steady(f: Binary, a: usize, kA: usize, b: usize, kB: usize, c: usize, K: usize): void {
  const perResult: usize = f >= Binary.Equal ? 4 : 16; // bytes of four results
  const stepA = kA << 4, stepB = kB << 4, x = v128.load32_splat(a), y = v128.load32_splat(b);
  if (f < Binary.Equal && kA != kB) {
    byOne(f, kA ? a : b, kA ? y : x, !!kA, c, K);
    const done = K >> 5 << 7; // bytes
    if (kA) a += done;
    else b += done;
    c += done, K &= 31;
  }
  for (const end = c + (K >> 4) * 4 * perResult; c < end; c += 4 * perResult) {
    const a0 = get(a, kA, x), a1 = get(a + stepA, kA, x);
    const a2 = get(a + 2 * stepA, kA, x), a3 = get(a + 3 * stepA, kA, x);
    const b0 = get(b, kB, y), b1 = get(b + stepB, kB, y);
    const b2 = get(b + 2 * stepB, kB, y), b3 = get(b + 3 * stepB, kB, y);
    storeResult(f, c, apply(f, a0, b0), 4);
    storeResult(f, c + perResult, apply(f, a1, b1), 4);
    storeResult(f, c + 2 * perResult, apply(f, a2, b2), 4);
    storeResult(f, c + 3 * perResult, apply(f, a3, b3), 4);
    a += 4 * stepA, b += 4 * stepB;
  }
  for (let left = K & 15; left >= 4; left -= 4, a += stepA, b += stepB, c += perResult) {
    storeResult(f, c, apply(f, get(a, kA, x), get(b, kB, y)), 4);
  }
  if (K & 3) storeResult(f, c, apply(f, get(a, kA, x), get(b, kB, y)), K & 3);
}

/** One row of K: both arguments as long as it, or one of them a single number. */
// @ts-ignore: decorator
@inline
function row(f: Binary, a: usize, kA: usize, b: usize, kB: usize, c: usize, K: usize): void {
  if (kA && kB) steady(f, a, 1, b, 1, c, K);
  else if (kA) steady(f, a, 1, b, 0, c, K);
  else if (kB) steady(f, a, 0, b, 1, c, K);
  else steady(f, a, 0, b, 0, c, K);
}

// @ts-ignore: decorator
@inline
function map(
  f: Binary, a: usize, b: usize, c: usize,
  I: usize, iA: usize, iB: usize, J: usize, jA: usize, jB: usize, K: usize, kA: usize, kB: usize,
): void {
  const perRow = f >= Binary.Equal ? K : K << 2;
  for (let i: usize = 0; i < I; i++, a += iA << 2, b += iB << 2) {
    let x = a, y = b;
    for (let j: usize = 0; j < J; j++, x += jA << 2, y += jB << 2, c += perRow) {
      row(f, x, kA, y, kB, c, K);
    }
  }
}

export function add(
  a: usize, b: usize, c: usize,
  I: usize, iA: usize, iB: usize, J: usize, jA: usize, jB: usize, K: usize, kA: usize, kB: usize,
): void {
  map(Binary.Add, a, b, c, I, iA, iB, J, jA, jB, K, kA, kB);
}

export function divide(
  a: usize, b: usize, c: usize,
  I: usize, iA: usize, iB: usize, J: usize, jA: usize, jB: usize, K: usize, kA: usize, kB: usize,
): void {
  map(Binary.Divide, a, b, c, I, iA, iB, J, jA, jB, K, kA, kB);
}

export function maximum(
  a: usize, b: usize, c: usize,
  I: usize, iA: usize, iB: usize, J: usize, jA: usize, jB: usize, K: usize, kA: usize, kB: usize,
): void {
  map(Binary.Maximum, a, b, c, I, iA, iB, J, jA, jB, K, kA, kB);
}

export function minimum(
  a: usize, b: usize, c: usize,
  I: usize, iA: usize, iB: usize, J: usize, jA: usize, jB: usize, K: usize, kA: usize, kB: usize,
): void {
  map(Binary.Minimum, a, b, c, I, iA, iB, J, jA, jB, K, kA, kB);
}

export function multiply(
  a: usize, b: usize, c: usize,
  I: usize, iA: usize, iB: usize, J: usize, jA: usize, jB: usize, K: usize, kA: usize, kB: usize,
): void {
  map(Binary.Multiply, a, b, c, I, iA, iB, J, jA, jB, K, kA, kB);
}

/** dy where x > 0, else 0; NaN where x is NaN. a = dy, b = x. */
export function reluGradient(
  a: usize, b: usize, c: usize,
  I: usize, iA: usize, iB: usize, J: usize, jA: usize, jB: usize, K: usize, kA: usize, kB: usize,
): void {
  map(Binary.ReluGradient, a, b, c, I, iA, iB, J, jA, jB, K, kA, kB);
}

/** dy·y(1 − y) for y = σ(x). a = dy, b = y. */
export function sigmoidGradient(
  a: usize, b: usize, c: usize,
  I: usize, iA: usize, iB: usize, J: usize, jA: usize, jB: usize, K: usize, kA: usize, kB: usize,
): void {
  map(Binary.SigmoidGradient, a, b, c, I, iA, iB, J, jA, jB, K, kA, kB);
}

export function squaredDifference(
  a: usize, b: usize, c: usize,
  I: usize, iA: usize, iB: usize, J: usize, jA: usize, jB: usize, K: usize, kA: usize, kB: usize,
): void {
  map(Binary.SquaredDifference, a, b, c, I, iA, iB, J, jA, jB, K, kA, kB);
}

export function subtract(
  a: usize, b: usize, c: usize,
  I: usize, iA: usize, iB: usize, J: usize, jA: usize, jB: usize, K: usize, kA: usize, kB: usize,
): void {
  map(Binary.Subtract, a, b, c, I, iA, iB, J, jA, jB, K, kA, kB);
}

/** dy(1 − y²) for y = tanh x. a = dy, b = y. */
export function tanhGradient(
  a: usize, b: usize, c: usize,
  I: usize, iA: usize, iB: usize, J: usize, jA: usize, jB: usize, K: usize, kA: usize, kB: usize,
): void {
  map(Binary.TanhGradient, a, b, c, I, iA, iB, J, jA, jB, K, kA, kB);
}

export function equal(
  a: usize, b: usize, c: usize,
  I: usize, iA: usize, iB: usize, J: usize, jA: usize, jB: usize, K: usize, kA: usize, kB: usize,
): void {
  map(Binary.Equal, a, b, c, I, iA, iB, J, jA, jB, K, kA, kB);
}

export function greater(
  a: usize, b: usize, c: usize,
  I: usize, iA: usize, iB: usize, J: usize, jA: usize, jB: usize, K: usize, kA: usize, kB: usize,
): void {
  map(Binary.Greater, a, b, c, I, iA, iB, J, jA, jB, K, kA, kB);
}

export function greaterEqual(
  a: usize, b: usize, c: usize,
  I: usize, iA: usize, iB: usize, J: usize, jA: usize, jB: usize, K: usize, kA: usize, kB: usize,
): void {
  map(Binary.GreaterEqual, a, b, c, I, iA, iB, J, jA, jB, K, kA, kB);
}

export function less(
  a: usize, b: usize, c: usize,
  I: usize, iA: usize, iB: usize, J: usize, jA: usize, jB: usize, K: usize, kA: usize, kB: usize,
): void {
  map(Binary.Less, a, b, c, I, iA, iB, J, jA, jB, K, kA, kB);
}

export function lessEqual(
  a: usize, b: usize, c: usize,
  I: usize, iA: usize, iB: usize, J: usize, jA: usize, jB: usize, K: usize, kA: usize, kB: usize,
): void {
  map(Binary.LessEqual, a, b, c, I, iA, iB, J, jA, jB, K, kA, kB);
}

export function notEqual(
  a: usize, b: usize, c: usize,
  I: usize, iA: usize, iB: usize, J: usize, jA: usize, jB: usize, K: usize, kA: usize, kB: usize,
): void {
  map(Binary.NotEqual, a, b, c, I, iA, iB, J, jA, jB, K, kA, kB);
}
