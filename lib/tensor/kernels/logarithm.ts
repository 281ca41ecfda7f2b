/** The natural logarithm of four numbers at once; fitted like the functions of transcendental.ts. */
import { fma, splat, the } from "./lanes";

// See `the` for why these are in memory.
const ln2 = memory.data<f32>([-2.12194440e-4, 0.693359375]); // in two parts, of which e·0.693… is exact
const halves = memory.data<f32>([-0.5, 1]);
const rootHalf = memory.data<i32>([0x3f3504f3]); // the bits of √½
const fractionBits = memory.data<i32>([0x7fffff]);
const normal = memory.data<f32>([1.17549435e-38, 33554432, -25]); // the least, and what makes a denormal so
const limits = memory.data<f32>([Infinity, -Infinity, NaN]);
const series = memory.data<f32>([
  0.06746608018875122, -0.11675652861595154, 0.11888178437948227, -0.1240558996796608, 0.14219550788402557,
  -0.1666799634695053, 0.2000211924314499, -0.25000009, 0.33333313,
]);

/**
 * ln x = e·ln 2 + ln(1 + f) with x = 2ᵉ·(1 + f) and √½ ≤ 1 + f < √2, and ln(1 + f) = f − f²/2 + f³·P(f).
 */
// @ts-ignore: decorator
@inline
export function log(x: v128): v128 {
  const tiny = f32x4.lt(x, the(normal)); // denormals (and what is ≤ 0) are scaled by 2²⁵ first
  const scaled = v128.bitselect(f32x4.mul(x, the(normal, 1)), x, tiny);
  // Counting from √½ puts the fraction of every exponent into [√½, √2).
  const bits = i32x4.sub(scaled, the(rootHalf));
  const shift = v128.and(tiny, the(normal, 2));
  const e = f32x4.add(f32x4.convert_i32x4_s(i32x4.shr_s(bits, 23)), shift);
  const fraction = i32x4.add(v128.and(bits, the(fractionBits)), the(rootHalf));
  const f = f32x4.sub(fraction, the(halves, 1));
  let p = fma(f, the(series), the(series, 1));
  p = fma(p, f, the(series, 2));
  p = fma(p, f, the(series, 3));
  p = fma(p, f, the(series, 4));
  p = fma(p, f, the(series, 5));
  p = fma(p, f, the(series, 6));
  p = fma(p, f, the(series, 7));
  p = fma(p, f, the(series, 8));
  const square = f32x4.mul(f, f);
  p = fma(f32x4.mul(square, f), p, f32x4.mul(e, the(ln2)));
  p = fma(square, the(halves), p);
  let y = fma(e, the(ln2, 1), f32x4.add(f, p));
  y = v128.bitselect(x, y, f32x4.eq(x, the(limits)));
  y = v128.bitselect(the(limits, 1), y, f32x4.eq(x, splat(0)));
  return v128.bitselect(y, the(limits, 2), f32x4.ge(x, splat(0))); // x < 0 and NaN are not ≥ 0
}
