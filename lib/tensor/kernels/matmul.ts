/**
 * Matrix product: C[i, j] = Σₖ A[i, k]·B[k, j], A [M, K], B [K, N], C [M, N].
 *
 * B is copied into panels of 8 columns, [K][8] each, so that the inner loop reads it in order. The inner
 * loop keeps a 6 × 8 tile of C in twelve registers: for each k it loads 8 numbers of B, broadcasts 6 of A,
 * and multiplies and adds 48 times.
 *
 *        8 columns of B        Blocks: DEPTH rows of B at a time, so that a panel of B (DEPTH·8 numbers) and
 *      k ┌────────┐            6 rows of A stay in the first-level cache, and COLUMNS columns at a time, so
 *   ┌───┐│        │            that the packed block of B stays in the second-level cache.
 * 6 │ A ││   B    │
 *   └───┘└────────┘            Transposed arguments differ only in how they are packed.
 */
import { rowsTimes, rowsTimesTransposed } from "./few_rows";
import { fma } from "./lanes";

const DEPTH: usize = 512;
const COLUMNS: usize = 512;
const ROWS: usize = 6; // of a tile
const FEW: usize = 3; // up to so many rows of A, packing B does not pay
const WIDTH: usize = 8; // of a tile, in columns

/** Bytes of scratch that `gemm` needs. */
export function gemmScratch(N: usize, K: usize): usize {
  const depth = min(K, DEPTH), columns = min((N + WIDTH - 1) & ~(WIDTH - 1), COLUMNS);
  return (depth * columns + depth * ROWS + ROWS * WIDTH) << 2;
}

/**
 * C (+)= A·B. `transposedA` means that A is stored as [K, M], `transposedB` that B is stored as [N, K];
 * `lda`, `ldb` and `ldc` are the numbers from one stored row to the next.
 */
export function gemm(
  M: usize, N: usize, K: usize,
  a: usize, lda: usize, transposedA: bool,
  b: usize, ldb: usize, transposedB: bool,
  c: usize, ldc: usize, accumulate: bool, scratch: usize,
): void {
  if (K == 0 && !accumulate) {
    for (let i: usize = 0; i < M; i++) memory.fill(c + ((i * ldc) << 2), 0, N << 2);
  }
  if (M <= FEW && !(transposedA && transposedB)) {
    const aRow: usize = transposedA ? 4 : lda << 2, aStep: usize = transposedA ? lda << 2 : 4;
    if (transposedB) return rowsTimesTransposed(M, N, K, a, aRow, b, ldb << 2, c, ldc << 2, accumulate);
    return rowsTimes(M, N, K, a, aRow, aStep, b, ldb << 2, c, ldc << 2, accumulate);
  }
  for (let j: usize = 0; j < N; j += COLUMNS) {
    const columns = min(N - j, COLUMNS);
    for (let k: usize = 0; k < K; k += DEPTH) {
      const depth = min(K - k, DEPTH);
      const aBlock = a + ((transposedA ? k * lda : k) << 2);
      const bBlock = b + ((transposedB ? j * ldb + k : k * ldb + j) << 2);
      packB(bBlock, ldb, transposedB, depth, columns, scratch);
      multiplyBlock(
        aBlock, lda, transposedA, scratch, c + (j << 2), ldc, M, columns, depth, accumulate || k > 0,
      );
    }
  }
}

/** C[M, columns] (+)= A[M, depth]·packed B. */
function multiplyBlock(
  a: usize, lda: usize, transposedA: bool, packedB: usize,
  c: usize, ldc: usize, M: usize, columns: usize, depth: usize, accumulate: bool,
): void {
  const panels = (columns + WIDTH - 1) / WIDTH;
  const packedA = packedB + ((panels * WIDTH * depth) << 2);
  const edge = packedA + ((ROWS * depth) << 2); // a whole tile, for tiles that stick out of C
  for (let i: usize = 0; i < M; ) {
    // 4-row tiles where they fit better: 8 rows are 4 + 4, 32 are 4·6 + 2·4.
    const left = M - i;
    const four = left <= 4 || left == 8;
    const rows = min(left, four ? 4 : ROWS);
    let aRows = a + ((i * lda) << 2), aRow = lda << 2, aStep: usize = 4;
    if (transposedA) {
      packA(a + (i << 2), lda, rows, depth, packedA);
      aRows = packedA, aRow = 4, aStep = ROWS << 2;
    }
    for (let j: usize = 0; j < columns; j += WIDTH) {
      const panel = packedB + ((j * depth) << 2);
      const whole = columns - j >= WIDTH && (rows == ROWS || (four && rows == 4));
      const target = c + ((i * ldc + j) << 2);
      const tile = whole ? target : edge;
      const tileRow = whole ? ldc << 2 : WIDTH << 2;
      const add = accumulate && whole;
      if (four) tile4(aRows, aRow, aStep, rows, panel, tile, tileRow, depth, add);
      else tile6(aRows, aRow, aStep, rows, panel, tile, tileRow, depth, add);
      if (!whole) copyTile(edge, target, ldc, rows, min(columns - j, WIDTH), accumulate);
    }
    i += rows;
  }
}

/** The part of a tile that lies inside C: C (+)= tile[rows, columns]. */
function copyTile(tile: usize, c: usize, ldc: usize, rows: usize, columns: usize, accumulate: bool): void {
  for (let i: usize = 0; i < rows; i++) {
    for (let j: usize = 0; j < columns; j++) {
      const to = c + ((i * ldc + j) << 2);
      const value = load<f32>(tile + ((i * WIDTH + j) << 2));
      store<f32>(to, accumulate ? load<f32>(to) + value : value);
    }
  }
}

/**
 * tile[6, 8] (+)= Σₖ A[rows, k]·panel[k, 8]. Row i of A starts at a + i·aRow, and its next k is aStep on.
 * Rows past the last repeat it; who calls leaves them out.
 */
function tile6(
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
function tile4(
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

/** Columns [k, i … i + rows] of a stored [K, M] → packed [depth][6]. */
function packA(a: usize, lda: usize, rows: usize, depth: usize, packed: usize): void {
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
function packB(b: usize, ldb: usize, transposed: bool, depth: usize, columns: usize, packed: usize): void {
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
      const x0 = v128.load(b0), x1 = v128.load(b1), x2 = v128.load(b2), x3 = v128.load(b3);
      const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5), low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
      const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7), high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<f64>(low01, low23, 0, 2));
      v128.store(to, v128.shuffle<f64>(low01, low23, 1, 3), 32);
      v128.store(to, v128.shuffle<f64>(high01, high23, 0, 2), 64);
      v128.store(to, v128.shuffle<f64>(high01, high23, 1, 3), 96);
      b0 += 16, b1 += 16, b2 += 16, b3 += 16;
    }
    for (let k = fours; k < depth; k++, to += 32) {
      store<f32>(to, load<f32>(b0)), store<f32>(to, load<f32>(b1), 4);
      store<f32>(to, load<f32>(b2), 8), store<f32>(to, load<f32>(b3), 12);
      b0 += 4, b1 += 4, b2 += 4, b3 += 4;
    }
  }
}
