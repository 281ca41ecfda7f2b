/** Starting the workers of a pool, where workers are to be had. */
import { Worker } from "node:worker_threads";
import type { SimdBackend } from "./backend.ts";
import { BOARD_BYTES, type Invitation, together } from "./pool.ts";

/**
 * Lets a backend compute on so many threads from now on; one, silently, where there are no workers.
 *
 * A pool that is there already is kept when it is as large.
 */
export async function useThreads(backend: SimdBackend, threads: number): Promise<void> {
  if (backend.pool.threads === threads) return;
  const { heap, kernels, module, blas } = backend;
  blas?.setThreads(threads);
  backend.pool.dispose();
  backend.usePool(undefined);
  if (threads === 1 || !module) return;
  const board = heap.allocate(BOARD_BYTES); // for good: a thread may still look at it when its pool has ended
  new Uint8Array(heap.memory.buffer as ArrayBuffer, board, BOARD_BYTES).fill(0);
  const pool = together({ heap, kernels, board, threads });
  try {
    const invitation = { memory: heap.memory, module, board };
    await Promise.all(Array.from({ length: threads - 1 }, () => startWorker(invitation)));
    backend.usePool(pool);
  } catch {
    pool.dispose(); // no workers are to be had, or not so many
  }
}

/** Starts a worker that does not keep the process alive. */
function startWorker(invitation: Invitation): Promise<void> {
  const worker = new Worker(new URL("./pool_worker.ts", import.meta.url));
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", () => {
      worker.unref();
      resolve();
    });
    worker.postMessage(invitation);
  });
}
