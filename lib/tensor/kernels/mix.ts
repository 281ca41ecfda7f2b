/**
 * Products of four rows at a time with a small matrix that stays in the cache: the inner step of
 * attention and of the recurrent cells, where a whole matrix product would cost more in packing than
 * in multiplying.
 *
 * All strides are in bytes; `columns` is a multiple of four.
 */
import { fma } from "./lanes";

/** Four rows of numbers: where the first is, and how far apart they are. */
// @ts-ignore: decorator
@inline
function rowOf(base: usize, stride: usize, rows: usize, row: usize): usize {
  return base + min<usize>(row, rows - 1) * stride;
}

/**
 * out[r] (+)= Σₖ w[r, k]·v[k] for four rows r, v [depth, columns]. Of w only `rows` rows are read, the
 * others repeat the last; out has all four.
 */
export function mix(
  w: usize, wRow: usize, rows: usize,
  v: usize, vRow: usize, depth: usize, columns: usize,
  out: usize, outRow: usize, accumulate: bool,
): void {
  const w0 = w, w1 = rowOf(w, wRow, rows, 1), w2 = rowOf(w, wRow, rows, 2), w3 = rowOf(w, wRow, rows, 3);
  const width = columns << 2, pairs = width & ~31, end = depth << 2;
  let c: usize = 0;
  for (; c < pairs; c += 32) {
    let l0 = f32x4.splat(0), l1 = l0, l2 = l0, l3 = l0, r0 = l0, r1 = l0, r2 = l0, r3 = l0;
    let at = v + c;
    for (let k: usize = 0; k < end; k += 4, at += vRow) {
      const left = v128.load(at), right = v128.load(at, 16);
      let x = v128.load32_splat(w0 + k);
      l0 = fma(x, left, l0), r0 = fma(x, right, r0);
      x = v128.load32_splat(w1 + k);
      l1 = fma(x, left, l1), r1 = fma(x, right, r1);
      x = v128.load32_splat(w2 + k);
      l2 = fma(x, left, l2), r2 = fma(x, right, r2);
      x = v128.load32_splat(w3 + k);
      l3 = fma(x, left, l3), r3 = fma(x, right, r3);
    }
    let to = out + c;
    put(to, l0, accumulate), put(to + 16, r0, accumulate), to += outRow;
    put(to, l1, accumulate), put(to + 16, r1, accumulate), to += outRow;
    put(to, l2, accumulate), put(to + 16, r2, accumulate), to += outRow;
    put(to, l3, accumulate), put(to + 16, r3, accumulate);
  }
  if (c == width) return;
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  let at = v + c;
  for (let k: usize = 0; k < end; k += 4, at += vRow) {
    const x = v128.load(at);
    s0 = fma(v128.load32_splat(w0 + k), x, s0);
    s1 = fma(v128.load32_splat(w1 + k), x, s1);
    s2 = fma(v128.load32_splat(w2 + k), x, s2);
    s3 = fma(v128.load32_splat(w3 + k), x, s3);
  }
  let to = out + c;
  put(to, s0, accumulate), to += outRow;
  put(to, s1, accumulate), to += outRow;
  put(to, s2, accumulate), to += outRow;
  put(to, s3, accumulate);
}

// @ts-ignore: decorator
@inline
function put(to: usize, x: v128, accumulate: bool): void {
  v128.store(to, accumulate ? f32x4.add(v128.load(to), x) : x);
}

/** The same with w transposed: out[c] = Σₖ w[k, c]·v[k] for four columns c, of which w has `depth` rows. */
export function mixColumns(
  w: usize, wRow: usize, v: usize, vRow: usize, depth: usize, columns: usize, out: usize, outRow: usize,
): void {
  const width = columns << 2, pairs = width & ~31, end = w + depth * wRow;
  let c: usize = 0;
  for (; c < pairs; c += 32) {
    let l0 = f32x4.splat(0), l1 = l0, l2 = l0, l3 = l0, r0 = l0, r1 = l0, r2 = l0, r3 = l0;
    for (let k = w, at = v + c; k < end; k += wRow, at += vRow) {
      const left = v128.load(at), right = v128.load(at, 16);
      let x = v128.load32_splat(k);
      l0 = fma(x, left, l0), r0 = fma(x, right, r0);
      x = v128.load32_splat(k, 4);
      l1 = fma(x, left, l1), r1 = fma(x, right, r1);
      x = v128.load32_splat(k, 8);
      l2 = fma(x, left, l2), r2 = fma(x, right, r2);
      x = v128.load32_splat(k, 12);
      l3 = fma(x, left, l3), r3 = fma(x, right, r3);
    }
    let to = out + c;
    v128.store(to, l0), v128.store(to, r0, 16), to += outRow;
    v128.store(to, l1), v128.store(to, r1, 16), to += outRow;
    v128.store(to, l2), v128.store(to, r2, 16), to += outRow;
    v128.store(to, l3), v128.store(to, r3, 16);
  }
  if (c == width) return;
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (let k = w, at = v + c; k < end; k += wRow, at += vRow) {
    const x = v128.load(at);
    s0 = fma(v128.load32_splat(k), x, s0), s1 = fma(v128.load32_splat(k, 4), x, s1);
    s2 = fma(v128.load32_splat(k, 8), x, s2), s3 = fma(v128.load32_splat(k, 12), x, s3);
  }
  let to = out + c;
  v128.store(to, s0), to += outRow;
  v128.store(to, s1), to += outRow;
  v128.store(to, s2), to += outRow;
  v128.store(to, s3);
}
