/** The tfjs backend whose tensors live in one WebAssembly memory. */
import { type backend_util, type DataType, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import { type Blas, complete, type Gemm, largeBy, type Multiply, multiplyWith } from "./gemm.ts";
import type { Heap } from "./heap.ts";
import type { Kernels } from "./kernels.ts";
import { alone, cut, type KernelName, type Pool } from "./pool.ts";
import { type PackedMatrix, type Packing, packMatrix } from "./packed.ts";
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

/** Work that can be cut: along `length`, at multiples of `step`, so many multiplications or the like in all. */
export interface Divisible {
  length: number;
  step?: number;
  work: number;
}

/** A cpu backend that keeps tensors where the WebAssembly kernels can reach them. */
export class SimdBackend extends MathBackendCPU {
  /** The memory of all tensors. */
  readonly heap: Heap;
  /** The exported functions of the WebAssembly module. */
  readonly kernels: Kernels;

  /** The WebAssembly module, for workers. */
  readonly module: WebAssembly.Module | undefined;
  /** Who multiplies large matrices, if not the kernels. */
  readonly blas: Blas | undefined;

  readonly #multiply: Multiply;
  #pool: Pool;

  /**
   * @param parts `blas`: who multiplies matrices, if not the WebAssembly kernels; `module`: what other threads
   * make the same kernels from.
   */
  constructor({ heap, kernels, module, blas }: {
    heap: Heap;
    kernels: Kernels;
    module?: WebAssembly.Module;
    blas?: Blas | undefined;
  }) {
    super();
    this.heap = heap;
    this.kernels = kernels;
    this.module = module;
    this.blas = blas;
    this.#pool = alone(kernels);
    const own = multiplyWith({ kernels, heap, pool: () => this.#pool });
    this.#multiply = blas ? largeBy(blas.multiplyIn(heap.memory), own) : own;
  }

  /** Who runs kernels that are cut into parts. */
  get pool(): Pool {
    return this.#pool;
  }

  /** Takes other threads for what is computed from now on; none to compute alone. The old pool stays as it is. */
  usePool(pool: Pool | undefined): void {
    this.#pool = pool ?? alone(this.kernels);
  }

  /** Ends the threads with the backend. */
  override dispose(): void {
    this.#pool.dispose();
    super.dispose();
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

  /** A new matrix that is packed until somebody does more than multiply by it or look its rows up. */
  pack(packing: Packing): TensorInfo {
    const dataId = {};
    this.#storages.set(dataId, Storage.pack(this.heap, packMatrix(this, packing)));
    return { dataId, shape: [...packing.shape], dtype: "float32" };
  }

  /** How a tensor's numbers are packed, if they are. */
  packed(tensor: TensorInfo): PackedMatrix | undefined {
    return this.#storages.get(tensor.dataId).packed;
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

  /** Into how many parts {@linkcode divide} cuts some work at most. */
  partsOf({ length, step = 1, work }: Divisible): number {
    return this.#pool.parts(work, length / step);
  }

  /**
   * Runs a kernel over 0 … length, in parts of whole steps where there are threads for that much work.
   *
   * @param args the kernel's arguments for a part, whose results must not depend on where it is cut.
   */
  divide(
    kernel: KernelName,
    whole: Divisible,
    args: (begin: number, count: number, part: number) => number[],
  ): void {
    const { length, step = 1 } = whole;
    const count = this.partsOf(whole);
    if (count < 2) return this.#pool.runHere(kernel, args(0, length, 0));
    this.#pool.run(kernel, cut(length, { count, step }).map(([begin, n], i) => args(begin, n, i)));
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
