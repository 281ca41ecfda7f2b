/** The softmax of one row of attention scores, of which the last few may lie in the future. */
import { sumLanes } from "./lanes";
import { maxLanes } from "./parts";
import { exp } from "./transcendental";

/** row ← softmax(row) over its first `valid` numbers, 0 from there to the next multiple of four. */
export function softmaxRow(row: usize, valid: usize): void {
  const last = row + (((valid - 1) & ~3) << 2);
  const lanes = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(<i32>((valid - 1) & 3) + 1));
  const end = v128.bitselect(v128.load(last), f32x4.splat(<f32>-Infinity), lanes);
  let largest = end;
  for (let at = row; at < last; at += 16) largest = f32x4.max(largest, v128.load(at));
  const shift = f32x4.splat(maxLanes(largest));
  const endPower = exp(f32x4.sub(end, shift));
  let sums = endPower;
  for (let at = row; at < last; at += 16) {
    const power = exp(f32x4.sub(v128.load(at), shift));
    v128.store(at, power);
    sums = f32x4.add(sums, power);
  }
  const scale = f32x4.splat(1 / sumLanes(sums));
  for (let at = row; at < last; at += 16) v128.store(at, f32x4.mul(v128.load(at), scale));
  v128.store(last, f32x4.mul(endPower, scale));
}
