/** Recurrent kernels on several threads: sequences of a batch know nothing of each other. */
import type { Pool, SimdBackend } from "../simd/mod.ts";

/** Sequences that a kernel computes together: where it may be cut without a number changing. */
const TOGETHER = 4;

/** About as many multiplications as an activation takes. */
const ACTIVATION = 10;

/** Bytes of a cache line: two threads that write to one wait for each other. */
const LINE = 64;

/** A batch of sequences of cells, each with so many gates. */
export interface Sequences {
  batch: number;
  time: number;
  width: number;
  gates: number;
}

/**
 * Runs a recurrent kernel for all sequences.
 *
 * @param options `bytes`: of scratch that each part needs; `each`: addresses, and the bytes of one sequence there.
 */
export function eachSequences(
  backend: SimdBackend,
  kernel: Parameters<Pool["run"]>[0],
  { sizes: { batch, time, width, gates }, each, bytes }: {
    sizes: Sequences;
    each: readonly (readonly [address: number, stride: number])[];
    bytes: number;
  },
): void {
  const work = batch * time * gates * width * (width + ACTIVATION);
  const all = { length: batch, step: TOGETHER, work };
  const apart = Math.ceil(bytes / LINE) * LINE;
  backend.withScratch(
    apart * backend.partsOf(all),
    (scratch) =>
      backend.divide(kernel, all, (begin, n, part) => [
        ...each.map(([address, stride]) => address && address + begin * stride),
        ...[n, time, width, scratch + part * apart],
      ]),
  );
}
