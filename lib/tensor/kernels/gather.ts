/** Rows by index, and back. Indices are int32. */
import { addRow, copyRow } from "./parts";

/** y[o, i] = x[o, indices[i]] for x [outer, size, width] → y [outer, n, width], indices [n]. */
export function gatherRows(
  x: usize, indices: usize, y: usize, outer: usize, size: usize, n: usize, width: usize,
): void {
  const bytes = width << 2;
  for (let o: usize = 0; o < outer; o++, x += size * bytes) {
    for (let i: usize = 0; i < n; i++, y += bytes) {
      copyRow(x + <usize> load<u32>(indices + (i << 2)) * bytes, y, width);
    }
  }
}

/** y[s] = Σ x[i] over i with segments[i] = s: x [n, width] → y [size, width]; other segments are left out. */
export function sumSegments(x: usize, segments: usize, y: usize, n: usize, size: u32, width: usize): void {
  const bytes = width << 2;
  memory.fill(y, 0, <usize> size * bytes);
  for (let i: usize = 0; i < n; i++, x += bytes) {
    const segment = load<u32>(segments + (i << 2));
    if (segment >= size) continue;
    addRow(x, y + <usize> segment * bytes, width);
  }
}

/** y[i, indices[i]] = on, the rest off: y [n, depth], 4 bytes a number of any type. */
export function oneHot(indices: usize, y: usize, n: usize, depth: u32, on: u32, off: u32): void {
  const row = <usize> depth << 2, end = y + n * row;
  for (let at = y; at + 16 <= end; at += 16) v128.store(at, i32x4.splat(off));
  for (let at = y + ((end - y) & ~15); at < end; at += 4) store<u32>(at, off);
  for (let i: usize = 0; i < n; i++, y += row) {
    const index = load<u32>(indices + (i << 2));
    if (index < depth) store<u32>(y + (<usize> index << 2), on);
  }
}
