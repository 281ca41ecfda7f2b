/** Copying parts of A and B into the order in which the inner loop of the matrix product reads them. */
import { turnFour } from "./lanes";
import { ROWS, WIDTH } from "./tile";

/** Columns [k, i … i + rows] of a stored [K, M] → packed [depth][6]. */
export function packA(a: usize, lda: usize, rows: usize, depth: usize, packed: usize): void {
  const row = lda << 2;
  for (let k: usize = 0; k < depth; k++, a += row, packed += ROWS << 2) {
    if (rows == ROWS) {
      v128.store(packed, v128.load(a));
      store<u64>(packed, load<u64>(a, 16), 16);
    } else {
      for (let i: usize = 0; i < rows; i++) store<f32>(packed + (i << 2), load<f32>(a + (i << 2)));
    }
  }
}

/** A block of B [depth, columns] → panels [columns / 8][depth][8]; columns past the last hold anything. */
export function packB(b: usize, ldb: usize, transposed: bool, depth: usize, columns: usize, packed: usize): void {
  const panel = (depth * WIDTH) << 2;
  for (let j: usize = 0; j < columns; ) {
    const width = min(columns - j, WIDTH);
    if (transposed) packRows(b + ((j * ldb) << 2), ldb, depth, width, packed);
    else if (columns - j >= 2 * WIDTH) {
      packTwoPanels(b + (j << 2), ldb, depth, packed, packed + panel);
      packed += panel, j += WIDTH;
    } else packColumns(b + (j << 2), ldb, depth, width, packed);
    packed += panel, j += WIDTH;
  }
}

/** 16 columns at once: a whole cache line of each row, which would else be fetched twice. */
function packTwoPanels(b: usize, ldb: usize, depth: usize, first: usize, second: usize): void {
  const row = ldb << 2;
  for (const end = first + (depth << 5); first < end; first += 32, second += 32, b += row) {
    v128.store(first, v128.load(b));
    v128.store(first, v128.load(b, 16), 16);
    v128.store(second, v128.load(b, 32));
    v128.store(second, v128.load(b, 48), 16);
  }
}

/** The columns that are left: 8, or fewer. */
function packColumns(b: usize, ldb: usize, depth: usize, width: usize, packed: usize): void {
  const row = ldb << 2;
  for (const end = packed + (depth << 5); packed < end; packed += 32, b += row) {
    if (width == WIDTH) {
      v128.store(packed, v128.load(b));
      v128.store(packed, v128.load(b, 16), 16);
    } else {
      for (let j: usize = 0; j < width; j++) store<f32>(packed + (j << 2), load<f32>(b + (j << 2)));
    }
  }
}

/** 8 rows of a stored [N, K] become 8 columns: 4 × 4 numbers are turned in registers at a time. */
function packRows(b: usize, ldb: usize, depth: usize, width: usize, packed: usize): void {
  const fours = depth & ~3;
  for (let half: usize = 0; half < WIDTH; half += 4) {
    const last = width - 1; // rows past the last repeat it
    let b0 = b + ((min(half, last) * ldb) << 2), b1 = b + ((min(half + 1, last) * ldb) << 2),
      b2 = b + ((min(half + 2, last) * ldb) << 2), b3 = b + ((min(half + 3, last) * ldb) << 2);
    let to = packed + (half << 2);
    for (let k: usize = 0; k < fours; k += 4, to += 128) {
      turnFour(b0, b1, b2, b3, to, WIDTH << 2);
      b0 += 16, b1 += 16, b2 += 16, b3 += 16;
    }
    for (let k = fours; k < depth; k++, to += 32) {
      store<f32>(to, load<f32>(b0)), store<f32>(to, load<f32>(b1), 4);
      store<f32>(to, load<f32>(b2), 8), store<f32>(to, load<f32>(b3), 12);
      b0 += 4, b1 += 4, b2 += 4, b3 += 4;
    }
  }
}
