/**
 * Attention from new positions to all positions so far, whose keys and values are kept.
 *
 * B batch, T new positions, H heads, D = C / H; qkv [B, T, 3C], out [B, T, C]. Of L positions that fit,
 * keys [B, H, D, L′] and values [B, H, L′, D′], where ′ rounds up to a multiple of four: keys lie along
 * the positions, so that four scores are computed at once, values along the width.
 *
 * Many new positions, as of a prompt, are worked on four at a time, which read keys and values once; the
 * blocks begin at multiples of four, so that the diagonal runs through the last four columns of each.
 */
import { causalSoftmax } from "./attention_softmax";
import { fma } from "./lanes";
import { mix } from "./mix";
import { copyRow, four } from "./parts";
import { softmax } from "./softmax";

/** Bytes of scratch for L positions. */
export function cachedAttentionScratch(L: usize, D: usize): usize {
  return 4 * (four(L) + 2 * four(D)) << 2;
}

/**
 * `past` positions are kept already; the new ones are added and attended from. Of all B·H heads it works on
 * `count` from the `first` on.
 */
export function cachedAttention(
  qkv: usize, keys: usize, values: usize, out: usize,
  T: usize, H: usize, D: usize, L: usize, past: usize, first: usize, count: usize, scratch: usize,
): void {
  const C = H * D, row = (3 * C) << 2, long = four(L) << 2, wide = four(D) << 2, end = past + T;
  keys += first * D * long, values += first * four(L) * wide;
  for (let head = first; head < first + count; head++, keys += D * long, values += four(L) * wide) {
    const b = head / H, h = head % H;
    const from = qkv + b * T * row + ((h * D) << 2), to = out + ((b * T * C + h * D) << 2);
    keep(from + (C << 2), row, keys + (past << 2), long, values + past * wide, wide, T, D);
    for (let position = past; position < end; ) {
      const q = from + (position - past) * row, y = to + (((position - past) * C) << 2);
      const block = !(position & 3) && position + 4 <= end;
      if (block) attendFour(q, row, keys, long, values, wide, D, position + 4, y, C << 2, scratch);
      else attendOne(q, keys, long, values, wide, D, position + 1, y, scratch);
      position += block ? 4 : 1;
    }
  }
}

/** Keys [T, D] become columns, values [T, D], which lie D·H numbers behind them in a row, become rows. */
function keep(
  from: usize, row: usize, keys: usize, long: usize, values: usize, wide: usize, T: usize, D: usize,
): void {
  const toValues = row / 3;
  for (let i: usize = 0; i < T; i++, from += row, keys += 4, values += wide) {
    for (let d: usize = 0; d < D; d++) store<f32>(keys + d * long, load<f32>(from + (d << 2)));
    copyRow(from + toValues, values, D);
  }
}

/** From one position to the first n. */
function attendOne(
  q: usize, keys: usize, long: usize, values: usize, wide: usize, D: usize, n: usize,
  y: usize, scratch: usize,
): void {
  const scores = scratch, mixed = scratch + long;
  scoreRow(q, keys, long, D, n, scores);
  softmax(scores, scores, 1, n);
  mixRow(scores, values, wide, n, mixed);
  copyRow(mixed, y, D);
}

/** From four positions, of which the last sees the first n, the one before n − 1, and so on. */
function attendFour(
  q: usize, row: usize, keys: usize, long: usize, values: usize, wide: usize, D: usize, n: usize,
  y: usize, yRow: usize, scratch: usize,
): void {
  const scores = scratch, scaled = scratch + 4 * long, mixed = scaled + 4 * wide;
  const scale = f32x4.splat(1 / sqrt<f32>(<f32>D));
  for (let r: usize = 0; r < 4; r++) {
    const from = q + r * row, to = scaled + r * wide;
    for (let d: usize = 0; d < wide; d += 16) v128.store(to + d, f32x4.mul(v128.load(from + d), scale));
  }
  mix(scaled, wide, 4, keys, long, D, n, scores, long, false);
  causalSoftmax(scores, long, n);
  mix(scores, long, 4, values, wide, n, four(D), mixed, wide, false);
  for (let r: usize = 0; r < 4; r++) copyRow(mixed + r * wide, y + r * yRow, D);
}

/** scores[j] = Σ over d of q[d]·keys[d, j]/√D for j < n. */
function scoreRow(q: usize, keys: usize, long: usize, D: usize, n: usize, scores: usize): void {
  const scale = f32x4.splat(1 / sqrt<f32>(<f32>D)), end = four(n) << 2, qEnd = q + (D << 2);
  let j: usize = 0;
  for (; j + 64 <= end; j += 64) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (let d = q, at = keys + j; d < qEnd; d += 4, at += long) {
      const x = v128.load32_splat(d);
      s0 = fma(x, v128.load(at), s0), s1 = fma(x, v128.load(at, 16), s1);
      s2 = fma(x, v128.load(at, 32), s2), s3 = fma(x, v128.load(at, 48), s3);
    }
    const to = scores + j;
    v128.store(to, f32x4.mul(s0, scale)), v128.store(to, f32x4.mul(s1, scale), 16);
    v128.store(to, f32x4.mul(s2, scale), 32), v128.store(to, f32x4.mul(s3, scale), 48);
  }
  for (; j < end; j += 16) {
    let sum = f32x4.splat(0);
    for (let d = q, at = keys + j; d < qEnd; d += 4, at += long) {
      sum = fma(v128.load32_splat(d), v128.load(at), sum);
    }
    v128.store(scores + j, f32x4.mul(sum, scale));
  }
}

/** mixed[d] = Σ over j < n of weights[j]·values[j, d]. */
function mixRow(weights: usize, values: usize, wide: usize, n: usize, mixed: usize): void {
  const end = weights + (n << 2);
  let d: usize = 0;
  for (; d + 64 <= wide; d += 64) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (let j = weights, at = values + d; j < end; j += 4, at += wide) {
      const x = v128.load32_splat(j);
      s0 = fma(x, v128.load(at), s0), s1 = fma(x, v128.load(at, 16), s1);
      s2 = fma(x, v128.load(at, 32), s2), s3 = fma(x, v128.load(at, 48), s3);
    }
    const to = mixed + d;
    v128.store(to, s0), v128.store(to, s1, 16), v128.store(to, s2, 32), v128.store(to, s3, 48);
  }
  for (; d < wide; d += 16) {
    let even = f32x4.splat(0), odd = even;
    let j = weights, at = values + d;
    for (; j + 4 < end; j += 8, at += wide + wide) {
      even = fma(v128.load32_splat(j), v128.load(at), even);
      odd = fma(v128.load32_splat(j, 4), v128.load(at + wide), odd);
    }
    if (j < end) even = fma(v128.load32_splat(j), v128.load(at), even);
    v128.store(mixed + d, f32x4.add(even, odd));
  }
}
