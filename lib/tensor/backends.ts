/** Which backends there are on this machine, and how fast each multiplies: `deno task backends`. */
import { type BackendName, ready, tf } from "./mod.ts";
import { openBlas } from "./simd/blas.ts";
import { hasRelaxedSimd } from "./simd/load.ts";

/** What is known of one backend on this machine. */
interface Found {
  name: string;
  /** Of the processor; undefined where it does not compute. */
  threads: number | undefined;
  /** Of a product of two matrices 512 × 512; undefined when the backend cannot be had. */
  gflops: number | undefined;
  /** What does the work, or why the backend cannot be had. */
  how: string;
}

const SIZE = 512;
const SECONDS = 0.8;

/** The rate of the fastest of many products, after two to warm up. */
async function rate(): Promise<number> {
  const [a, b] = [1, 2].map((seed) => tf.randomNormal([SIZE, SIZE], 0, 1, "float32", seed));
  let fastest = Infinity;
  const start = performance.now();
  for (let i = 0; i < 3 || performance.now() - start < SECONDS * 1000; i++) {
    const begin = performance.now();
    const product = tf.matMul(a!, b!);
    const corner = product.slice([0, 0], [1, 1]);
    await corner.data(); // a graphics card has only been asked by then
    if (i >= 2) fastest = Math.min(fastest, performance.now() - begin);
    tf.dispose([product, corner]);
  }
  tf.dispose([a!, b!]);
  return 2 * SIZE ** 3 / fastest / 1e6;
}

function nativeLibrary(): string {
  const { name, environment, passedOver } = openBlas();
  const given = Object.entries(environment).filter(([variable]) => /OPENBLAS/.test(variable))
    .map(([variable, value]) => `${variable}=${value}`);
  return [[name, ...given].join(" "), ...passedOver].join("; ");
}

/** Who computes on each backend, and on how many threads. */
const workers: Partial<Record<BackendName, () => { threads?: number; how: string }>> = {
  simd: () => ({
    threads: 1,
    how: `our kernels, ${hasRelaxedSimd() ? "relaxed SIMD" : "SIMD without relaxed operations"}`,
  }),
  native: () => ({
    threads: Number(Deno.env.get("OPENBLAS_NUM_THREADS") ?? 1),
    how: `our kernels, products by ${nativeLibrary()}`,
  }),
  wasm: () => ({ threads: 1, how: "tfjs's own" }),
  cpu: () => ({ threads: 1, how: "tfjs's own, plain JavaScript" }),
  webgpu: () => ({ how: "tfjs's own" }),
};

async function look(name: BackendName): Promise<Found> {
  try {
    await ready(name);
    const { threads, how } = workers[name]!();
    return { name, threads, gflops: await rate(), how };
  } catch (error) {
    return { name, threads: undefined, gflops: undefined, how: (error as Error).message };
  }
}

function line({ name, threads, gflops, how }: Found): string {
  const rate = gflops === undefined ? "–" : gflops.toPrecision(3);
  return `${name.padEnd(8)}${String(threads ?? "–").padStart(7)}${rate.padStart(10)}  ${how}`;
}

if (import.meta.main) {
  console.log(
    `A product of two matrices ${SIZE} × ${SIZE} on ${navigator.hardwareConcurrency} cores`,
  );
  console.log("backend threads   GFLOP/s");
  for (const name of Object.keys(workers) as BackendName[]) console.log(line(await look(name)));
  console.log(
    `auto is ${await ready("auto")} with this command's permissions, simd without --allow-ffi`,
  );
}
