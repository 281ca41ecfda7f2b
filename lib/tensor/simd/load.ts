/** Loading the WebAssembly kernels: the build with relaxed SIMD where the engine has it, else the plain one. */
import type { Heap } from "./heap.ts";
import type { Kernels } from "./kernels.ts";
import { plain } from "./kernels_plain.ts";
import { relaxed as relaxedKernels } from "./kernels_relaxed.ts";

/** A module of one function that uses `f32x4.relaxed_madd`, to ask the engine whether it knows it. */
// deno-fmt-ignore
const relaxedProbe = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, // magic and version
  1, 5, 1, 96, 0, 1, 123, // one type: () → v128
  3, 2, 1, 0, // one function of that type
  10, 19, 1, 17, 0, // its body, without locals
  65, 0, 253, 17, 65, 0, 253, 17, 65, 0, 253, 17, // i32.const 0, i32x4.splat, three times
  253, 133, 2, 11, // f32x4.relaxed_madd, end
]);

/** Whether the engine has relaxed SIMD. */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(relaxedProbe);
}

/** The kernels, compiled. */
export function compileKernels({ relaxed = hasRelaxedSimd() } = {}): WebAssembly.Module {
  return new WebAssembly.Module(decode(relaxed ? relaxedKernels : plain));
}

/** The kernels, working on a heap whose bottom is given to their static data. */
export function loadKernels(
  heap: Heap,
  { relaxed = hasRelaxedSimd(), module = compileKernels({ relaxed }) } = {},
): Kernels {
  const { exports } = new WebAssembly.Instance(module, { env: { memory: heap.memory } });
  const kernels = exports as unknown as Kernels;
  heap.reserve(kernels.heapStart());
  return kernels;
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
