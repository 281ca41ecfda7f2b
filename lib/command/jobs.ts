/** How many pieces of work are done at once: no more than the cores and the memory have room for. */

/** Cores for each piece of work that computes on so many threads, one at least. */
export function jobsForCores(threads: number, cores = navigator.hardwareConcurrency): number {
  return Math.max(1, Math.floor(cores / threads));
}

/** Bytes that the machine has free, as far as it may be asked; infinite otherwise. */
export function availableMemory(): number {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "systemMemoryInfo" });
  return state === "granted" ? Deno.systemMemoryInfo().available : Infinity;
}

/** What JavaScript and the program take in each worker. */
const BYTES_OF_A_WORKER = 120 * 2 ** 20;

/** Blocks of some sizes are free while others are asked for. */
const SPARE = 1.25;

/**
 * So many of the jobs as fit into memory, one at least; says so in a line on standard error when they
 * are fewer.
 *
 * @param bytes what each piece of work takes at most
 */
export function jobsThatFit(
  jobs: number,
  { bytes, available = availableMemory() }: { bytes: readonly number[]; available?: number },
): number {
  const wanted = Math.min(jobs, bytes.length);
  const largestFirst = bytes.map((each) => BYTES_OF_A_WORKER + SPARE * each).sort((a, b) => b - a);
  let sum = 0;
  const fitting = largestFirst.slice(0, wanted).filter((each) => (sum += each) <= available).length;
  if (fitting >= wanted) return wanted;
  console.error(
    `${Math.max(1, fitting)} at once instead of ${wanted}: ${gibibytes(available)} are free, and ` +
      `the largest take about ${gibibytes(largestFirst[0]!)} each`,
  );
  return Math.max(1, fitting);
}

/** Bytes as a person reads them. */
export function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toLocaleString("en", { maximumSignificantDigits: 2 })} GiB`;
}
