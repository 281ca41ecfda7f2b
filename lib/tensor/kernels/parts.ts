/** The end of a row whose length is no multiple of four: its last one to three numbers. */

/** n rounded up to a multiple of four. */
// @ts-ignore: decorator
@inline
export function four(n: usize): usize {
  return (n + 3) & ~3;
}

/** The `count` (1 to 3) numbers at an address in the first lanes, 0 in the others. */
// @ts-ignore: decorator
@inline
export function loadPart(from: usize, count: usize): v128 {
  if (count == 1) return v128.load32_zero(from);
  const two = v128.load64_zero(from);
  return count == 2 ? two : v128.load_lane<f32>(from, two, 2, 8);
}

/** Stores the first `count` (1 to 3) lanes. */
// @ts-ignore: decorator
@inline
export function storePart(to: usize, x: v128, count: usize): void {
  if (count == 1) return v128.store_lane<f32>(to, x, 0);
  v128.store_lane<f64>(to, x, 0);
  if (count == 3) v128.store_lane<f32>(to, x, 2, 8);
}

/** `count` numbers from one address to another. */
export function copyRow(from: usize, to: usize, count: usize): void {
  const whole = from + ((count & ~3) << 2);
  for (; from < whole; from += 16, to += 16) v128.store(to, v128.load(from));
  const rest = count & 3;
  if (rest) storePart(to, loadPart(from, rest), rest);
}

/** to += from, `count` numbers. */
export function addRow(from: usize, to: usize, count: usize): void {
  const whole = from + ((count & ~3) << 2);
  for (; from < whole; from += 16, to += 16) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
  }
  const rest = count & 3;
  if (rest) storePart(to, f32x4.add(loadPart(to, rest), loadPart(from, rest)), rest);
}

/** x₀ to x₃, the largest of them, where NaN counts as anything. */
// @ts-ignore: decorator
@inline
export function maxLanes(x: v128): f32 {
  const pairs = f32x4.pmax(x, v128.shuffle<f32>(x, x, 2, 3, 2, 3));
  return f32x4.extract_lane(f32x4.pmax(pairs, v128.shuffle<f32>(pairs, pairs, 1, 1, 1, 1)), 0);
}
