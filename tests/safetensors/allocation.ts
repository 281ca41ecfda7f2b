/** Watches how much is allocated at once. */

/** Runs `work` and returns the largest array buffer, in bytes, that was asked for meanwhile. */
export function largestAllocation(work: () => void): number {
  let largest = 0;
  const watch = <C extends typeof ArrayBuffer | typeof Uint8Array>(original: C): C =>
    new Proxy(original, {
      construct: (target, [size, ...others], newTarget) => {
        if (typeof size === "number") largest = Math.max(largest, size);
        return Reflect.construct(target, [size, ...others], newTarget);
      },
    });
  const originals = { ArrayBuffer, Uint8Array };
  try {
    Object.assign(globalThis, {
      ArrayBuffer: watch(ArrayBuffer),
      Uint8Array: watch(Uint8Array),
    });
    work();
  } finally {
    Object.assign(globalThis, originals);
  }
  return largest;
}
