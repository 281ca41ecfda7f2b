/**
 * Pooling: of each window of R × S places of an image, the largest number or the mean, for each channel.
 *
 * x [B, H, W, C], y [B, OH, OW, C]; windows start at −top, −left and move by yStep, xStep. What of a window is
 * outside of the image counts for nothing.
 */
import { splat, storeSome } from "./lanes";

export function maxPool(
  x: usize, y: usize, B: usize, H: i32, W: i32, C: usize, R: i32, S: i32, OH: i32, OW: i32,
  yStep: i32, xStep: i32, top: i32, left: i32,
): void {
  const pixel = C << 2, row = <usize>W * pixel, image = <usize>H * row;
  for (let b: usize = 0; b < B; b++, x += image) {
    for (let i = 0, r = -top; i < OH; i++, r += yStep) {
      const from = x + <usize>max(r, 0) * row, end = x + <usize>max(min(r + R, H), 0) * row;
      for (let j = 0, s = -left; j < OW; j++, s += xStep, y += pixel) {
        const begin = <usize>max(s, 0) * pixel, stop = <usize>max(min(s + S, W), 0) * pixel;
        for (let c: usize = 0; c < pixel; c += 16) {
          let most = splat(-Infinity);
          for (let line = from; line < end; line += row) {
            // pmax leaves out a NaN, as the stock kernel does
            for (let at = begin; at < stop; at += pixel) most = f32x4.pmax(most, v128.load(line + at + c));
          }
          storeSome(y + c, most, (pixel - c) >> 2);
        }
      }
    }
  }
}

/** Adds dy to where in x each largest number was first found. dx starts as zeros. */
export function maxPoolGradient(
  dy: usize, x: usize, dx: usize, B: usize, H: i32, W: i32, C: usize, R: i32, S: i32, OH: i32, OW: i32,
  yStep: i32, xStep: i32, top: i32, left: i32,
): void {
  const pixel = C << 2, row = <usize>W * pixel, image = <usize>H * row;
  memory.fill(dx, 0, B * image);
  for (let b: usize = 0; b < B; b++, x += image, dx += image) {
    for (let i = 0, r = -top; i < OH; i++, r += yStep) {
      const from = <usize>max(r, 0) * row, end = <usize>max(min(r + R, H), 0) * row;
      for (let j = 0, s = -left; j < OW; j++, s += xStep, dy += pixel) {
        const begin = <usize>max(s, 0) * pixel, stop = <usize>max(min(s + S, W), 0) * pixel;
        for (let c: usize = 0; c < pixel; c += 16) {
          let most = splat(-Infinity), place = i32x4.splat(-1);
          for (let line = from; line < end; line += row) {
            for (let at = line + begin; at < line + stop; at += pixel) {
              const next = v128.load(x + at + c), more = f32x4.gt(next, most);
              most = v128.bitselect(next, most, more);
              place = v128.bitselect(i32x4.splat(<i32>at), place, more);
            }
          }
          const above = v128.load(dy + c);
          for (let line = from; line < end; line += row) {
            for (let at = line + begin; at < line + stop; at += pixel) {
              const here = v128.and(above, i32x4.eq(place, i32x4.splat(<i32>at)));
              storeSome(dx + at + c, f32x4.add(v128.load(dx + at + c), here), (pixel - c) >> 2);
            }
          }
        }
      }
    }
  }
}

export function averagePool(
  x: usize, y: usize, B: usize, H: i32, W: i32, C: usize, R: i32, S: i32, OH: i32, OW: i32,
  yStep: i32, xStep: i32, top: i32, left: i32,
): void {
  const pixel = C << 2, row = <usize>W * pixel, image = <usize>H * row;
  for (let b: usize = 0; b < B; b++, x += image) {
    for (let i = 0, r = -top; i < OH; i++, r += yStep) {
      const first = max(r, 0), last = min(r + R, H);
      for (let j = 0, s = -left; j < OW; j++, s += xStep, y += pixel) {
        const begin = max(s, 0), stop = min(s + S, W);
        const share = splat(1 / <f32>(max(last - first, 0) * max(stop - begin, 0)));
        for (let c: usize = 0; c < pixel; c += 16) {
          let sum = splat(0);
          for (let line = first; line < last; line++) {
            const from = x + <usize>line * row + c;
            for (let at = begin; at < stop; at++) sum = f32x4.add(sum, v128.load(from + <usize>at * pixel));
          }
          storeSome(y + c, f32x4.mul(sum, share), (pixel - c) >> 2);
        }
      }
    }
  }
}

/** Adds to each number of a window its share of dy, 1/(R·S) also at the edges. */
export function averagePoolGradient(
  dy: usize, dx: usize, B: usize, H: i32, W: i32, C: usize, R: i32, S: i32, OH: i32, OW: i32,
  yStep: i32, xStep: i32, top: i32, left: i32,
): void {
  const pixel = C << 2, row = <usize>W * pixel, image = <usize>H * row, share = splat(1 / <f32>(R * S));
  memory.fill(dx, 0, B * image);
  for (let b: usize = 0; b < B; b++, dx += image) {
    for (let i = 0, r = -top; i < OH; i++, r += yStep) {
      const from = dx + <usize>max(r, 0) * row, end = dx + <usize>max(min(r + R, H), 0) * row;
      for (let j = 0, s = -left; j < OW; j++, s += xStep, dy += pixel) {
        const begin = <usize>max(s, 0) * pixel, stop = <usize>max(min(s + S, W), 0) * pixel;
        for (let c: usize = 0; c < pixel; c += 16) {
          const part = f32x4.mul(v128.load(dy + c), share);
          for (let line = from; line < end; line += row) {
            for (let at = line + begin; at < line + stop; at += pixel) {
              storeSome(at + c, f32x4.add(v128.load(at + c), part), (pixel - c) >> 2);
            }
          }
        }
      }
    }
  }
}
