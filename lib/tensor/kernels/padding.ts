/** Matrices copied to where their rows are a multiple of four long, so that kernels need no other case. */
import { four, loadPart } from "./parts";

/** Rows [rows, columns] to [paddedRows, columns′], filled with zeros. Strides in bytes. */
export function pad(
  from: usize, fromRow: usize, rows: usize, columns: usize,
  to: usize, toRow: usize, paddedRows: usize,
): void {
  const whole = (columns & ~3) << 2, rest = columns & 3;
  for (let i: usize = 0; i < rows; i++, from += fromRow, to += toRow) {
    for (let j: usize = 0; j < whole; j += 16) v128.store(to + j, v128.load(from + j));
    if (rest) v128.store(to + whole, loadPart(from + whole, rest));
  }
  if (paddedRows > rows) memory.fill(to, 0, (paddedRows - rows) * toRow);
}

/** The same, transposed: rows [rows, columns] to [columns, rows′], four times four numbers at a time. */
export function padTransposed(
  from: usize, fromRow: usize, rows: usize, columns: usize, to: usize, toRow: usize,
): void {
  for (let i: usize = 0; i < four(rows); i += 4, from += fromRow << 2, to += 16) {
    const left = rows - i;
    for (let j: usize = 0; j < columns; j += 4) {
      const at = from + (j << 2), zero = f32x4.splat(0);
      const a = v128.load(at);
      const b = left > 1 ? v128.load(at + fromRow) : zero;
      const c = left > 2 ? v128.load(at + 2 * fromRow) : zero;
      const d = left > 3 ? v128.load(at + 3 * fromRow) : zero;
      const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
      let target = to + j * toRow;
      v128.store(target, v128.shuffle<f64>(ab, cd, 0, 2));
      if (j + 1 == columns) break;
      v128.store(target += toRow, v128.shuffle<f64>(ab, cd, 1, 3));
      if (j + 2 == columns) break;
      const high = v128.shuffle<f32>(a, b, 2, 6, 3, 7), deep = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      v128.store(target += toRow, v128.shuffle<f64>(high, deep, 0, 2));
      if (j + 3 == columns) break;
      v128.store(target += toRow, v128.shuffle<f64>(high, deep, 1, 3));
    }
  }
}
