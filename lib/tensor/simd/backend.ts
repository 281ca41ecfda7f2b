/** The tfjs backend whose tensors live in one WebAssembly memory. */
import { type backend_util, type DataType, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import { type Blas, complete, type Gemm, largeBy, type Multiply, multiplyWith } from "./gemm.ts";
import type { Heap } from "./heap.ts";
import type { Kernels } from "./kernels.ts";
import { type NumericType, Storage } from "./storage.ts";

/** tfjs's key to the data of a tensor. */
export type DataId = TensorInfo["dataId"];

/** A map from data to its storage, in the form that the stock cpu kernels read. */
export interface StorageMap {
  get(dataId: DataId): Storage;
  set(dataId: DataId, storage: Storage): void;
  has(dataId: DataId): boolean;
  delete(dataId: DataId): boolean;
}

/** A cpu backend that keeps tensors where the WebAssembly kernels can reach them. */
export class SimdBackend extends MathBackendCPU {
  /** The memory of all tensors. */
  readonly heap: Heap;
  /** The exported functions of the WebAssembly module. */
  readonly kernels: Kernels;

  readonly #multiply: Multiply;

  /** @param parts `blas`: who multiplies matrices, if not the WebAssembly kernels. */
  constructor({ heap, kernels, blas }: { heap: Heap; kernels: Kernels; blas?: Blas | undefined }) {
    super();
    this.heap = heap;
    this.kernels = kernels;
    const own = multiplyWith(kernels, heap);
    this.#multiply = blas ? largeBy(blas.multiplyIn(heap.memory), own) : own;
  }

  get #storages(): StorageMap {
    return this.data as unknown as StorageMap;
  }

  /** The address of a tensor's numbers, for a kernel to read. */
  address(tensor: TensorInfo): number {
    return this.#storages.get(tensor.dataId).address(tensor.dtype);
  }

  /** A new tensor whose numbers the caller's kernel will write, all of them. */
  allocate(shape: number[], dtype: NumericType = "float32"): TensorInfo {
    const dataId = {};
    const length = util.sizeFromShape(shape);
    this.#storages.set(dataId, Storage.allocate(this.heap, { dtype, length }));
    return { dataId, shape, dtype };
  }

  /** The same numbers under another shape; freed when the last tensor that shares them is. */
  share(tensor: TensorInfo, shape: number[]): TensorInfo {
    this.incRef(tensor.dataId);
    return { dataId: tensor.dataId, shape, dtype: tensor.dtype };
  }

  /** Runs with a scratch block that is given back afterwards. */
  withScratch<T>(bytes: number, use: (address: number) => T): T {
    const address = this.heap.allocate(bytes);
    try {
      return use(address);
    } finally {
      this.heap.free(address, bytes);
    }
  }

  /** C (+)= A·B for matrices at addresses in the heap. */
  gemm(product: Gemm): void {
    this.#multiply(complete(product));
  }

  override write(values: backend_util.BackendValues, _shape: number[], dtype: DataType): DataId {
    const dataId = {};
    this.#storages.set(dataId, new Storage(this.heap, dtype, owned(values)));
    return dataId;
  }

  override move(
    dataId: DataId,
    values: backend_util.BackendValues,
    _shape: number[],
    dtype: DataType,
    refCount: number,
  ): void {
    const storage = new Storage(this.heap, dtype, owned(values));
    storage.refCount = refCount;
    this.#storages.set(dataId, storage);
  }

  override readSync(dataId: DataId): backend_util.BackendValues {
    const storage = this.#storages.get(dataId);
    if (storage.dtype === "complex64") return super.readSync(dataId);
    return util.convertBackendValuesAndArrayBuffer(storage.copy()!, storage.dtype);
  }

  override disposeData(dataId: DataId, force = false): boolean {
    if (!this.#storages.has(dataId)) return true;
    const storage = this.#storages.get(dataId);
    storage.refCount--;
    if (!force && storage.refCount > 0) return false;
    if (storage.complexTensorInfos) {
      this.disposeData(storage.complexTensorInfos.real.dataId, true);
      this.disposeData(storage.complexTensorInfos.imag.dataId, true);
    }
    storage.free();
    this.#storages.delete(dataId);
    return true;
  }

  /** Exact: blocks are given back when tensors are disposed of, not when garbage is collected. */
  override memory(): {
    unreliable: boolean;
    reasons: string[];
    heapUsed: number;
    heapSize: number;
  } {
    return {
      unreliable: false,
      reasons: [],
      heapUsed: this.heap.used,
      heapSize: this.heap.size,
    };
  }
}

/**
 * The array itself, or a copy when it is a piece of a heap, whose memory is shared.
 *
 * subtle: stock Slice returns a subarray of its input, which would dangle once the input is freed. And the
 * constructor SharedArrayBuffer, though not the thing, is missing from a page opened from disk.
 */
function owned(values: backend_util.BackendValues): backend_util.BackendValues {
  const buffer = (values as Float32Array | undefined)?.buffer;
  const isShared = buffer !== undefined && !(buffer instanceof ArrayBuffer);
  return isShared ? (values as Float32Array).slice() : values;
}
