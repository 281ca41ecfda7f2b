/** From one data type to another, and choosing by truth values (a byte each). */
import { loadTruths, splat, storeSome, storeTruths } from "./lanes";

export function boolToFloat(x: usize, y: usize, n: usize): void {
  const end = x + (n & ~3);
  for (; x < end; x += 4, y += 16) v128.store(y, v128.and(loadTruths(x), splat(1)));
  if (n & 3) storeSome(y, v128.and(loadTruths(x), splat(1)), n & 3);
}

export function boolToInt(x: usize, y: usize, n: usize): void {
  for (const end = x + n; x < end; x++, y += 4) store<u32>(y, load<u8>(x));
}

export function intToFloat(x: usize, y: usize, n: usize): void {
  const end = x + ((n & ~3) << 2);
  for (; x < end; x += 16, y += 16) v128.store(y, f32x4.convert_i32x4_s(v128.load(x)));
  if (n & 3) storeSome(y, f32x4.convert_i32x4_s(v128.load(x)), n & 3);
}

/** Whether each is not 0; NaN is not. */
export function floatToBool(x: usize, y: usize, n: usize): void {
  const end = x + ((n & ~3) << 2);
  for (; x < end; x += 16, y += 4) storeTruths(y, f32x4.ne(v128.load(x), splat(0)), 4);
  if (n & 3) storeTruths(y, f32x4.ne(v128.load(x), splat(0)), n & 3);
}

/** z = x where the condition holds, else y. */
export function select(condition: usize, x: usize, y: usize, z: usize, n: usize): void {
  const end = x + ((n & ~3) << 2);
  for (; x < end; condition += 4, x += 16, y += 16, z += 16) {
    v128.store(z, v128.bitselect(v128.load(x), v128.load(y), loadTruths(condition)));
  }
  const rest = n & 3;
  if (rest) storeSome(z, v128.bitselect(v128.load(x), v128.load(y), loadTruths(condition)), rest);
}
