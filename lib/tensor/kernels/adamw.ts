/** One step of AdamW over all parameters, and the norm of all gradients together. */
import { fma } from "./lanes";
import { loadPart, storePart } from "./parts";

/** A table of tensors, one entry of six words each: where things are, how many, how much is kept. */
const ENTRY: usize = 24;
const GRADIENT: usize = 4, FIRST: usize = 8, SECOND: usize = 12, COUNT: usize = 16, KEPT: usize = 20;

/** √Σg² over the gradients of all entries. */
export function gradientNorm(table: usize, entries: usize): f64 {
  let low = f64x2.splat(0), high = f64x2.splat(0);
  for (const end = table + entries * ENTRY; table < end; table += ENTRY) {
    const gradient = <usize>load<u32>(table, GRADIENT), count = <usize>load<u32>(table, COUNT);
    for (let i: usize = 0; i < count; i += 4) {
      const from = gradient + (i << 2);
      const g = count - i < 4 ? loadPart(from, count - i) : v128.load(from);
      const first = f64x2.promote_low_f32x4(g);
      const second = f64x2.promote_low_f32x4(v128.shuffle<u64>(g, g, 1, 1));
      low = f64x2.add(low, f64x2.mul(first, first));
      high = f64x2.add(high, f64x2.mul(second, second));
    }
  }
  const sums = f64x2.add(low, high);
  return sqrt(f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1));
}

/**
 * m ← m + (1 − β₁)(g − m), v ← β₂v + (1 − β₂)g², θ ← kept·θ − stepSize·m/(√v/correction + ε) for
 * g = scale·gradient, in place.
 */
export function adamW(
  table: usize, entries: usize, scale: f32,
  beta1: f64, beta2: f64, epsilon: f32, stepSize: f32, correction: f32,
): void {
  const scales = f32x4.splat(scale);
  const toward = f32x4.splat(<f32>(1 - beta1));
  const keep = f32x4.splat(<f32>beta2), add = f32x4.splat(<f32>(1 - beta2));
  const epsilons = f32x4.splat(epsilon), steps = f32x4.splat(-stepSize);
  const corrections = f32x4.splat(correction);
  for (const end = table + entries * ENTRY; table < end; table += ENTRY) {
    const parameter = <usize>load<u32>(table), gradient = <usize>load<u32>(table, GRADIENT),
      first = <usize>load<u32>(table, FIRST), second = <usize>load<u32>(table, SECOND),
      count = <usize>load<u32>(table, COUNT);
    const kept = v128.load32_splat(table, KEPT);
    for (let i: usize = 0; i < count; i += 4) {
      const at = i << 2, left = count - i, part = left < 4;
      const g = f32x4.mul(get(gradient + at, left, part), scales);
      let m = get(first + at, left, part), v = get(second + at, left, part);
      m = fma(f32x4.sub(g, m), toward, m);
      v = fma(f32x4.mul(g, add), g, f32x4.mul(v, keep));
      const root = f32x4.add(f32x4.div(f32x4.sqrt(v), corrections), epsilons);
      const decayed = f32x4.mul(get(parameter + at, left, part), kept);
      const moved = fma(f32x4.div(m, root), steps, decayed);
      put(first + at, m, left, part);
      put(second + at, v, left, part);
      put(parameter + at, moved, left, part);
    }
  }
}

// @ts-ignore: decorator
@inline
function get(from: usize, left: usize, part: bool): v128 {
  return part ? loadPart(from, left) : v128.load(from);
}

// @ts-ignore: decorator
@inline
function put(to: usize, x: v128, left: usize, part: bool): void {
  if (part) storePart(to, x, left);
  else v128.store(to, x);
}
