/**
 * Matrix product with few rows, C [M, N] (+)= A [M, K]·B for M ≤ 8, as in decoding one token at a time.
 *
 * Every number of B is used only M times, so packing it would cost more than multiplying: B is read in the
 * order in which it lies in memory, once, and the speed is that of the memory.
 */
import { fma, storeSome } from "./lanes";

const COLUMNS: usize = 1024; // of C at a time, which stay in the first-level cache

/** B [K, N]: C[i, :] += A[i, k]·B[k, :], for four rows of B at a time. A's steps are in bytes. */
export function rowsTimes(
  M: usize, N: usize, K: usize,
  a: usize, aRow: usize, aStep: usize, b: usize, bRow: usize, c: usize, cRow: usize, accumulate: bool,
): void {
  for (let j: usize = 0; j < N; j += COLUMNS, b += COLUMNS << 2, c += COLUMNS << 2) {
    const columns = min(N - j, COLUMNS);
    if (!accumulate) {
      for (let i: usize = 0; i < M; i++) memory.fill(c + i * cRow, 0, columns << 2);
    }
    const fours = K & ~3;
    for (let k: usize = 0; k < fours; k += 4) {
      for (let i: usize = 0; i < M; i++) {
        addFour(a + i * aRow + k * aStep, aStep, b + k * bRow, bRow, c + i * cRow, columns);
      }
    }
    for (let k = fours; k < K; k++) {
      for (let i: usize = 0; i < M; i++) {
        addOne(a + i * aRow + k * aStep, b + k * bRow, c + i * cRow, columns);
      }
    }
  }
}

/** c += Σ a[k]·b[k, :] for four k: more rows of B at once would push each other out of the cache. */
function addFour(a: usize, aStep: usize, b: usize, bRow: usize, c: usize, columns: usize): void {
  const x0 = v128.load32_splat(a), x1 = v128.load32_splat(a + aStep);
  const x2 = v128.load32_splat(a + 2 * aStep), x3 = v128.load32_splat(a + 3 * aStep);
  let b1 = b + bRow, b2 = b1 + bRow, b3 = b2 + bRow;
  const whole = columns & ~3;
  for (const end = b + (whole << 2); b < end; b += 16, b1 += 16, b2 += 16, b3 += 16, c += 16) {
    v128.store(c, plusFour(v128.load(c), x0, b, x1, b1, x2, b2, x3, b3));
  }
  if (columns > whole) storeSome(c, plusFour(v128.load(c), x0, b, x1, b1, x2, b2, x3, b3), columns - whole);
}

// @ts-ignore: decorator
@inline
function plusFour(
  c: v128, x0: v128, b0: usize, x1: v128, b1: usize, x2: v128, b2: usize, x3: v128, b3: usize,
): v128 {
  const even = fma(x2, v128.load(b2), fma(x0, v128.load(b0), c));
  return f32x4.add(even, fma(x3, v128.load(b3), f32x4.mul(x1, v128.load(b1))));
}

/** c += a·b[:]. */
function addOne(a: usize, b: usize, c: usize, columns: usize): void {
  const x = v128.load32_splat(a);
  for (let j: usize = 0; j < columns; j += 4, b += 16, c += 16) {
    storeSome(c, fma(x, v128.load(b), v128.load(c)), columns - j);
  }
}

/** B stored as [N, K]: C[i, n] (+)= Σₖ A[i, k]·B[n, k], for four rows of B at a time. */
export function rowsTimesTransposed(
  M: usize, N: usize, K: usize,
  a: usize, aRow: usize, b: usize, bRow: usize, c: usize, cRow: usize, accumulate: bool,
): void {
  for (let n: usize = 0; n < N; n += 4, b += bRow << 2, c += 16) {
    const last = min<usize>(N - n, 4) - 1; // rows past the last repeat it
    const b1 = b + min<usize>(1, last) * bRow, b2 = b + min<usize>(2, last) * bRow,
      b3 = b + min<usize>(3, last) * bRow;
    for (let i: usize = 0; i < M; i++) {
      let sums = dots(a + i * aRow, b, b1, b2, b3, K);
      const to = c + i * cRow;
      if (accumulate) sums = f32x4.add(sums, v128.load(to));
      storeSome(to, sums, last + 1);
    }
  }
}

/** (x·b₀, x·b₁, x·b₂, x·b₃). */
function dots(x: usize, b0: usize, b1: usize, b2: usize, b3: usize, K: usize): v128 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  const whole = x + ((K & ~3) << 2), end = x + (K << 2);
  for (; x < whole; x += 16, b0 += 16, b1 += 16, b2 += 16, b3 += 16) {
    const value = v128.load(x);
    s0 = fma(value, v128.load(b0), s0), s1 = fma(value, v128.load(b1), s1);
    s2 = fma(value, v128.load(b2), s2), s3 = fma(value, v128.load(b3), s3);
  }
  for (; x < end; x += 4, b0 += 4, b1 += 4, b2 += 4, b3 += 4) {
    const value = v128.load32_zero(x);
    s0 = fma(value, v128.load32_zero(b0), s0), s1 = fma(value, v128.load32_zero(b1), s1);
    s2 = fma(value, v128.load32_zero(b2), s2), s3 = fma(value, v128.load32_zero(b3), s3);
  }
  // The sums across four registers are the sums of the columns after they are turned.
  const low = f32x4.add(v128.shuffle<f32>(s0, s1, 0, 4, 1, 5), v128.shuffle<f32>(s0, s1, 2, 6, 3, 7));
  const high = f32x4.add(v128.shuffle<f32>(s2, s3, 0, 4, 1, 5), v128.shuffle<f32>(s2, s3, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f64>(low, high, 0, 2), v128.shuffle<f64>(low, high, 1, 3));
}
