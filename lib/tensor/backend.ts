/** Choosing the backend that tfjs computes on. */
import * as tf from "@tensorflow/tfjs";
import { registerSimd } from "./simd/mod.ts";

export type BackendName =
  | "auto"
  | "simd"
  | "native"
  | "wasm"
  | "cpu"
  | "webgpu";

/** Makes a backend ready and current; resolves to its name. */
export async function ready(backend: BackendName = "auto"): Promise<string> {
  const name = backend === "auto" ? "simd" : backend;
  if (!tf.engine().registryFactory[name]) registerSimd();
  await tf.setBackend(name);
  await tf.ready();
  return tf.getBackend();
}
