/**
 * Depthwise convolution: every channel has filters of its own, Q of them.
 *
 * x [B, H, W, C], filter [R, S, C, Q], y [B, OH, OW, C·Q]; the other letters as in convolution.ts.
 */
import { fma, storeSome } from "./lanes";

const enum Work {
  Forward, // y += x∘filter
  Input, // dx += dy∘filter
  Filter, // dFilter += x∘dy
}

/** All channels at one place, for one element of the filter. */
// @ts-ignore: decorator
@inline
function place(work: Work, x: usize, filter: usize, y: usize, C: usize, Q: usize): void {
  const whole = C << 2;
  if (Q == 1) {
    for (let c: usize = 0; c < whole; c += 16) {
      const to = (work == Work.Forward ? y : work == Work.Input ? x : filter) + c;
      const a = v128.load((work == Work.Forward ? x : y) + c);
      const b = v128.load((work == Work.Filter ? x : filter) + c);
      storeSome(to, fma(a, b, v128.load(to)), (whole - c) >> 2);
    }
  } else {
    for (let c: usize = 0; c < whole; c += 4) {
      for (let q: usize = 0; q < Q; q++, filter += 4, y += 4) {
        const to = work == Work.Forward ? y : work == Work.Input ? x + c : filter;
        const a = load<f32>(work == Work.Forward ? x + c : y);
        const b = load<f32>(work == Work.Filter ? x + c : filter);
        store<f32>(to, load<f32>(to) + a * b);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function everywhere(
  work: Work, x: usize, filter: usize, y: usize, B: usize,
  H: i32, W: i32, C: usize, Q: usize, R: i32, S: i32, OH: i32, OW: i32,
  yStep: i32, xStep: i32, yGap: i32, xGap: i32, top: i32, left: i32,
): void {
  const pixel = C << 2, row = <usize>W * pixel, element = pixel * Q;
  for (let b: usize = 0; b < B; b++, x += <usize>H * row) {
    for (let i = 0; i < OH; i++) {
      for (let j = 0; j < OW; j++, y += element) {
        let weights = filter;
        for (let r = 0, line = i * yStep - top; r < R; r++, line += yGap) {
          for (let s = 0, at = j * xStep - left; s < S; s++, at += xGap, weights += element) {
            if (line < 0 || line >= H || at < 0 || at >= W) continue;
            place(work, x + <usize>line * row + <usize>at * pixel, weights, y, C, Q);
          }
        }
      }
    }
  }
}

export function depthwise(
  x: usize, filter: usize, y: usize, B: usize,
  H: i32, W: i32, C: usize, Q: usize, R: i32, S: i32, OH: i32, OW: i32,
  yStep: i32, xStep: i32, yGap: i32, xGap: i32, top: i32, left: i32,
): void {
  memory.fill(y, 0, (B * <usize>(OH * OW) * C * Q) << 2);
  everywhere(Work.Forward, x, filter, y, B, H, W, C, Q, R, S, OH, OW, yStep, xStep, yGap, xGap, top, left);
}

export function depthwiseInputGradient(
  dx: usize, filter: usize, dy: usize, B: usize,
  H: i32, W: i32, C: usize, Q: usize, R: i32, S: i32, OH: i32, OW: i32,
  yStep: i32, xStep: i32, yGap: i32, xGap: i32, top: i32, left: i32,
): void {
  memory.fill(dx, 0, (B * <usize>(H * W) * C) << 2);
  everywhere(Work.Input, dx, filter, dy, B, H, W, C, Q, R, S, OH, OW, yStep, xStep, yGap, xGap, top, left);
}

export function depthwiseFilterGradient(
  x: usize, dFilter: usize, dy: usize, B: usize,
  H: i32, W: i32, C: usize, Q: usize, R: i32, S: i32, OH: i32, OW: i32,
  yStep: i32, xStep: i32, yGap: i32, xGap: i32, top: i32, left: i32,
): void {
  memory.fill(dFilter, 0, (<usize>(R * S) * C * Q) << 2);
  everywhere(Work.Filter, x, dFilter, dy, B, H, W, C, Q, R, S, OH, OW, yStep, xStep, yGap, xGap, top, left);
}
