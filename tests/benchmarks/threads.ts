/** Backends on several numbers of threads in one process: each number has a pool that is kept. */
import { ready, tf } from "../../lib/tensor/mod.ts";
import { type Pool, SimdBackend } from "../../lib/tensor/simd/mod.ts";

const pools = new Map<string, Pool>();

/** Makes a backend current, on so many threads where it has any; a second time that costs nothing. */
export async function useBackend(name: string, threads: number): Promise<void> {
  const key = `${name} ${threads}`;
  if (!pools.has(key)) {
    await ready(name as "simd");
    current()?.usePool(undefined); // the pool of another number stays as it is
    await ready({ backend: name as "simd", threads });
    const backend = current();
    if (backend) pools.set(key, backend.pool);
  }
  await tf.setBackend(name);
  current()?.usePool(pools.get(key));
  current()?.blas?.setThreads(threads);
}

function current(): SimdBackend | undefined {
  const backend = tf.backend();
  return backend instanceof SimdBackend ? backend : undefined;
}
