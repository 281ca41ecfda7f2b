/**
 * What a dense layer does besides its matrix products: bias and activation on the way forward, the
 * activation's slope and the bias's gradient on the way back.
 *
 * R rows, O columns. Activations: 0 none, 1 relu, 2 gelu, 3 tanh, 4 sigmoid.
 */
import { loadPart, storePart } from "./parts";
import { gelu, geluSlope, sigmoid, tanh } from "./transcendental";

// @ts-ignore: decorator
@inline
function activate(kind: i32, x: v128): v128 {
  if (kind == 1) return f32x4.max(x, f32x4.splat(0));
  if (kind == 2) return gelu(x);
  if (kind == 3) return tanh(x);
  if (kind == 4) return sigmoid(x);
  return x;
}

/** The activation's derivative, from its result; for gelu from its argument. */
// @ts-ignore: decorator
@inline
function slope(kind: i32, saved: v128): v128 {
  const one = f32x4.splat(1);
  if (kind == 1) return v128.and(one, f32x4.gt(saved, f32x4.splat(0)));
  if (kind == 2) return geluSlope(saved);
  if (kind == 3) return f32x4.sub(one, f32x4.mul(saved, saved));
  if (kind == 4) return f32x4.mul(saved, f32x4.sub(one, saved));
  return one;
}

/**
 * sums = x + bias, y = activation(sums), where `bias` may be 0 for none. `sums` may be x, and y may be
 * both: then nothing but the result remains.
 */
export function biasActivation(
  x: usize, bias: usize, sums: usize, y: usize, R: usize, O: usize, kind: i32,
): void {
  if (kind == 0) return forward(x, bias, sums, y, R, O, 0);
  if (kind == 1) return forward(x, bias, sums, y, R, O, 1);
  if (kind == 2) return forward(x, bias, sums, y, R, O, 2);
  if (kind == 3) return forward(x, bias, sums, y, R, O, 3);
  forward(x, bias, sums, y, R, O, 4);
}

// @ts-ignore: decorator
@inline
function forward(x: usize, bias: usize, sums: usize, y: usize, R: usize, O: usize, kind: i32): void {
  const whole = (O & ~3) << 2, rest = O & 3, row = O << 2;
  const toSums = sums - x, toY = y - x;
  for (const end = x + R * row; x < end; x += row) {
    for (let j: usize = 0; j < whole; j += 16) {
      let sum = v128.load(x + j);
      if (bias) sum = f32x4.add(sum, v128.load(bias + j));
      if (kind == 2) v128.store(x + toSums + j, sum);
      v128.store(x + toY + j, activate(kind, sum));
    }
    if (rest) {
      let sum = loadPart(x + whole, rest);
      if (bias) sum = f32x4.add(sum, loadPart(bias + whole, rest));
      if (kind == 2) storePart(x + toSums + whole, sum, rest);
      storePart(x + toY + whole, activate(kind, sum), rest);
    }
  }
}

/** dx = dy·slope(saved) and dBias = Σ over rows of dx; `saved` as in `slope`. */
export function activationGradient(
  dy: usize, saved: usize, dx: usize, dBias: usize, R: usize, O: usize, kind: i32,
): void {
  if (kind == 1) return backward(dy, saved, dx, dBias, R, O, 1);
  if (kind == 2) return backward(dy, saved, dx, dBias, R, O, 2);
  if (kind == 3) return backward(dy, saved, dx, dBias, R, O, 3);
  backward(dy, saved, dx, dBias, R, O, 4);
}

/** sums[O] = Σ over rows of x [R, O]. */
export function columnSums(x: usize, sums: usize, R: usize, O: usize): void {
  backward(x, x, x, sums, R, O, 0);
}

// @ts-ignore: decorator
@inline
function backward(dy: usize, saved: usize, dx: usize, dBias: usize, R: usize, O: usize, kind: i32): void {
  const whole = (O & ~3) << 2, rest = O & 3, row = O << 2;
  const toSaved = saved - dy, toDx = dx - dy;
  memory.fill(dBias, 0, row);
  for (const end = dy + R * row; dy < end; dy += row) {
    for (let j: usize = 0; j < whole; j += 16) {
      let gradient = v128.load(dy + j);
      if (kind) {
        gradient = f32x4.mul(gradient, slope(kind, v128.load(dy + toSaved + j)));
        v128.store(dy + toDx + j, gradient);
      }
      v128.store(dBias + j, f32x4.add(v128.load(dBias + j), gradient));
    }
    if (rest) {
      let gradient = loadPart(dy + whole, rest);
      if (kind) {
        gradient = f32x4.mul(gradient, slope(kind, loadPart(dy + toSaved + whole, rest)));
        storePart(dy + toDx + whole, gradient, rest);
      }
      storePart(dBias + whole, f32x4.add(loadPart(dBias + whole, rest), gradient), rest);
    }
  }
}
