/** Small pieces that work on four numbers at once. */
import { storePart } from "./parts";

/**
 * a·b + c. Rounded once where the engine has relaxed SIMD (one instruction on every current processor),
 * twice in the plain build.
 */
// @ts-ignore: decorator
@inline
export function fma(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

// @ts-ignore: decorator
@inline
export function splat(x: f32): v128 {
  return f32x4.splat(x);
}

/**
 * A fixed number from memory, or one of a table of them, in all four lanes.
 *
 * V8 makes a vector constant anew wherever it is used, with several instructions; a load from a fixed
 * address takes one. Polynomials run twice as fast so.
 */
// @ts-ignore: decorator
@inline
export function the(address: usize, index: i32 = 0): v128 {
  return v128.load32_splat(address + (index << 2));
}

/** x₀ + x₁ + x₂ + x₃. */
// @ts-ignore: decorator
@inline
export function sumLanes(x: v128): f32 {
  return (f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1)) +
    (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

/**
 * Stores the first `count` numbers, at most four. Loading four where fewer are left needs no such care: a
 * block of the heap ends at a multiple of 64 bytes, so what lies after a tensor may be read.
 */
// @ts-ignore: decorator
@inline
export function storeSome(to: usize, x: v128, count: usize): void {
  if (count >= 4) v128.store(to, x);
  else storePart(to, x, count);
}

/** Stores four truth values as bytes, or the first `count` of them; a lane is all ones or all zeros. */
// @ts-ignore: decorator
@inline
export function storeTruths(to: usize, truths: v128, count: usize): void {
  const ones = v128.and(truths, i32x4.splat(1));
  const halves = i16x8.narrow_i32x4_u(ones, ones);
  const bytes = i32x4.extract_lane(i8x16.narrow_i16x8_u(halves, halves), 0);
  if (count >= 4) store<i32>(to, bytes);
  else {
    for (let i: usize = 0; i < count; i++) store<u8>(to + i, <u8> (bytes >> (<i32> i << 3)));
  }
}

/** Four bytes of truth values as lanes of all ones or all zeros. */
// @ts-ignore: decorator
@inline
export function loadTruths(from: usize): v128 {
  const halves = i16x8.extend_low_i8x16_u(v128.load32_zero(from));
  return i32x4.ne(i32x4.extend_low_i16x8_u(halves), i32x4.splat(0));
}

/** Turns 4 × 4 numbers in registers: the rows at four addresses become the columns of y, yRow bytes apart. */
// @ts-ignore: decorator
@inline
export function turnFour(row0: usize, row1: usize, row2: usize, row3: usize, y: usize, yRow: usize): void {
  const x0 = v128.load(row0), x1 = v128.load(row1), x2 = v128.load(row2), x3 = v128.load(row3);
  const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5), low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7), high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
  v128.store(y, v128.shuffle<f64>(low01, low23, 0, 2));
  v128.store(y + yRow, v128.shuffle<f64>(low01, low23, 1, 3));
  v128.store(y + 2 * yRow, v128.shuffle<f64>(high01, high23, 0, 2));
  v128.store(y + 3 * yRow, v128.shuffle<f64>(high01, high23, 1, 3));
}
