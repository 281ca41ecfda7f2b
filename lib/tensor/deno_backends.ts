/** What needs more than a JavaScript engine: the system's BLAS, threads, and tfjs's own wasm and webgpu. */
import { mayOpen, openBlas } from "./simd/blas.ts";
import { unusedBlas } from "./simd/installed_blas.ts";
import { registerNative } from "./simd/mod.ts";
import { useThreads } from "./simd/threads.ts";

export { mayOpen, unusedBlas, useThreads };

/** Makes `native` known to tfjs; throws when there is no BLAS, or no permission to call it. */
export function prepareNative(): void {
  registerNative(openBlas());
}

/** Makes tfjs's own wasm backend known to tfjs. */
export async function prepareWasm(): Promise<void> {
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(new URL("./", import.meta.resolve("@tensorflow/tfjs-backend-wasm")).pathname);
}

/** Makes tfjs's own webgpu backend known to tfjs, on a real graphics adapter or on an emulated one. */
export async function prepareWebgpu({ software }: { software: boolean }): Promise<void> {
  const adapter = await navigator.gpu?.requestAdapter({ forceFallbackAdapter: software });
  if (!adapter) throw new Error("Expected a graphics adapter for the webgpu backend, got none");
  const { vendor, architecture, device, description } = adapter.info;
  const name = [vendor, architecture, device, description].filter(Boolean).join(" ");
  if (
    !software && (adapter.info.isFallbackAdapter || /llvmpipe|lavapipe|swiftshader/i.test(name))
  ) {
    throw new Error(
      `Expected a real graphics adapter for the webgpu backend, got the software adapter ${name}; ` +
        "ask for webgpu-software to use it",
    );
  }
  await import("@tensorflow/tfjs-backend-webgpu");
}
