/** Normalising each channel by numbers that are given. */
import { fma, storeSome } from "./lanes";

/** y = (x − mean)·scale + offset for each channel: x [rows, C]. */
export function normalise(
  x: usize, mean: usize, scale: usize, offset: usize, y: usize, rows: usize, C: usize,
): void {
  const pixel = C << 2;
  for (let i: usize = 0; i < rows; i++, x += pixel, y += pixel) {
    for (let c: usize = 0; c < pixel; c += 16) {
      const centred = f32x4.sub(v128.load(x + c), v128.load(mean + c));
      const scaled = fma(centred, v128.load(scale + c), v128.load(offset + c));
      storeSome(y + c, scaled, (pixel - c) >> 2);
    }
  }
}
