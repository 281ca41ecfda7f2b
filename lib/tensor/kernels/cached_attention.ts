/**
 * Attention from new positions to all positions so far, whose keys and values are kept.
 *
 * B batch, T new positions, H heads, D = C / H; qkv [B, T, 3C], out [B, T, C]. Of L positions that fit,
 * keys [B, H, D, L′] and values [B, H, L′, D′], where ′ rounds up to a multiple of four: keys lie along
 * the positions, so that four scores are computed at once, values along the width.
 */
import { fma } from "./lanes";
import { copyRow, four } from "./parts";
import { softmax } from "./softmax";

/** Bytes of scratch for L positions. */
export function cachedAttentionScratch(L: usize, D: usize): usize {
  return (four(L) + four(D)) << 2;
}

/** `past` positions are kept already; the new ones are added and attended from. */
export function cachedAttention(
  qkv: usize, keys: usize, values: usize, out: usize,
  B: usize, T: usize, H: usize, D: usize, L: usize, past: usize, scratch: usize,
): void {
  const C = H * D, long = four(L) << 2, wide = four(D) << 2;
  const scores = scratch, mixed = scratch + long;
  for (let b: usize = 0; b < B; b++) {
    for (let h: usize = 0; h < H; h++, keys += D * long, values += four(L) * wide) {
      for (let i: usize = 0; i < T; i++) {
        const from = qkv + (((b * T + i) * 3 * C + h * D) << 2), position = past + i;
        for (let d: usize = 0; d < D; d++) {
          store<f32>(keys + d * long + (position << 2), load<f32>(from + ((C + d) << 2)));
        }
        copyRow(from + ((2 * C) << 2), values + position * wide, D);
        scoreRow(from, keys, long, D, position + 1, scores);
        softmax(scores, scores, 1, position + 1);
        mixRow(scores, values, wide, position + 1, mixed);
        copyRow(mixed, out + (((b * T + i) * C + h * D) << 2), D);
      }
    }
  }
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
