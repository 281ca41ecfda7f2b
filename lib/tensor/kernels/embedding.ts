/** Rows of a table, table [V, C], by indices [N], and their gradient. */
import { addRow, copyRow } from "./parts";

/** The first place in `indices` that holds something outside 0 … V − 1, or −1 when none does. */
export function firstBadIndex(indices: usize, N: usize, V: i32): i32 {
  for (let i: usize = 0; i < N; i++) {
    if (load<u32>(indices + (i << 2)) >= <u32>V) return <i32>i;
  }
  return -1;
}

/** out[i] = table[indices[i]], out [N, C]. */
export function embedding(table: usize, indices: usize, out: usize, N: usize, C: usize): void {
  const row = C << 2;
  for (let i: usize = 0; i < N; i++, out += row) {
    copyRow(table + load<u32>(indices + (i << 2)) * row, out, C);
  }
}

/** dTable[v] = Σ of dy[i] over all i with indices[i] = v, dTable [V, C], dy [N, C]. */
export function embeddingGradient(
  dy: usize, indices: usize, dTable: usize, N: usize, V: usize, C: usize,
): void {
  const row = C << 2;
  memory.fill(dTable, 0, V * row);
  for (let i: usize = 0; i < N; i++, dy += row) {
    addRow(dy, dTable + load<u32>(indices + (i << 2)) * row, C);
  }
}
