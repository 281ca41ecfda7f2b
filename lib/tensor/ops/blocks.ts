/** Sums over many rows by several threads, the same whatever their number. */
import type { Pool, SimdBackend } from "../simd/mod.ts";

type KernelName = Parameters<Pool["run"]>[0];

/** Rows are summed in so many blocks, one after the other or at the same time. */
const BLOCKS = 4;

/** Fewer numbers are summed as one block. */
const LEAST_NUMBERS = 2 ** 16;

/**
 * Runs a kernel that sums over rows, for blocks of rows with sums of their own, which are then added up in order.
 *
 * @param options `sums`: addresses of `width` sums each.
 * @param call the kernel and its arguments for some rows, with addresses for the block's own sums.
 */
export function inBlocks(
  backend: SimdBackend,
  { rows, width, sums }: { rows: number; width: number; sums: number[] },
  call: (begin: number, rows: number, sums: number[]) => { kernel: KernelName; args: number[] },
): void {
  if (rows * width < LEAST_NUMBERS || rows < BLOCKS) {
    const { kernel, args } = call(0, rows, sums);
    return backend.pool.runHere(kernel, args);
  }
  const size = Math.ceil(rows / BLOCKS);
  const bytes = BLOCKS * width * 4; // of the blocks' sums, for each of the sums
  backend.withScratch(bytes * sums.length, (scratch) => {
    const calls = Array.from({ length: Math.ceil(rows / size) }, (_, block) => {
      const own = sums.map((_, i) => scratch + i * bytes + block * width * 4);
      return call(block * size, Math.min(size, rows - block * size), own);
    });
    backend.pool.run(calls[0]!.kernel, calls.map(({ args }) => args));
    sums.forEach((to, i) => {
      backend.kernels.sum(scratch + i * bytes, to, 1, calls.length, width, 1);
    });
  });
}
