/**
 * Causal self-attention over all heads: out = softmax(q·kᵀ/√D + mask)·v.
 *
 * B batch, T time, C width, H heads, D = C / H; qkv [B, T, 3C], out [B, T, C]. T′ and D′ are T and D
 * rounded up to multiples of four. Four rows of scores are worked on at a time, up to the diagonal only.
 *
 *              k₀ … … kᵢ          weights [B, H, T′, T′] keep the softmax for the way back.
 *         qᵢ ┌──────┐─────┐       In its rows what lies in the future is 0.
 *  four rows │scores│  0  │
 *            └──────┘─────┘
 */
import { causalSoftmax, softmaxGradient } from "./attention_softmax";
import { mix, mixColumns } from "./mix";
import { pad, padTransposed } from "./padding";
import { copyRow, four } from "./parts";

/** Bytes of scratch for the way forward and the way back. */
export function attentionScratch(T: usize, D: usize): usize {
  return (4 * four(T) * four(D) + 4 * four(D) + four(T) * four(T)) << 2;
}

/** `weights` may be 0: then they are not kept. */
export function attention(
  qkv: usize, out: usize, weights: usize, B: usize, T: usize, H: usize, D: usize, scratch: usize,
): void {
  const C = H * D, row = (3 * C) << 2, wide = four(D) << 2, long = four(T) << 2;
  const query = scratch, value = query + four(T) * wide, mixed = value + four(T) * wide,
    keys = mixed + 4 * wide, scores = keys + D * long;
  for (let b: usize = 0; b < B; b++) {
    for (let h: usize = 0; h < H; h++) {
      const from = qkv + b * T * row + ((h * D) << 2);
      pad(from, row, T, D, query, wide, four(T));
      scale(query, four(T) * wide, 1 / sqrt<f32>(<f32>D));
      padTransposed(from + (C << 2), row, T, D, keys, long);
      pad(from + ((2 * C) << 2), row, T, D, value, wide, four(T));
      for (let i: usize = 0; i < T; i += 4) {
        const n = i + 4, block = weights ? weights + i * long : scores;
        mix(query + i * wide, wide, 4, keys, long, D, n, block, long, false);
        causalSoftmax(block, long, n);
        if (weights) clearFuture(block, long, n << 2);
        mix(block, long, 4, value, wide, n, four(D), mixed, wide, false);
        const to = out + (((b * T + i) * C + h * D) << 2);
        copyRows(mixed, wide, to, C << 2, min<usize>(4, T - i), D);
      }
      if (weights) weights += four(T) * long;
    }
  }
}

// @ts-ignore: decorator
@inline
function scale(at: usize, bytes: usize, by: f32): void {
  const factor = f32x4.splat(by);
  for (const end = at + bytes; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), factor));
}

function clearFuture(block: usize, long: usize, filled: usize): void {
  for (let r: usize = 0; r < 4; r++, block += long) {
    for (let j = filled; j < long; j += 16) v128.store(block + j, f32x4.splat(0));
  }
}

// @ts-ignore: decorator
@inline
function copyRows(from: usize, fromRow: usize, to: usize, toRow: usize, rows: usize, count: usize): void {
  for (let r: usize = 0; r < rows; r++, from += fromRow, to += toRow) copyRow(from, to, count);
}

/**
 * From the gradient by out, dOut, that by qkv. With weights P: dV = Pᵀ·dOut, dP = dOut·vᵀ, the scores'
 * gradient dS = P∘(dP − Σⱼ P∘dP)/√D, dQ = dS·k, dK = dSᵀ·q.
 */
export function attentionGradient(
  dOut: usize, qkv: usize, weights: usize, dQkv: usize,
  B: usize, T: usize, H: usize, D: usize, scratch: usize,
): void {
  const C = H * D, row = (3 * C) << 2, wide = four(D) << 2, long = four(T) << 2, size = four(T) * wide;
  const query = scratch, key = query + size, above = key + size, values = above + size,
    mixed = values + D * long, scores = mixed + 4 * wide;
  for (let b: usize = 0; b < B; b++) {
    for (let h: usize = 0; h < H; h++, weights += four(T) * long) {
      const from = qkv + b * T * row + ((h * D) << 2), to = dQkv + b * T * row + ((h * D) << 2);
      pad(from, row, T, D, query, wide, four(T));
      pad(from + (C << 2), row, T, D, key, wide, four(T));
      padTransposed(from + ((2 * C) << 2), row, T, D, values, long);
      pad(dOut + ((b * T * C + h * D) << 2), C << 2, T, D, above, wide, four(T));
      for (let i: usize = 0; i < T; i += 4) {
        const n = i + 4, block = scores + i * long;
        mix(above + i * wide, wide, 4, values, long, D, n, block, long, false);
        softmaxGradient(weights + i * long, block, long, n, 1 / sqrt<f32>(<f32>D));
        mix(block, long, 4, key, wide, n, four(D), mixed, wide, false);
        copyRows(mixed, wide, to + i * row, row, min<usize>(4, T - i), D);
      }
      for (let j: usize = 0; j < T; j += 4) {
        // from the diagonal on down: before it, weights and gradient are 0
        const at = j * long + (j << 2), depth = four(T) - j, rows = min<usize>(4, T - j);
        mixColumns(scores + at, long, query + j * wide, wide, depth, four(D), mixed, wide);
        copyRows(mixed, wide, to + j * row + (C << 2), row, rows, D);
        mixColumns(weights + at, long, above + j * wide, wide, depth, four(D), mixed, wide);
        copyRows(mixed, wide, to + j * row + ((2 * C) << 2), row, rows, D);
      }
    }
  }
}
