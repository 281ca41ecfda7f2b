/** Element-wise functions of one tensor: yᵢ = f(xᵢ), i < n. y may be x. */
import { fma, splat, storeSome, the } from "./lanes";
import { log as logOf } from "./logarithm";
import { exp as expOf, sigmoid as sigmoidOf, tanh as tanhOf, within } from "./transcendental";

const enum Unary {
  Abs,
  Exp,
  Log,
  Neg,
  Reciprocal,
  Relu,
  Relu6,
  Rsqrt,
  Sigmoid,
  Sqrt,
  Square,
  Tanh,
}

const masks = memory.data<u32>([0, 0x7fffffff, 0x80000000]); // nothing, all but the sign, the sign

/** What a function needs beside x, loaded once: V8 would make a constant anew for every four numbers. */
// @ts-ignore: decorator
@inline
function given(f: Unary): v128 {
  if (f == Unary.Abs) return the(masks, 1);
  if (f == Unary.Neg) return the(masks, 2);
  return the(masks);
}

/** Whether the way to memory takes longer than the function. */
// @ts-ignore: decorator
@inline
function isQuick(f: Unary): bool {
  return f == Unary.Abs || f == Unary.Neg || f == Unary.Relu || f == Unary.Square;
}

/** f(x). Called with a constant, of which the optimiser leaves one branch. */
// @ts-ignore: decorator
@inline
function apply(f: Unary, x: v128, given: v128): v128 {
  switch (f) {
    case Unary.Abs: return v128.and(x, given);
    case Unary.Exp: return expOf(x);
    case Unary.Log: return logOf(x);
    case Unary.Neg: return v128.xor(x, given);
    case Unary.Reciprocal: return f32x4.div(splat(1), x);
    case Unary.Relu: return f32x4.pmax(x, given);
    case Unary.Relu6: return within(x, splat(0), splat(6));
    case Unary.Rsqrt: return f32x4.div(splat(1), f32x4.sqrt(x));
    case Unary.Sigmoid: return sigmoidOf(x);
    case Unary.Sqrt: return f32x4.sqrt(x);
    case Unary.Square: return f32x4.mul(x, x);
    default: return tanhOf(x);
  }
}

// @ts-ignore: decorator
@inline
function map(f: Unary, x: usize, y: usize, n: usize): void {
  const end = x + ((n & ~3) << 2), sixteens = x + ((n & ~15) << 2), g = given(f);
  if (isQuick(f)) {
    for (const many = x + ((n & ~31) << 2); x < many; x += 128, y += 128) thirtyTwo(f, x, y, g);
  }
  for (; x < sixteens; x += 64, y += 64) { // four at a time, so that counting costs less than computing,
    const a = v128.load(x), b = v128.load(x, 16), c = v128.load(x, 32), d = v128.load(x, 48); // loads first
    v128.store(y, apply(f, a, g));
    v128.store(y, apply(f, b, g), 16);
    v128.store(y, apply(f, c, g), 32);
    v128.store(y, apply(f, d, g), 48);
  }
  for (; x < end; x += 16, y += 16) v128.store(y, apply(f, v128.load(x), g));
  if (n & 3) storeSome(y, apply(f, v128.load(x), g), n & 3);
}

// @ts-ignore: decorator
@inline
function thirtyTwo(f: Unary, x: usize, y: usize, g: v128): void {
  const a = v128.load(x), b = v128.load(x, 16), c = v128.load(x, 32), d = v128.load(x, 48);
  const e = v128.load(x, 64), h = v128.load(x, 80), i = v128.load(x, 96), j = v128.load(x, 112);
  v128.store(y, apply(f, a, g));
  v128.store(y, apply(f, b, g), 16);
  v128.store(y, apply(f, c, g), 32);
  v128.store(y, apply(f, d, g), 48);
  v128.store(y, apply(f, e, g), 64);
  v128.store(y, apply(f, h, g), 80);
  v128.store(y, apply(f, i, g), 96);
  v128.store(y, apply(f, j, g), 112);
}

export function abs(x: usize, y: usize, n: usize): void { map(Unary.Abs, x, y, n); }
export function exp(x: usize, y: usize, n: usize): void { map(Unary.Exp, x, y, n); }
export function log(x: usize, y: usize, n: usize): void { map(Unary.Log, x, y, n); }
export function neg(x: usize, y: usize, n: usize): void { map(Unary.Neg, x, y, n); }
export function reciprocal(x: usize, y: usize, n: usize): void { map(Unary.Reciprocal, x, y, n); }
export function relu(x: usize, y: usize, n: usize): void { map(Unary.Relu, x, y, n); }
export function relu6(x: usize, y: usize, n: usize): void { map(Unary.Relu6, x, y, n); }
export function rsqrt(x: usize, y: usize, n: usize): void { map(Unary.Rsqrt, x, y, n); }
export function sigmoid(x: usize, y: usize, n: usize): void { map(Unary.Sigmoid, x, y, n); }
export function sqrt(x: usize, y: usize, n: usize): void { map(Unary.Sqrt, x, y, n); }
export function square(x: usize, y: usize, n: usize): void { map(Unary.Square, x, y, n); }
export function tanh(x: usize, y: usize, n: usize): void { map(Unary.Tanh, x, y, n); }

