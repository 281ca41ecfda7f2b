/** Everything that the WebAssembly module exports. A kernel is given addresses and counts, nothing else. */
export { gemm, gemmScratch } from "./matmul";

/** The first address that is free for tensors: everything below is the module's own. */
export function heapStart(): usize {
  return __heap_base;
}
