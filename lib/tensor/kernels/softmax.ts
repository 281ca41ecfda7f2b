/** Softmax along rows: y[r, j] = e^(x[r, j] − m)/Σₖ e^(x[r, k] − m) with m = maxₖ x[r, k]; [rows, N]. */
import { splat, sumLanes } from "./lanes";
import { maxLanes, storePart } from "./parts";
import { exp } from "./transcendental";

/** The last `count` numbers of a row, with −∞ past its end, which neither the largest number nor the sum notices. */
// @ts-ignore: decorator
@inline
function loadRow(x: usize, count: usize): v128 {
  const lane = i32x4(0, 1, 2, 3);
  return v128.bitselect(v128.load(x), splat(-Infinity), i32x4.lt_s(lane, i32x4.splat(<i32> count)));
}

export function softmax(x: usize, y: usize, rows: usize, N: usize): void {
  const rest = N & 3, whole = (N - rest) << 2;
  for (let r: usize = 0; r < rows; r++, x += N << 2, y += N << 2) {
    const end = rest ? loadRow(x + whole, rest) : splat(-Infinity);
    let most = end;
    // pmax forgets a NaN, but its power makes the sum NaN, and so the row
    for (let at: usize = 0; at < whole; at += 16) most = f32x4.pmax(most, v128.load(x + at));
    const m = splat(maxLanes(most));
    const endPower = exp(f32x4.sub(end, m));
    let total = endPower;
    for (let at: usize = 0; at < whole; at += 16) {
      const power = exp(f32x4.sub(v128.load(x + at), m));
      total = f32x4.add(total, power);
      v128.store(y + at, power);
    }
    const scale = splat(1 / sumLanes(total));
    for (let at: usize = 0; at < whole; at += 16) v128.store(y + at, f32x4.mul(v128.load(y + at), scale));
    if (rest) storePart(y + whole, f32x4.mul(endPower, scale), rest);
  }
}
