/** Where one tensor's numbers are: in a JavaScript array, or in a block of the heap. */
import type { backend_util, DataType, TensorInfo } from "@tensorflow/tfjs-core";
import type { Heap } from "./heap.ts";

type Numbers = Float32Array | Int32Array | Uint8Array;

const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

/** The data types that a kernel over the heap can read. */
export type NumericType = keyof typeof arrays;

/** Bytes an element takes. */
export function bytesPerElement(dtype: DataType): number {
  return dtype === "bool" ? 1 : 4;
}

function view(
  heap: Heap,
  { address, length, dtype }: { address: number; length: number; dtype: DataType },
) {
  // It is a SharedArrayBuffer, which tfjs's types do not know of.
  return new arrays[dtype as NumericType](heap.memory.buffer as ArrayBuffer, address, length);
}

/**
 * The data of a tensor, shared by all tensors that are reshapes or casts of it.
 *
 * Written by JavaScript it stays a JavaScript array until a kernel asks for its address; written by a
 * kernel it gets a view only when JavaScript asks for its `values`.
 */
export class Storage {
  refCount = 1;
  complexTensorInfos?: { real: TensorInfo; imag: TensorInfo };
  readonly dtype: DataType;
  #heap: Heap;
  #values: backend_util.BackendValues | undefined;
  #address = 0;
  #length = 0;
  #converted: Storage | undefined;

  constructor(heap: Heap, dtype: DataType, values?: backend_util.BackendValues) {
    this.#heap = heap;
    this.dtype = dtype;
    this.#values = values;
  }

  /** A fresh, unset block for `length` elements. */
  static allocate(
    heap: Heap,
    { dtype, length }: { dtype: NumericType; length: number },
  ): Storage {
    const storage = new Storage(heap, dtype);
    storage.#length = length;
    storage.#address = heap.allocate(length * bytesPerElement(dtype));
    return storage;
  }

  /** The numbers as JavaScript sees them; a view of the heap when they live there. */
  get values(): backend_util.BackendValues | undefined {
    if (this.#values === undefined && this.#address !== 0) {
      this.#values = view(this.#heap, {
        address: this.#address,
        length: this.#length,
        dtype: this.dtype,
      });
    }
    return this.#values;
  }

  set values(values: backend_util.BackendValues | undefined) {
    this.free();
    this.#values = values;
  }

  /** The numbers, safe to keep after this storage is freed. */
  copy(): backend_util.BackendValues | undefined {
    return this.#address === 0 ? this.#values : (this.values as Numbers).slice();
  }

  /**
   * The address of the numbers as `dtype`, moved to the heap if they are not there.
   *
   * subtle: stock kernels cast bool or int32 to float32 by sharing the data, so the type asked for may
   * differ from the type stored.
   */
  address(dtype: DataType): number {
    if (dtype !== this.dtype) return this.#as(dtype as NumericType);
    if (this.#address === 0) this.#moveToHeap();
    return this.#address;
  }

  /** Gives the block back. */
  free(): void {
    this.#converted?.free();
    this.#converted = undefined;
    if (this.#address === 0) return;
    this.#heap.free(this.#address, this.#length * bytesPerElement(this.dtype));
    this.#address = 0;
    this.#values = undefined;
  }

  #moveToHeap(): void {
    const values = this.#values as Numbers;
    const bytes = values.length * bytesPerElement(this.dtype);
    this.#address = this.#heap.allocate(bytes);
    this.#length = values.length;
    this.#values = undefined;
    (this.values as Numbers).set(values); // converts when the array is not of the named type
  }

  #as(dtype: NumericType): number {
    this.#converted ??= new Storage(this.#heap, dtype, this.values!);
    return this.#converted.address(dtype);
  }
}
