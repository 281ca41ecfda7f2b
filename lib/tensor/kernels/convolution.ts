/**
 * Convolution as a matrix product: the patches that a filter sees become the rows of a matrix, and back.
 *
 * x [B, H, W, C]; a patch is R × S × C numbers, and there is one for each of OH × OW places of an image.
 * `top` and `left` are the rows and columns of zeros around an image; yStep, xStep how far the filter moves;
 * yGap, xGap how far its elements are apart.
 */
import { addRow, copyRow } from "./parts";

/**
 * Patches of some rows of places, [rows·OW, R·S·C]; row n belongs to image n / OH and its place n mod OH.
 */
export function unfold(
  x: usize, patches: usize, first: usize, rows: usize,
  H: i32, W: i32, C: usize, R: i32, S: i32, OH: usize, OW: i32,
  yStep: i32, xStep: i32, yGap: i32, xGap: i32, top: i32, left: i32,
): void {
  const strip = (<usize>S * C) << 2, image = (<usize>(H * W) * C) << 2;
  for (let n = first; n < first + rows; n++) {
    const from = x + n / OH * image, y = <i32>(n % OH) * yStep - top;
    for (let o = 0, at = -left; o < OW; o++, at += xStep) {
      for (let r = 0, row = y; r < R; r++, row += yGap, patches += strip) {
        if (row < 0 || row >= H) memory.fill(patches, 0, strip);
        else unfoldStrip(from + ((<usize>(row * W) * C) << 2), patches, at, W, C, S, xGap);
      }
    }
  }
}

/** One row of a patch: S·C numbers, of which those outside of the image are 0. */
// @ts-ignore: decorator
@inline
function unfoldStrip(row: usize, to: usize, at: i32, W: i32, C: usize, S: i32, gap: i32): void {
  const pixel = C << 2;
  if (gap == 1 && at >= 0 && at + S <= W) return copyRow(row + <usize>at * pixel, to, <usize>S * C);
  for (let s = 0; s < S; s++, at += gap, to += pixel) {
    if (at < 0 || at >= W) memory.fill(to, 0, pixel);
    else copyRow(row + <usize>at * pixel, to, C);
  }
}

/** Adds patches to the images that they were taken from. */
export function fold(
  patches: usize, x: usize, first: usize, rows: usize,
  H: i32, W: i32, C: usize, R: i32, S: i32, OH: usize, OW: i32,
  yStep: i32, xStep: i32, yGap: i32, xGap: i32, top: i32, left: i32,
): void {
  const strip = (<usize>S * C) << 2, image = (<usize>(H * W) * C) << 2;
  for (let n = first; n < first + rows; n++) {
    const to = x + n / OH * image, y = <i32>(n % OH) * yStep - top;
    for (let o = 0, at = -left; o < OW; o++, at += xStep) {
      for (let r = 0, row = y; r < R; r++, row += yGap, patches += strip) {
        if (row < 0 || row >= H) continue;
        foldStrip(patches, to + ((<usize>(row * W) * C) << 2), at, W, C, S, xGap);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function foldStrip(from: usize, row: usize, at: i32, W: i32, C: usize, S: i32, gap: i32): void {
  const pixel = C << 2;
  if (gap == 1 && at >= 0 && at + S <= W) return addRow(from, row + <usize>at * pixel, <usize>S * C);
  for (let s = 0; s < S; s++, at += gap, from += pixel) {
    if (at >= 0 && at < W) addRow(from, row + <usize>at * pixel, C);
  }
}
