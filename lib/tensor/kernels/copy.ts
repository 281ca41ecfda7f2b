/**
 * Moving numbers about: transpose, slice, concat, tile and pad are one copy with steps.
 *
 * y[i, j, k, l] = x[i, j, k, l] for a shape [I, J, K, L], where each side has its own step for each
 * dimension, in numbers of 4 bytes: a transpose reorders the steps of x, a slice starts at a later x, a
 * tile repeats with a step of 0, concat and pad write into a larger y. The innermost step of y is 1.
 */
import { turnFour } from "./lanes";
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

/** More loops outside of these four: a table of count entries [size, step of x, step of y], outermost first. */
export function copyNested(
  x: usize, y: usize, table: usize, count: usize,
  I: usize, iX: usize, iY: usize, J: usize, jX: usize, jY: usize,
  K: usize, kX: usize, kY: usize, L: usize, lX: usize,
): void {
  const last = table + (count - 1) * 12;
  let total: usize = 1;
  for (let at = table; at <= last; at += 12) total *= <usize>load<u32>(at);
  for (let n: usize = 0; n < total; n++) {
    let from = x, to = y, rest = n;
    for (let at = last; at >= table; at -= 12) {
      const size = <usize>load<u32>(at), index = rest % size;
      from += (index * <usize>load<u32>(at, 4)) << 2, to += (index * <usize>load<u32>(at, 8)) << 2;
      rest /= size;
    }
    copy(from, to, I, iX, iY, J, jX, jY, K, kX, kY, L, lX);
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
  for (let block: usize = 0; block < wholeK; block += 16) { // a cache line of x at a time
    const end = min(block + 16, wholeK);
    for (let l: usize = 0; l < wholeL; l += 4) {
      for (let k = block; k < end; k += 4) {
        const from = x + l * xRow + (k << 2), to = y + k * yRow + (l << 2);
        turnFour(from, from + xRow, from + 2 * xRow, from + 3 * xRow, to, yRow);
      }
    }
  }
  if (wholeL < L) gather(x + wholeL * xRow, y + (wholeL << 2), wholeK, 1, kY, L - wholeL, lX);
  if (wholeK < K) gather(x + (wholeK << 2), y + wholeK * yRow, K - wholeK, 1, kY, L, lX);
}

function gather(x: usize, y: usize, K: usize, kX: usize, kY: usize, L: usize, lX: usize): void {
  for (let k: usize = 0; k < K; k++, x += kX << 2, y += kY << 2) {
    for (let l: usize = 0; l < L; l++) store<u32>(y + (l << 2), load<u32>(x + ((l * lX) << 2)));
  }
}
