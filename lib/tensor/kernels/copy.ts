/**
 * Moving numbers about: transpose, slice, concat, tile and pad are one copy with steps.
 *
 * y[i, j, k, l] = x[i, j, k, l] for a shape [I, J, K, L], where each side has its own step for each
 * dimension, in numbers of 4 bytes: a transpose reorders the steps of x, a slice starts at a later x, a
 * tile repeats with a step of 0, concat and pad write into a larger y. The innermost step of y is 1.
 */
import { copyRow } from "./parts";

export function copy(
  x: usize, y: usize,
  I: usize, iX: usize, iY: usize, J: usize, jX: usize, jY: usize,
  K: usize, kX: usize, kY: usize, L: usize, lX: usize,
): void {
  for (let i: usize = 0; i < I; i++) {
    for (let j: usize = 0; j < J; j++) {
      const from = x + ((i * iX + j * jX) << 2), to = y + ((i * iY + j * jY) << 2);
      if (lX == 1) copyRows(from, to, K, kX, kY, L);
      else if (kX == 1) turn(from, to, K, kY, L, lX);
      else gather(from, to, K, kX, kY, L, lX);
    }
  }
}

function copyRows(x: usize, y: usize, K: usize, kX: usize, kY: usize, L: usize): void {
  for (let k: usize = 0; k < K; k++, x += kX << 2, y += kY << 2) {
    if (L < 64) copyRow(x, y, L);
    else memory.copy(y, x, L << 2);
  }
}

/** y[k, l] = x[l, k]: 4 × 4 numbers are turned in registers at a time. */
function turn(x: usize, y: usize, K: usize, kY: usize, L: usize, lX: usize): void {
  const xRow = lX << 2, yRow = kY << 2;
  const wholeK = K & ~3, wholeL = L & ~3;
  for (let k: usize = 0; k < wholeK; k += 4) {
    for (let l: usize = 0; l < wholeL; l += 4) {
      turnTile(x + l * xRow + (k << 2), xRow, y + k * yRow + (l << 2), yRow);
    }
  }
  if (wholeL < L) gather(x + wholeL * xRow, y + (wholeL << 2), wholeK, 1, kY, L - wholeL, lX);
  if (wholeK < K) gather(x + (wholeK << 2), y + wholeK * yRow, K - wholeK, 1, kY, L, lX);
}

// @ts-ignore: decorator
@inline
function turnTile(x: usize, xRow: usize, y: usize, yRow: usize): void {
  const x0 = v128.load(x), x1 = v128.load(x + xRow);
  const x2 = v128.load(x + 2 * xRow), x3 = v128.load(x + 3 * xRow);
  const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5), low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7), high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
  v128.store(y, v128.shuffle<f64>(low01, low23, 0, 2));
  v128.store(y + yRow, v128.shuffle<f64>(low01, low23, 1, 3));
  v128.store(y + 2 * yRow, v128.shuffle<f64>(high01, high23, 0, 2));
  v128.store(y + 3 * yRow, v128.shuffle<f64>(high01, high23, 1, 3));
}

function gather(x: usize, y: usize, K: usize, kX: usize, kY: usize, L: usize, lX: usize): void {
  for (let k: usize = 0; k < K; k++, x += kX << 2, y += kY << 2) {
    for (let l: usize = 0; l < L; l++) store<u32>(y + (l << 2), load<u32>(x + ((l * lX) << 2)));
  }
}
