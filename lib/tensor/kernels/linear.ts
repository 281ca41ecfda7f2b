/**
 * What a dense layer does besides its matrix products: bias and activation on the way forward, the
 * activation's slope and the bias's gradient on the way back.
 *
 * R rows, O columns. Activations: 0 none, 1 relu, 2 gelu, 3 tanh, 4 sigmoid.
 */
import { storeSome } from "./lanes";
import { gelu, geluWithSlope, sigmoid, tanh } from "./transcendental";

/**
 * y ← activation(y + bias), where `bias` may be 0 for none. The slope of gelu cannot be told from its
 * result: it goes to `slopes`, unless that is 0.
 */
export function biasActivation(
  y: usize, bias: usize, slopes: usize, R: usize, O: usize, kind: i32,
): void {
  if (kind == 0) return forward(y, bias, slopes, R, O, 0);
  if (kind == 1) return forward(y, bias, slopes, R, O, 1);
  if (kind == 2) return slopes ? forward(y, bias, slopes, R, O, 5) : forward(y, bias, 0, R, O, 2);
  if (kind == 3) return forward(y, bias, slopes, R, O, 3);
  forward(y, bias, slopes, R, O, 4);
}

// @ts-ignore: decorator
@inline
function forward(y: usize, bias: usize, slopes: usize, R: usize, O: usize, kind: i32): void {
  const row = O << 2, toSlopes = slopes - y;
  for (const end = y + R * row; y < end; y += row) {
    for (let j: usize = 0; j < row; j += 16) {
      const left = (row - j) >> 2, at = y + j;
      let x = v128.load(at);
      if (bias) x = f32x4.add(x, v128.load(bias + j));
      if (kind == 1) x = f32x4.max(x, f32x4.splat(0));
      if (kind == 2) x = gelu(x);
      if (kind == 3) x = tanh(x);
      if (kind == 4) x = sigmoid(x);
      if (kind == 5) x = geluWithSlope(x, at + toSlopes, left);
      storeSome(at, x, left);
    }
  }
}

/** The activation's derivative, from its result, or for gelu as it was kept. */
// @ts-ignore: decorator
@inline
function slope(kind: i32, saved: v128): v128 {
  const one = f32x4.splat(1);
  if (kind == 1) return v128.and(one, f32x4.gt(saved, f32x4.splat(0)));
  if (kind == 2) return saved;
  if (kind == 3) return f32x4.sub(one, f32x4.mul(saved, saved));
  return f32x4.mul(saved, f32x4.sub(one, saved));
}

/** dx = dy·slope and dBias = Σ over rows of dx; `saved` as in `slope`. */
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

/** Four columns at a time, from top to bottom, so that their sums stay in a register. */
// @ts-ignore: decorator
@inline
function backward(dy: usize, saved: usize, dx: usize, dBias: usize, R: usize, O: usize, kind: i32): void {
  const row = O << 2, bytes = R * row, toSaved = saved - dy, toDx = dx - dy;
  for (let j: usize = 0; j < row; j += 16) {
    const left = (row - j) >> 2;
    let sums = f32x4.splat(0);
    for (let at = dy + j, end = at + bytes; at < end; at += row) {
      let gradient = v128.load(at);
      if (kind) {
        gradient = f32x4.mul(gradient, slope(kind, v128.load(at + toSaved)));
        storeSome(at + toDx, gradient, left);
      }
      sums = f32x4.add(sums, gradient);
    }
    storeSome(dBias + j, sums, left);
  }
}
