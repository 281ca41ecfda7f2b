/**
 * A whole sequence of gated recurrent units, four sequences of the batch at a time.
 *
 * r = σ(xʳ + h·Uʳ + bʳ), z = σ(xᶻ + h·Uᶻ + bᶻ), g = h·Uⁿ + bⁿ, n = tanh(xⁿ + r∘g), h' = n + z∘(h − n)
 *
 * B batch, T time, C width, C′ = C rounded up to a multiple of four; x [B, T, 3C] in the order reset,
 * update, new, U [C, 3C], b [3C], h [B, T, C]. `gates` [B, T, 4, C′] keeps r, z, n and g for the way back.
 */
import { fma } from "./lanes";
import { mix } from "./mix";
import { pad, padTransposed } from "./padding";
import { copyRow, four, loadPart, storePart } from "./parts";
import { shift } from "./rnn";
import { sigmoid, tanh } from "./transcendental";

// @ts-ignore: decorator
@inline
function get(from: usize, left: usize): v128 {
  return left < 4 ? loadPart(from, left) : v128.load(from);
}

// @ts-ignore: decorator
@inline
function put(to: usize, x: v128, left: usize): void {
  if (left < 4) storePart(to, x, left);
  else v128.store(to, x);
}

/** Bytes of scratch for both ways. */
export function gruScratch(C: usize): usize {
  return (3 * four(C) * (four(C) + 1 + 4) + 4 * four(C)) << 2;
}

/** All states, h; `gates` may be 0: then they are not kept. */
export function gru(
  x: usize, initial: usize, recurrent: usize, bias: usize, h: usize, gates: usize,
  B: usize, T: usize, C: usize, scratch: usize,
): void {
  const wide = four(C) << 2, row = C << 2;
  const weights = scratch, biases = weights + 3 * C * wide, sums = biases + 3 * wide;
  for (let gate: usize = 0; gate < 3; gate++) {
    for (let i: usize = 0; i < C; i++) {
      pad(recurrent + (3 * i + gate) * row, 0, 1, C, weights + (3 * i + gate) * wide, wide, 1);
    }
    pad(bias + gate * row, 0, 1, C, biases + gate * wide, wide, 1);
  }
  for (let b: usize = 0; b < B; b += 4) {
    const rows = min<usize>(4, B - b);
    let from = initial + b * row, stride = row;
    for (let t: usize = 0; t < T; t++) {
      mix(from, stride, rows, weights, 3 * wide, C, 3 * four(C), sums, 3 * wide, false);
      for (let r: usize = 0; r < rows; r++) {
        const step = (b + r) * T + t;
        cell(
          x + 3 * step * row, from + r * stride, sums + 3 * r * wide, biases,
          h + step * row, gates ? gates + 4 * step * wide : 0, C,
        );
      }
      from = h + (b * T + t) * row, stride = T * row;
    }
  }
}

// @ts-ignore: decorator
@inline
function cell(
  x: usize, before: usize, sums: usize, biases: usize, h: usize, gates: usize, C: usize,
): void {
  const wide = four(C) << 2, row = C << 2;
  for (let j: usize = 0; j < wide; j += 16) {
    const left = (row - j) >> 2;
    const toReset = f32x4.add(v128.load(sums + j), v128.load(biases + j));
    const toUpdate = f32x4.add(v128.load(sums + wide + j), v128.load(biases + wide + j));
    const g = f32x4.add(v128.load(sums + 2 * wide + j), v128.load(biases + 2 * wide + j));
    const r = sigmoid(f32x4.add(get(x + j, left), toReset));
    const z = sigmoid(f32x4.add(get(x + row + j, left), toUpdate));
    const n = tanh(fma(r, g, get(x + 2 * row + j, left)));
    put(h + j, fma(z, f32x4.sub(get(before + j, left), n), n), left);
    if (gates) {
      v128.store(gates + j, r);
      v128.store(gates + wide + j, z);
      v128.store(gates + 2 * wide + j, n);
      v128.store(gates + 3 * wide + j, g);
    }
  }
}

/**
 * From the gradient by every state, dH, those by x and initial, and dSums [B, T, 3C] by h·U + b. What is
 * left are dU = previousᵀ·dSums and db = Σ dSums, with `previous` [B, T, C], the states before each step.
 */
export function gruGradient(
  dH: usize, h: usize, initial: usize, recurrent: usize, gates: usize,
  dX: usize, dInitial: usize, dSums: usize, previous: usize,
  B: usize, T: usize, C: usize, scratch: usize,
): void {
  const wide = four(C) << 2, row = C << 2;
  const weights = scratch, padded = weights + 3 * four(C) * wide, carry = padded + 12 * wide;
  memory.fill(weights, 0, 3 * four(C) * wide);
  for (let gate: usize = 0; gate < 3; gate++) {
    const to = weights + gate * four(C) * wide;
    padTransposed(recurrent + gate * row, 3 * row, C, C, to, wide);
  }
  shift(h, initial, previous, B, T, C);
  for (let b: usize = 0; b < B; b += 4) {
    const rows = min<usize>(4, B - b);
    memory.fill(carry, 0, 4 * wide);
    for (let t: usize = T; t-- > 0;) {
      for (let r: usize = 0; r < rows; r++) {
        const step = (b + r) * T + t;
        cellGradient(
          dH + step * row, previous + step * row, gates + 4 * step * wide, carry + r * wide,
          dX + 3 * step * row, dSums + 3 * step * row, padded + 3 * r * wide, C,
        );
      }
      const depth = 3 * four(C);
      mix(padded, 3 * wide, rows, weights, wide, depth, four(C), carry, wide, true);
    }
    for (let r: usize = 0; r < rows; r++) copyRow(carry + r * wide, dInitial + (b + r) * row, C);
  }
}

/** Leaves in `carry` what reaches the state before directly, dh∘z. */
// @ts-ignore: decorator
@inline
function cellGradient(
  dH: usize, before: usize, gates: usize, carry: usize,
  dX: usize, dSums: usize, padded: usize, C: usize,
): void {
  const wide = four(C) << 2, row = C << 2, one = f32x4.splat(1);
  for (let j: usize = 0; j < wide; j += 16) {
    const left = (row - j) >> 2;
    const r = v128.load(gates + j), z = v128.load(gates + wide + j),
      n = v128.load(gates + 2 * wide + j), g = v128.load(gates + 3 * wide + j);
    const above = f32x4.add(get(dH + j, left), v128.load(carry + j));
    const update = f32x4.mul(f32x4.mul(above, f32x4.sub(get(before + j, left), n)), slope(z));
    const fresh = f32x4.mul(
      f32x4.mul(above, f32x4.sub(one, z)),
      f32x4.sub(one, f32x4.mul(n, n)),
    );
    const reset = f32x4.mul(f32x4.mul(fresh, g), slope(r)), gated = f32x4.mul(fresh, r);
    v128.store(carry + j, f32x4.mul(above, z));
    put(dX + j, reset, left), put(dX + row + j, update, left), put(dX + 2 * row + j, fresh, left);
    put(dSums + j, reset, left), put(dSums + row + j, update, left);
    put(dSums + 2 * row + j, gated, left);
    v128.store(padded + j, reset), v128.store(padded + wide + j, update);
    v128.store(padded + 2 * wide + j, gated);
  }
}

/** σ′ = σ(1 − σ). */
// @ts-ignore: decorator
@inline
function slope(sigma: v128): v128 {
  return f32x4.mul(sigma, f32x4.sub(f32x4.splat(1), sigma));
}
