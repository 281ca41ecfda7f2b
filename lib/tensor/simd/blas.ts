/** Matrix products by the system's BLAS, on the heap itself: nothing is copied. */
import type { Blas, Multiply } from "./gemm.ts";

const symbols = {
  cblas_sgemm: {
    // order, transposeA, transposeB, M, N, K, alpha, A, lda, B, ldb, beta, C, ldc
    // deno-fmt-ignore
    parameters: ["i32", "i32", "i32", "i32", "i32", "i32", "f32", "usize", "i32", "usize", "i32", "f32", "usize", "i32"],
    result: "void",
  },
  openblas_set_num_threads: { parameters: ["i32"], result: "void", optional: true },
} as const;

/** Where a BLAS is looked for, best first; the loader knows the folders. */
export const libraries: Partial<Record<typeof Deno.build.os, string[]>> = {
  darwin: ["/System/Library/Frameworks/Accelerate.framework/Accelerate"],
  linux: [
    "libopenblas.so.0",
    "libopenblas.so",
    "libmkl_rt.so.2",
    "libmkl_rt.so",
    "libblis.so.4",
    "libblis.so",
  ],
};

const rowMajor = 101, noTranspose = 111, transpose = 112; // cblas.h

/** The threads of a library, each by its own variable; one unless the user says otherwise. */
const threads = {
  OPENBLAS_NUM_THREADS: "1",
  MKL_NUM_THREADS: "1",
  BLIS_NUM_THREADS: "1",
  VECLIB_MAXIMUM_THREADS: "1",
};

/**
 * The OpenBLAS kernel that suits a processor, from its flags in /proc/cpuinfo.
 *
 * An OpenBLAS that is older than the processor does not know it and takes its slowest kernel; the flags say
 * what the processor can do whatever its name is.
 */
export function coreType(cpuinfo: string): string | undefined {
  const flags = new Set(/^flags\s*:(.*)$/m.exec(cpuinfo)?.[1]?.trim().split(/\s+/));
  const all = (...names: string[]) => names.every((name) => flags.has(name));
  if (all("avx512f", "avx512bw", "avx512dq", "avx512vl")) return "SKYLAKEX";
  if (all("avx2", "fma")) return "HASWELL";
  return undefined;
}

/** Whether FFI may be used without asking. */
export function mayOpen(): boolean {
  return Deno.permissions.querySync({ name: "ffi" }).state === "granted";
}

/** Opens the first BLAS there is; throws an Error that says what was looked for. */
export function openBlas(): Blas {
  const names = libraries[Deno.build.os] ?? [];
  if (!mayOpen()) {
    throw new Error(
      "Expected permission to call native libraries for the native backend, got none; run with --allow-ffi",
    );
  }
  const variables = environment();
  const passedOver: string[] = [];
  return withEnvironment(variables, () => {
    for (const name of names) {
      const library = open(name);
      if (typeof library === "string") passedOver.push(`${name}: ${library}`);
      else {
        const multiplyIn = (memory: WebAssembly.Memory) => multiplyWith(library, memory);
        const setThreads = (count: number) => library.symbols.openblas_set_num_threads?.(count);
        return { name, passedOver, environment: variables, multiplyIn, setThreads };
      }
    }
    throw new Error(
      `Expected a BLAS library for the native backend, got none of ${
        names.join(", ") || "those known"
      } on ${Deno.build.os}; on Debian and Ubuntu install libopenblas0`,
    );
  });
}

type Library = Deno.DynamicLibrary<typeof symbols>;

/** A library, or why it is of no use. */
function open(name: string): Library | string {
  try {
    return Deno.dlopen(name, symbols);
  } catch (error) {
    return (error as Error).message.includes("symbol") ? "has no cblas_sgemm" : "is not installed";
  }
}

/** The address of a memory's first byte, for the rest of the process: a shared memory never moves. */
function addressOf(memory: WebAssembly.Memory): number {
  const bytes = new Uint8Array(memory.buffer as ArrayBuffer);
  return Number(Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes)));
}

function multiplyWith({ symbols }: Library, memory: WebAssembly.Memory): Multiply {
  const base = addressOf(memory);
  // Typed as bigint; a number does as well below 2⁵³, without an allocation for each call.
  const at = (offset: number) => base + offset as unknown as bigint;
  // deno-fmt-ignore
  return ({ M, N, K, a, lda, transposeA, b, ldb, transposeB, c, ldc, accumulate }) =>
    symbols.cblas_sgemm(
      rowMajor, transposeA ? transpose : noTranspose, transposeB ? transpose : noTranspose,
      M, N, K, 1, at(a), lda, at(b), ldb, accumulate ? 1 : 0, at(c), ldc,
    );
}

/** What the library must find in the environment when it is opened, where it may be read and the user has not set it. */
function environment(): Record<string, string> {
  const core = Deno.build.os === "linux" ? coreType(readCpuinfo()) : undefined;
  const wanted = { ...threads, ...(core && { OPENBLAS_CORETYPE: core }) };
  const unset = ([name]: [string, string]) =>
    Deno.permissions.querySync({ name: "env", variable: name }).state === "granted" &&
    Deno.env.get(name) === undefined;
  return Object.fromEntries(Object.entries(wanted).filter(unset));
}

/** The flags of the processors, which Deno itself lets be read with all permissions only: by the C library. */
function readCpuinfo(): string {
  try {
    const libc = Deno.dlopen("libc.so.6", {
      open: { parameters: ["buffer", "i32"], result: "i32" },
      read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
      close: { parameters: ["i32"], result: "i32" },
    });
    const file = libc.symbols.open(new TextEncoder().encode("/proc/cpuinfo\0"), 0);
    const bytes = new Uint8Array(8192); // the first processor is enough
    const length = Number(libc.symbols.read(file, bytes, BigInt(bytes.length)));
    libc.symbols.close(file);
    return new TextDecoder().decode(bytes.subarray(0, Math.max(0, length)));
  } catch {
    return ""; // another C library
  }
}

function withEnvironment<T>(variables: Record<string, string>, run: () => T): T {
  for (const [name, value] of Object.entries(variables)) Deno.env.set(name, value);
  try {
    return run();
  } finally {
    for (const name of Object.keys(variables)) Deno.env.delete(name);
  }
}
