/**
 * A whole sequence of the tanh cell, hₜ = tanh(xₜ + hₜ₋₁·U), four sequences of the batch at a time.
 *
 * B batch, T time, C width, C′ = C rounded up to a multiple of four; x and h [B, T, C], initial [B, C],
 * U [C, C].
 */
import { mix } from "./mix";
import { pad, padTransposed } from "./padding";
import { copyRow, four, loadPart, storePart } from "./parts";
import { tanh } from "./transcendental";

/** Bytes of scratch for both ways. */
export function rnnScratch(C: usize): usize {
  return ((C + 4) * four(C)) << 2;
}

/** All states, h. */
export function rnn(
  x: usize, initial: usize, recurrent: usize, h: usize, B: usize, T: usize, C: usize, scratch: usize,
): void {
  const wide = four(C) << 2, row = C << 2;
  const weights = scratch, sums = scratch + C * wide;
  pad(recurrent, row, C, C, weights, wide, C);
  for (let b: usize = 0; b < B; b += 4) {
    const rows = min<usize>(4, B - b), first = b * T * row;
    let from = initial + b * row, stride = row;
    for (let t: usize = 0; t < T; t++) {
      mix(from, stride, rows, weights, wide, C, four(C), sums, wide, false);
      from = h + first + t * row, stride = T * row;
      for (let r: usize = 0; r < rows; r++) {
        const at = first + (r * T + t) * row;
        tanhOfSum(x + at, sums + r * wide, h + at, C);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function tanhOfSum(x: usize, sums: usize, h: usize, C: usize): void {
  const whole = (C & ~3) << 2, rest = C & 3;
  for (let j: usize = 0; j < whole; j += 16) {
    v128.store(h + j, tanh(f32x4.add(v128.load(x + j), v128.load(sums + j))));
  }
  if (rest) {
    storePart(h + whole, tanh(f32x4.add(loadPart(x + whole, rest), v128.load(sums + whole))), rest);
  }
}

/**
 * From the gradient by every state, dH, those by x and initial; dU = Σ hₜ₋₁ᵀ·dxₜ is left to a matrix
 * product with `previous` [B, T, C], the states before each step, which is written here.
 */
export function rnnGradient(
  dH: usize, h: usize, initial: usize, recurrent: usize, dX: usize, dInitial: usize, previous: usize,
  B: usize, T: usize, C: usize, scratch: usize,
): void {
  const wide = four(C) << 2, row = C << 2;
  const weights = scratch, carry = scratch + C * wide;
  padTransposed(recurrent, row, C, C, weights, wide);
  shift(h, initial, previous, B, T, C);
  for (let b: usize = 0; b < B; b += 4) {
    const rows = min<usize>(4, B - b), first = b * T * row;
    memory.fill(carry, 0, 4 * wide);
    for (let t: usize = T; t-- > 0;) {
      for (let r: usize = 0; r < rows; r++) {
        const at = first + (r * T + t) * row;
        throughTanh(dH + at, carry + r * wide, h + at, dX + at, C);
      }
      const from = dX + first + t * row;
      mix(from, T * row, rows, weights, wide, C, four(C), carry, wide, false);
    }
    for (let r: usize = 0; r < rows; r++) copyRow(carry + r * wide, dInitial + (b + r) * row, C);
  }
}

/** dx = (dh + carry)·(1 − h²). */
// @ts-ignore: decorator
@inline
function throughTanh(dH: usize, carry: usize, h: usize, dX: usize, C: usize): void {
  const whole = (C & ~3) << 2, rest = C & 3, one = f32x4.splat(1);
  for (let j: usize = 0; j < whole; j += 16) {
    const state = v128.load(h + j), above = f32x4.add(v128.load(dH + j), v128.load(carry + j));
    v128.store(dX + j, f32x4.mul(above, f32x4.sub(one, f32x4.mul(state, state))));
  }
  if (rest) {
    const state = loadPart(h + whole, rest);
    const above = f32x4.add(loadPart(dH + whole, rest), v128.load(carry + whole));
    storePart(dX + whole, f32x4.mul(above, f32x4.sub(one, f32x4.mul(state, state))), rest);
  }
}

/** previous[b] = initial[b], h[b, 0], … h[b, T − 2]. */
export function shift(h: usize, initial: usize, previous: usize, B: usize, T: usize, C: usize): void {
  const row = C << 2, sequence = T * row;
  for (let b: usize = 0; b < B; b++, h += sequence, initial += row, previous += sequence) {
    copyRow(initial, previous, C);
    copyRow(h, previous + row, (T - 1) * C);
  }
}
