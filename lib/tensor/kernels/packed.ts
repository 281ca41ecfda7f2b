/**
 * Matrices that are only read, kept so that y[n] = Σₖ x[k]·W[n, k] reads memory once, in one stream: that is how
 * fast one token of a large model can be.
 *
 * A row of K numbers is padded with zeros to a multiple of 16. Kinds: 0 float32, 1 float16, 2 bfloat16.
 *
 * WebAssembly knows no float16, so its bits are moved to where a float32 has them, four numbers at a time. The
 * exponent is kept larger by 10 than float16 has it, so that its subnormal numbers are normal here: a sign, five
 * bits c and ten bits m are ±(1 + m/1024)·2^(c − 25), and 0 where c = 0. That has room for every float16 below
 * 128, and for no other. In the place of a float32's bits they mean 2^102 times less, so x is multiplied by as
 * much before.
 *
 *   float32   s 000ccccc mmmmmmmmmm0000000000000      two numbers of half a word are taken apart by shifts;
 *   two of    s cccccmmmmmmmmmm s cccccmmmmmmmmmm     so of eight x, those of even place come first.
 */
import { fma, storeSome, sumLanes } from "./lanes";

const HALF: i32 = 1; // float16

const SCALE: f32 = 5070602400912918000000000000000.0; // 2^102
const UNSCALE: i32 = 102 << 10; // from a float32's exponent to ours

// @ts-ignore: decorator
@inline
function sixteen(n: usize): usize {
  return (n + 15) & ~15;
}

/** The numbers of odd place among eight. */
// @ts-ignore: decorator
@inline
function odd(kind: i32, words: v128): v128 {
  if (kind == HALF) return v128.and(i32x4.shr_s(words, 3), i32x4.splat(0x8FFFE000));
  return v128.and(words, i32x4.splat(0xFFFF0000));
}

/** The numbers of even place among eight. */
// @ts-ignore: decorator
@inline
function even(kind: i32, words: v128): v128 {
  const high = i32x4.shl(words, 16);
  return kind == HALF ? odd(kind, high) : high;
}

/** Four numbers, 0 instead of those past the first `count`. */
// @ts-ignore: decorator
@inline
function loadFirst(from: usize, count: isize): v128 {
  if (count >= 4) return v128.load(from);
  const lanes = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(<i32> count));
  return count <= 0 ? f32x4.splat(0) : v128.and(v128.load(from), lanes);
}

/** Float32 numbers as words of float16: rounded to even, as IEEE 754 does it, subnormal ones to 2^-24. */
// @ts-ignore: decorator
@inline
function toHalf(x: v128): v128 {
  const tiny = f32x4.lt(f32x4.abs(x), f32x4.splat(0.00006103515625)); // 2^-14
  const grid = f32x4.splat(0.75); // whose last bit is 2^-24
  x = v128.bitselect(f32x4.sub(f32x4.add(x, grid), grid), x, tiny);
  const size = v128.and(x, i32x4.splat(0x7FFFFFFF));
  const tie = v128.and(i32x4.shr_u(size, 13), i32x4.splat(1));
  const rounded = i32x4.shr_u(i32x4.add(i32x4.add(size, i32x4.splat(0xFFF)), tie), 13);
  return v128.and(i32x4.sub(rounded, i32x4.splat(UNSCALE)), f32x4.ne(x, f32x4.splat(0)));
}

/**
 * Packs `count` float32 numbers of each of some rows; distances between rows in bytes. Returns 1, or 0 when a
 * number is 128 or more, infinite or NaN, and float16 was asked for.
 */
export function packRows(
  from: usize, fromRow: usize, to: usize, toRow: usize, rows: usize, count: usize, kind: i32,
): i32 {
  let largest = i32x4.splat(0);
  for (let r: usize = 0; r < rows; r++, from += fromRow, to += toRow) {
    for (let k: usize = 0; k < count; k += 8) {
      const at = from + (k << 2), left = <isize> (count - k);
      const x = loadFirst(at, left), y = loadFirst(at + 16, left - 4);
      if (!kind) {
        v128.store(to + (k << 2), x), v128.store(to + (k << 2), y, 16);
        continue;
      }
      let a = i32x4.shr_u(x, 16), b = i32x4.shr_u(y, 16); // of bfloat16 nothing is lost
      if (kind == HALF) {
        const c = toHalf(x), d = toHalf(y), sign = i32x4.splat(0x8000);
        largest = i32x4.max_u(largest, i32x4.max_u(c, d));
        a = v128.or(c, v128.and(a, sign)), b = v128.or(d, v128.and(b, sign));
      }
      v128.store(to + (k << 1), i16x8.narrow_i32x4_u(a, b));
    }
  }
  return i32(!v128.any_true(i32x4.gt_u(largest, i32x4.splat(0x7FFF))));
}

