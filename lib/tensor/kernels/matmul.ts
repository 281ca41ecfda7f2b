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
import { packA, packB } from "./pack";
import { ROWS, tile4, tile6, WIDTH } from "./tile";

const DEPTH: usize = 512;
const COLUMNS: usize = 512;
const FEW: usize = 3; // up to so many rows of A, packing B does not pay

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
