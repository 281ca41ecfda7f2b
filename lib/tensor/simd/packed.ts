/**
 * Matrices that are only read, such as the weights of a loaded model, kept as kernels/packed.ts reads them: in
 * the order of their products, and in half the memory if wanted.
 */
import type { Heap } from "./heap.ts";
import type { Kernels } from "./kernels.ts";

/** In the order of the numbers that the kernels know them by. */
const KINDS = ["float32", "float16", "bfloat16"] as const;

/** How a number of a packed matrix is kept. */
export type PackedKind = typeof KINDS[number];

/** Numbers that are unpacked or packed at a time. */
export const AT_ONCE = 2 ** 20;

/** Rows of numbers, each of which a row of x is multiplied by. */
export interface PackedRows {
  readonly kind: PackedKind;
  /** How many rows, N. */
  readonly rows: number;
  /** Numbers of a row, K. */
  readonly width: number;
  readonly address: number;
  /** Bytes from one row to the next. */
  readonly stride: number;
}

/** Which matrix is to be packed. */
export interface Packing {
  /** The matrix's own shape. */
  shape: readonly [number, number];
  /** How its numbers are to be kept. */
  kind: PackedKind;
  /** Whether the rows of the block are the matrix's columns, as for x·W, and not its rows, as for x·Wᵀ. */
  turned: boolean;
  /** Some of the matrix's own rows. */
  read: (first: number, count: number) => Float32Array;
}

/** A matrix in a block of its own. */
export interface PackedMatrix extends PackedRows {
  readonly turned: boolean;
  /** Writes the matrix as a row-major one of float32. */
  unpackTo(address: number): void;
  free(): void;
}

/** What the kernels know a kind by. */
export function numberOf(kind: PackedKind): number {
  return KINDS.indexOf(kind);
}

/** The matrix packed; as float32 where float16 cannot hold one of its numbers. */
export function packMatrix(
  { heap, kernels }: { heap: Heap; kernels: Kernels },
  { shape, kind, turned, read }: Packing,
): PackedMatrix {
  const [rows, width] = turned ? [shape[1], shape[0]] : shape;
  const stride = Math.ceil(width / 16) * 16 * (kind === "float32" ? 4 : 2);
  const bytes = rows * stride;
  const address = heap.allocate(bytes);
  const packed: PackedMatrix = {
    ...{ kind, rows, width, address, stride, turned },
    unpackTo: (to) => unpack({ heap, kernels }, { packed, to }),
    free: () => heap.free(address, bytes),
  };
  kernels.fill(address, bytes / 4, 0);
  const step = Math.max(16, Math.floor(AT_ONCE / shape[1] / 16) * 16);
  const block = heap.allocate(step * shape[1] * 4), other = heap.allocate(step * shape[1] * 4);
  let fits = 1;
  for (let first = 0; first < shape[0] && fits; first += step) {
    const count = Math.min(step, shape[0] - first);
    new Float32Array(heap.memory.buffer as ArrayBuffer, block, count * shape[1])
      .set(read(first, count));
    if (turned) {
      const to = address + first * stride / (Math.ceil(width / 16) * 16);
      kernels.copy(block, other, ...[1, 0, 0, 1, 0, 0] as const, rows, 1, count, count, rows);
      fits = kernels.packRows(other, count * 4, to, stride, rows, count, numberOf(kind));
    } else {
      const to = address + first * stride;
      fits = kernels.packRows(block, width * 4, to, stride, count, width, numberOf(kind));
    }
  }
  for (const scratch of [block, other]) heap.free(scratch, step * shape[1] * 4);
  if (fits) return packed;
  packed.free();
  return packMatrix({ heap, kernels }, { shape, kind: "float32", turned, read });
}

function unpack(
  { heap, kernels }: { heap: Heap; kernels: Kernels },
  { packed: { kind, rows, width, address, stride, turned }, to }: {
    packed: PackedMatrix;
    to: number;
  },
): void {
  if (!turned) {
    return kernels.unpackRows(address, stride, to, width * 4, rows, width, numberOf(kind));
  }
  const step = Math.max(1, Math.floor(AT_ONCE / width));
  const block = heap.allocate(step * width * 4);
  for (let first = 0; first < rows; first += step) {
    const count = Math.min(step, rows - first), from = address + first * stride;
    kernels.unpackRows(from, stride, block, width * 4, count, width, numberOf(kind));
    const loops = [1, 0, 0, 1, 0, 0] as const;
    kernels.copy(block, to + first * 4, ...loops, width, 1, rows, count, width);
  }
  heap.free(block, step * width * 4);
}