/** Rows as float32 again, the first `count` numbers of each. */
export function unpackRows(
  from: usize, fromRow: usize, to: usize, toRow: usize, rows: usize, count: usize, kind: i32,
): void {
  for (let r: usize = 0; r < rows; r++, from += fromRow, to += toRow) {
    if (kind == HALF) unpackRow(from, to, count, HALF);
    else if (kind) unpackRow(from, to, count, 2);
    else memory.copy(to, from, count << 2);
  }
}

// @ts-ignore: decorator
@inline
function unpackRow(from: usize, to: usize, count: usize, kind: i32): void {
  const scale = f32x4.splat(kind == HALF ? SCALE : 1);
  for (let k: usize = 0; k < count; k += 8, from += 16, to += 32) {
    const words = v128.load(from);
    const a = f32x4.mul(even(kind, words), scale), b = f32x4.mul(odd(kind, words), scale);
    storeSome(to, v128.shuffle<f32>(a, b, 0, 4, 1, 5), count - k);
    if (count - k > 4) storeSome(to + 16, v128.shuffle<f32>(a, b, 2, 6, 3, 7), count - k - 4);
  }
}

/** Rows of x [M, K] as `dotRows` wants them: padded, and for halves those of even place first, and scaled. */
export function arrangeRows(x: usize, to: usize, M: usize, K: usize, kind: i32): void {
  const scale = f32x4.splat(kind == HALF ? SCALE : 1), wide = sixteen(K);
  for (let i: usize = 0; i < M; i++, x += K << 2) {
    for (let k: usize = 0; k < wide; k += 8, to += 32) {
      const left = <isize> K - <isize> k, at = x + (k << 2);
      const a = loadFirst(at, left), b = loadFirst(at + 16, left - 4);
      if (kind) {
        v128.store(to, f32x4.mul(v128.shuffle<f32>(a, b, 0, 2, 4, 6), scale));
        v128.store(to, f32x4.mul(v128.shuffle<f32>(a, b, 1, 3, 5, 7), scale), 16);
      } else v128.store(to, a), v128.store(to, b, 16);
    }
  }
}

/** C[i, n] = Σₖ x[i, k]·W[n, k] for arranged rows of x and packed rows of W; `wRow` and `cRow` in bytes. */
export function dotRows(
  x: usize, M: usize, K: usize, w: usize, wRow: usize, N: usize, c: usize, cRow: usize, kind: i32,
): void {
  const wide = sixteen(K) << 2;
  for (let n: usize = 0; n < N; n++, w += wRow, c += 4) {
    for (let i: usize = 0, at = x, to = c; i < M; i++, at += wide, to += cRow) {
      if (kind == HALF) store<f32>(to, dotHalf(at, at + wide, w, HALF));
      else if (kind) store<f32>(to, dotHalf(at, at + wide, w, 2));
      else store<f32>(to, dot(at, at + wide, w));
    }
  }
}

// @ts-ignore: decorator
@inline
function dot(x: usize, end: usize, w: usize): f32 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (; x < end; x += 64, w += 64) {
    s0 = fma(v128.load(x), v128.load(w), s0), s1 = fma(v128.load(x, 16), v128.load(w, 16), s1);
    s2 = fma(v128.load(x, 32), v128.load(w, 32), s2), s3 = fma(v128.load(x, 48), v128.load(w, 48), s3);
  }
  return sumLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
}

// @ts-ignore: decorator
@inline
function dotHalf(x: usize, end: usize, w: usize, kind: i32): f32 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (; x < end; x += 64, w += 32) {
    let words = v128.load(w);
    s0 = fma(v128.load(x), even(kind, words), s0), s1 = fma(v128.load(x, 16), odd(kind, words), s1);
    words = v128.load(w, 16);
    s2 = fma(v128.load(x, 32), even(kind, words), s2), s3 = fma(v128.load(x, 48), odd(kind, words), s3);
  }
  return sumLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
}
