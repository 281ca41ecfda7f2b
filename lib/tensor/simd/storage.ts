/** Where one tensor's numbers are: in a JavaScript array, or in a block of the heap. */
import type { backend_util, DataType, TensorInfo } from "@tensorflow/tfjs-core";
import type { Heap } from "./heap.ts";
import type { PackedMatrix } from "./packed.ts";

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
 * kernel it gets a view only when JavaScript asks for its `values`. A packed matrix stays one until somebody asks
 * for an address or the values.
 */
export class Storage {
  refCount = 1;
  complexTensorInfos?: { real: TensorInfo; imag: TensorInfo };
  readonly dtype: DataType;
  #heap: Heap;
  #values: backend_util.BackendValues | undefined;
  #address = 0;
  #length = 0;
  #packed: PackedMatrix | undefined;
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

  /** The numbers of a packed matrix. */
  static pack(heap: Heap, packed: PackedMatrix): Storage {
    const storage = new Storage(heap, "float32");
    storage.#length = packed.rows * packed.width;
    storage.#packed = packed;
    return storage;
  }

  /** The packed matrix that the numbers still are. */
  get packed(): PackedMatrix | undefined {
    return this.#packed;
  }

  /** The numbers as JavaScript sees them; a view of the heap when they live there. */
  get values(): backend_util.BackendValues | undefined {
    if (this.#packed) this.#unpack();
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
    if (this.#packed) return this.#unpackedCopy(this.#packed);
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
    if (this.#packed) this.#unpack();
    if (this.#address === 0) this.#moveToHeap();
    return this.#address;
  }

  /** Gives the block back. */
  free(): void {
    this.#converted?.free();
    this.#converted = undefined;
    this.#packed?.free();
    this.#packed = undefined;
    if (this.#address === 0) return;
    this.#heap.free(this.#address, this.#length * bytesPerElement(this.dtype));
    this.#address = 0;
    this.#values = undefined;
  }

  /** For good: whoever asks for an address may write to it. */
  #unpack(): void {
    const packed = this.#packed!;
    this.#address = this.#heap.allocate(this.#length * 4);
    packed.unpackTo(this.#address);
    packed.free();
    this.#packed = undefined;
  }

  #unpackedCopy(packed: PackedMatrix): Float32Array {
    const address = this.#heap.allocate(this.#length * 4);
    packed.unpackTo(address);
    const values = view(this.#heap, { address, length: this.#length, dtype: "float32" }).slice();
    this.#heap.free(address, this.#length * 4);
    return values as Float32Array;
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
