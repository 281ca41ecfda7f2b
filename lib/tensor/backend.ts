/** Choosing the backend that tfjs computes on. */
import * as tf from "@tensorflow/tfjs";

export type BackendName =
  | "auto"
  | "simd"
  | "native"
  | "wasm"
  | "cpu"
  | "webgpu";

/** Makes a backend ready and current; resolves to its name. */
export async function ready(backend: BackendName = "auto"): Promise<string> {
  await tf.setBackend(backend === "auto" ? "cpu" : backend);
  await tf.ready();
  return tf.getBackend();
}
