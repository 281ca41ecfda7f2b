/** The inner loop of the matrix product: a tile of 6 × 8 (or 4 × 8) numbers of C, kept in registers. */
import { fma } from "./lanes";

export const ROWS: usize = 6; // of a tile
export const WIDTH: usize = 8; // of a tile, in columns

/**
 * tile[6, 8] (+)= Σₖ A[rows, k]·panel[k, 8]. Row i of A starts at a + i·aRow, and its next k is aStep on.
 * Rows past the last repeat it; who calls leaves them out.
 */
export function tile6(
  a: usize, aRow: usize, aStep: usize, rows: usize,
  panel: usize, tile: usize, tileRow: usize, depth: usize, accumulate: bool,
): void {
  const last = rows - 1;
  let a0 = a, a1 = a + min<usize>(1, last) * aRow, a2 = a + min<usize>(2, last) * aRow,
    a3 = a + min<usize>(3, last) * aRow, a4 = a + min<usize>(4, last) * aRow,
    a5 = a + min<usize>(5, last) * aRow;
  let l0 = f32x4.splat(0), l1 = l0, l2 = l0, l3 = l0, l4 = l0, l5 = l0; // columns 0 to 3
  let r0 = l0, r1 = l0, r2 = l0, r3 = l0, r4 = l0, r5 = l0; // columns 4 to 7
  for (const end = panel + (depth << 5); panel < end; panel += 32) {
    const left = v128.load(panel), right = v128.load(panel, 16);
    let x = v128.load32_splat(a0);
    l0 = fma(x, left, l0), r0 = fma(x, right, r0), a0 += aStep;
    x = v128.load32_splat(a1);
    l1 = fma(x, left, l1), r1 = fma(x, right, r1), a1 += aStep;
    x = v128.load32_splat(a2);
    l2 = fma(x, left, l2), r2 = fma(x, right, r2), a2 += aStep;
    x = v128.load32_splat(a3);
    l3 = fma(x, left, l3), r3 = fma(x, right, r3), a3 += aStep;
    x = v128.load32_splat(a4);
    l4 = fma(x, left, l4), r4 = fma(x, right, r4), a4 += aStep;
    x = v128.load32_splat(a5);
    l5 = fma(x, left, l5), r5 = fma(x, right, r5), a5 += aStep;
  }
  tile = storeRow(tile, tileRow, l0, r0, accumulate);
  tile = storeRow(tile, tileRow, l1, r1, accumulate);
  tile = storeRow(tile, tileRow, l2, r2, accumulate);
  tile = storeRow(tile, tileRow, l3, r3, accumulate);
  tile = storeRow(tile, tileRow, l4, r4, accumulate);
  storeRow(tile, tileRow, l5, r5, accumulate);
}

/** The same with 4 rows. */
export function tile4(
  a: usize, aRow: usize, aStep: usize, rows: usize,
  panel: usize, tile: usize, tileRow: usize, depth: usize, accumulate: bool,
): void {
  const last = rows - 1;
  let a0 = a, a1 = a + min<usize>(1, last) * aRow, a2 = a + min<usize>(2, last) * aRow,
    a3 = a + min<usize>(3, last) * aRow;
  let l0 = f32x4.splat(0), l1 = l0, l2 = l0, l3 = l0;
  let r0 = l0, r1 = l0, r2 = l0, r3 = l0;
  for (const end = panel + (depth << 5); panel < end; panel += 32) {
    const left = v128.load(panel), right = v128.load(panel, 16);
    let x = v128.load32_splat(a0);
    l0 = fma(x, left, l0), r0 = fma(x, right, r0), a0 += aStep;
    x = v128.load32_splat(a1);
    l1 = fma(x, left, l1), r1 = fma(x, right, r1), a1 += aStep;
    x = v128.load32_splat(a2);
    l2 = fma(x, left, l2), r2 = fma(x, right, r2), a2 += aStep;
    x = v128.load32_splat(a3);
    l3 = fma(x, left, l3), r3 = fma(x, right, r3), a3 += aStep;
  }
  tile = storeRow(tile, tileRow, l0, r0, accumulate);
  tile = storeRow(tile, tileRow, l1, r1, accumulate);
  tile = storeRow(tile, tileRow, l2, r2, accumulate);
  storeRow(tile, tileRow, l3, r3, accumulate);
}

// @ts-ignore: decorator
@inline
function storeRow(tile: usize, tileRow: usize, left: v128, right: v128, accumulate: bool): usize {
  if (accumulate) {
    left = f32x4.add(left, v128.load(tile));
    right = f32x4.add(right, v128.load(tile, 16));
  }
  v128.store(tile, left);
  v128.store(tile, right, 16);
  return tile + tileRow;
}