/** y = xᵉ for a whole e of at least 0. */
export function power(x: usize, y: usize, n: usize, e: u32): void {
  const end = x + ((n & ~3) << 2);
  for (; x < end; x += 16, y += 16) v128.store(y, raised(v128.load(x), e));
  if (n & 3) storeSome(y, raised(v128.load(x), e), n & 3);
}

// @ts-ignore: decorator
@inline
function raised(x: v128, e: u32): v128 {
  let y = e & 1 ? x : splat(1);
  while (e >>= 1) {
    x = f32x4.mul(x, x);
    if (e & 1) y = f32x4.mul(y, x);
  }
  return y;
}

/** y = 1 where x > 0, else `otherwise`; NaN where x is NaN. */
export function step(x: usize, y: usize, n: usize, otherwise: f32): void {
  const end = x + ((n & ~3) << 2), sixteens = x + ((n & ~15) << 2);
  for (; x < sixteens; x += 64, y += 64) {
    const a = v128.load(x), b = v128.load(x, 16), c = v128.load(x, 32), d = v128.load(x, 48);
    v128.store(y, stepped(a, otherwise));
    v128.store(y, stepped(b, otherwise), 16);
    v128.store(y, stepped(c, otherwise), 32);
    v128.store(y, stepped(d, otherwise), 48);
  }
  for (; x < end; x += 16, y += 16) v128.store(y, stepped(v128.load(x), otherwise));
  if (n & 3) storeSome(y, stepped(v128.load(x), otherwise), n & 3);
}

// @ts-ignore: decorator
@inline
function stepped(x: v128, otherwise: f32): v128 {
  const chosen = v128.bitselect(splat(1), splat(otherwise), f32x4.gt(x, splat(0)));
  return v128.or(chosen, f32x4.ne(x, x)); // all bits set is a NaN
}

/** y = min(max(x, low), high). */
export function clip(x: usize, y: usize, n: usize, low: f32, high: f32): void {
  const least = splat(low), most = splat(high);
  const end = x + ((n & ~3) << 2), sixteens = x + ((n & ~15) << 2);
  for (; x < sixteens; x += 64, y += 64) {
    const a = v128.load(x), b = v128.load(x, 16), c = v128.load(x, 32), d = v128.load(x, 48);
    v128.store(y, within(a, least, most));
    v128.store(y, within(b, least, most), 16);
    v128.store(y, within(c, least, most), 32);
    v128.store(y, within(d, least, most), 48);
  }
  for (; x < end; x += 16, y += 16) v128.store(y, within(v128.load(x), least, most));
  if (n & 3) storeSome(y, within(v128.load(x), least, most), n & 3);
}

/** dx = dy where low ≤ x ≤ high, else 0. */
export function clipGradient(dy: usize, x: usize, dx: usize, n: usize, low: f32, high: f32): void {
  const least = splat(low), most = splat(high);
  const end = x + ((n & ~3) << 2);
  for (; x < end; x += 16, dy += 16, dx += 16) {
    v128.store(dx, v128.and(v128.load(dy), inside(v128.load(x), least, most)));
  }
  if (n & 3) storeSome(dx, v128.and(v128.load(dy), inside(v128.load(x), least, most)), n & 3);
}

// @ts-ignore: decorator
@inline
function inside(x: v128, least: v128, most: v128): v128 {
  return v128.and(f32x4.ge(x, least), f32x4.le(x, most));
}

/** yᵢ = value. */
export function fill(y: usize, n: usize, value: f32): void {
  const values = splat(value);
  for (const end = y + ((n & ~3) << 2); y < end; y += 16) v128.store(y, values);
  if (n & 3) storeSome(y, values, n & 3);
}

/** y += factor·x. */
export function addScaled(x: usize, y: usize, n: usize, factor: f32): void {
  const by = splat(factor);
  const end = x + ((n & ~3) << 2);
  for (; x < end; x += 16, y += 16) v128.store(y, fma(v128.load(x), by, v128.load(y)));
  if (n & 3) storeSome(y, fma(v128.load(x), by, v128.load(y)), n & 3);
}
