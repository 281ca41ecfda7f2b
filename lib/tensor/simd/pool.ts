/**
 * Kernels on several threads, over one shared memory.
 *
 * A kernel call is cut only where that changes no number of the result, so results are the same for any number of
 * threads. The parts stand on a board in the shared memory; every thread takes the next one that nobody has
 * taken. The thread that asks takes part itself and waits only for parts that others have begun, so a worker
 * that the system does not let run costs nothing.
 */
import type { Heap } from "./heap.ts";
import type { Kernels } from "./kernels.ts";

/** A kernel's name. */
export type KernelName = keyof Kernels;

/** Runs all parts of a kernel call; they may run at the same time, in any order. */
export interface Pool {
  /** How many threads there are, the asking one included. */
  readonly threads: number;
  /** Into how many parts to cut some work, in multiplications or the like, of which `most` can be made. */
  parts(work: number, most: number): number;
  run(kernel: KernelName, parts: readonly (readonly number[])[]): void;
  /** Runs a kernel whole, on the asking thread. */
  runHere(kernel: KernelName, args: readonly number[]): void;
  /** Lets the other threads end; what was asked of them is done. */
  dispose(): void;
}

type Functions = Record<string, (...args: number[]) => void>;

/** Into how many parts a call is cut at most, more than threads so that nobody waits long for the last one. */
const MOST_PARTS = 8;
const MOST_ARGUMENTS = 24;

/** Words of the board, each on a cache line of its own. */
const CLAIM = 0; // how many parts · 256 + the next one to take
const DONE = 16; // how many parts are done
const CALL = 32; // which kernel, and how many arguments a part has
const FAILED = 48; // whether a part ended in an exception
const HEADER = 256; // bytes

/** What stands for a claim when there will be no more. */
const ENDED = -1;

/** Bytes that a board takes. */
export const BOARD_BYTES = HEADER + MOST_PARTS * MOST_ARGUMENTS * 8;

/** How long a worker looks for more before it sleeps, in milliseconds: about as long as between two kernels. */
const PATIENCE = 0.06;

/** The place in the shared memory where threads find their work. */
interface Board {
  words: Int32Array;
  numbers: Float64Array;
  functions: Functions;
  names: string[];
}

/** What a worker must be told to take part. */
export interface Invitation {
  memory: WebAssembly.Memory;
  module: WebAssembly.Module;
  board: number;
}

function boardAt(
  memory: WebAssembly.Memory,
  { board, kernels }: { board: number; kernels: Kernels },
): Board {
  const buffer = memory.buffer as ArrayBuffer;
  const functions = kernels as unknown as Functions;
  return {
    words: new Int32Array(buffer, board, HEADER / 4),
    numbers: new Float64Array(buffer, board + HEADER, MOST_PARTS * MOST_ARGUMENTS),
    functions,
    names: Object.keys(functions),
  };
}

/** Does parts until none is left to take. */
function workOff({ words, numbers, functions, names }: Board): void {
  for (;;) {
    const claim = Atomics.load(words, CLAIM);
    const part = claim & 255;
    if (part >= claim >> 8) return;
    if (Atomics.compareExchange(words, CLAIM, claim, claim + 1) !== claim) continue;
    const start = part * MOST_ARGUMENTS;
    try {
      functions[names[words[CALL]!]!]!(...numbers.subarray(start, start + words[CALL + 1]!));
    } catch {
      Atomics.store(words, FAILED, 1);
    }
    Atomics.add(words, DONE, 1);
    Atomics.notify(words, DONE);
  }
}

/** A worker's life: works, looks for more for a while, sleeps until there is more or the pool has ended. */
export function serve({ memory, module, board }: Invitation): void {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const place = boardAt(memory, { board, kernels: exports as unknown as Kernels });
  const { words } = place;
  for (;;) {
    workOff(place);
    const nothing = Atomics.load(words, CLAIM);
    if (nothing === ENDED) return;
    const until = performance.now() + PATIENCE;
    while (Atomics.load(words, CLAIM) === nothing && performance.now() < until);
    Atomics.wait(words, CLAIM, nothing); // returns at once when there is more
  }
}

/** The asking thread alone. */
export function alone(kernels: Kernels): Pool {
  const functions = kernels as unknown as Functions;
  return {
    threads: 1,
    parts: () => 1,
    runHere: (kernel, args) => functions[kernel]!(...args),
    run: (kernel, parts) => {
      for (const part of parts) functions[kernel]!(...part);
    },
    dispose: () => {},
  };
}

/** Below this work waking others costs more than they save. */
const LEAST_WORK = 2 ** 19;

/**
 * The pool of the asking thread and `threads` − 1 workers that serve the same board.
 *
 * @param options `leastWork`: below how much nothing is cut.
 */
export function together(
  { heap, kernels, board, threads, leastWork = LEAST_WORK }: {
    heap: Heap;
    kernels: Kernels;
    board: number;
    threads: number;
    leastWork?: number;
  },
): Pool {
  const place = boardAt(heap.memory, { board, kernels });
  const { words, numbers, functions, names } = place;
  return {
    threads,
    runHere: (kernel, args) => functions[kernel]!(...args),
    parts: (work, most) =>
      work < leastWork
        ? 1
        : Math.min(MOST_PARTS, Math.floor(most), Math.ceil(2 * work / leastWork)),
    run: (kernel, parts) => {
      for (const [i, part] of parts.entries()) numbers.set(part, i * MOST_ARGUMENTS);
      words[CALL] = names.indexOf(kernel);
      words[CALL + 1] = parts[0]!.length;
      Atomics.store(words, DONE, 0);
      Atomics.store(words, CLAIM, parts.length << 8);
      Atomics.notify(words, CLAIM);
      workOff(place);
      const until = performance.now() + PATIENCE;
      for (let done; (done = Atomics.load(words, DONE)) < parts.length;) {
        if (performance.now() > until) Atomics.wait(words, DONE, done, 1);
      }
      if (Atomics.exchange(words, FAILED, 0)) {
        throw new Error(`Expected ${kernel} to end, it failed`);
      }
    },
    dispose: () => {
      Atomics.store(words, CLAIM, ENDED);
      Atomics.notify(words, CLAIM);
    },
  };
}

/** Cuts 0 … length into about `count` pieces that begin at multiples of `step`: [begin, length of the piece]. */
export function cut(
  length: number,
  { count, step }: { count: number; step: number },
): [number, number][] {
  const size = Math.max(step, Math.ceil(length / count / step) * step);
  const pieces: [number, number][] = [];
  for (let begin = 0; begin < length; begin += size) {
    pieces.push([begin, Math.min(size, length - begin)]);
  }
  return pieces;
}
