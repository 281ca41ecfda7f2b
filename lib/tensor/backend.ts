/** Choosing the backend that tfjs computes on. */
import * as tf from "@tensorflow/tfjs";
import { registerSimd, SimdBackend } from "./simd/mod.ts";
import { fuseStockAdam } from "./stock_adam.ts";
import { shortenStockGradients } from "./stock_gradients.ts";

/**
 * `simd` is our own backend; `native` the same with matrix products by the system's BLAS; `cpu`, `wasm` and
 * `webgpu` are tfjs's own. `webgpu-software` takes a graphics adapter that is only emulated, for tests.
 */
export type BackendName =
  | "auto"
  | "simd"
  | "native"
  | "wasm"
  | "cpu"
  | "webgpu"
  | "webgpu-software";

type Chosen = Exclude<BackendName, "auto">;

/** What makes each backend known to tfjs. */
const prepare: Record<Chosen, () => void | Promise<void>> = {
  simd: () => {
    registerSimd();
    quicken();
  },
  native: async () => {
    (await denoBackends()).prepareNative();
    quicken();
  },
  cpu: () => {}, // comes with tfjs
  wasm: async () => (await denoBackends()).prepareWasm(),
  webgpu: async () => (await denoBackends()).prepareWebgpu({ software: false }),
  "webgpu-software": async () => (await denoBackends()).prepareWebgpu({ software: true }),
};

/** Lets programs in tfjs's own words gain from our backends too. */
function quicken(): void {
  fuseStockAdam();
  shortenStockGradients();
}

/** subtle: the path is no constant, so that a bundle for a browser does not contain them. */
const denoBackendsPath: string = "./deno_backends.ts";

function denoBackends(): Promise<typeof import("./deno_backends.ts")> {
  return import(denoBackendsPath);
}

/**
 * The file name of a BLAS that seems to be installed and that `auto` would take, were calling it allowed
 * (`--allow-ffi`); nothing where there is none, or where it is allowed.
 */
export async function unusedBlas(): Promise<string | undefined> {
  return isDeno() ? (await denoBackends()).unusedBlas() : undefined;
}

function isDeno(): boolean {
  return navigator.userAgent.startsWith("Deno/");
}

/** `native` where it costs nobody a question, else `simd`. */
async function prepareBest(): Promise<Chosen> {
  try {
    if (isDeno() && (await denoBackends()).mayOpen()) {
      await prepareOnce("native");
      return "native";
    }
  } catch {
    // No BLAS is installed, which nobody asked about.
  }
  await prepareOnce("simd");
  return "simd";
}

async function prepareOnce(name: Chosen): Promise<void> {
  if (!(tfjsName(name) in tf.engine().registryFactory)) await prepare[name]();
}

function tfjsName(name: Chosen): string {
  return name === "webgpu-software" ? "webgpu" : name;
}

/** What {@linkcode ready} takes beside a name. */
export interface ReadyOptions {
  /** Which backend, `auto` unless said. */
  backend?: BackendName | undefined;
  /**
   * On how many threads `simd` and `native` compute, what is large enough for it; one unless said. Results are
   * the same for any number (with `native` but for the products, which its BLAS divides in its own way). Where
   * there are no workers or no shared memory, as in a page, it is one.
   */
  threads?: number | undefined;
}

/**
 * Makes a backend ready and current.
 *
 * @param asked the backend's name, or options. `auto` is `native` where permission for FFI has been given and a
 * BLAS is installed (as in a notebook), else `simd`.
 * @returns the name of the backend that tfjs now uses.
 * @throws Error that says what is missing, when a backend is asked for by name and cannot be had.
 *
 * @example
 * ```ts
 * import { ready, tf } from "./mod.ts";
 *
 * await ready("simd");
 * tf.matMul([[1, 2]], [[3], [4]]).print(); // [[11],]
 * await ready({ backend: "simd", threads: 2 });
 * ```
 */
export async function ready(asked: BackendName | ReadyOptions = "auto"): Promise<string> {
  const { backend = "auto", threads = 1 } = typeof asked === "string" ? { backend: asked } : asked;
  if (backend !== "auto" && !(backend in prepare)) {
    const known = ["auto", ...Object.keys(prepare)].join(", ");
    throw new Error(`Expected a backend of ${known}, got ${backend}`);
  }
  if (!Number.isInteger(threads) || threads < 1) {
    throw new RangeError(`Expected a whole number of threads, at least 1, got ${threads}`);
  }
  let chosen: Chosen;
  if (backend === "auto") chosen = await prepareBest();
  else await prepareOnce(chosen = backend);
  if (!await tf.setBackend(tfjsName(chosen))) {
    throw new Error(`Expected the ${chosen} backend to start, got a failure that tfjs has logged`);
  }
  await tf.ready();
  const current = tf.backend();
  if (current instanceof SimdBackend && current.pool.threads !== threads && isDeno()) {
    await (await denoBackends()).useThreads(current, threads);
  }
  return tf.getBackend();
}
