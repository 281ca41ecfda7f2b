/**
 * The memory that every kernel works on: one shared WebAssembly memory and an allocator over it.
 *
 * Blocks come in size classes, eight for each power of two, so that at most an eighth of a block is
 * wasted and a freed block fits the next tensor of about its size. The memory is shared because
 * growing a shared memory leaves the views on it valid.
 */

const PAGE = 65536; // bytes in a WebAssembly page
const MOST_PAGES = 65535; // 4 GiB less one page, so that the address past the last block is no 0 either
const GRANULE = 64; // bytes: a cache line, and the alignment of every block
const MEBIBYTE = 2 ** 20;

// Beyond so many times what was ever in use, and this, free blocks of other sizes are cut up first.
const SPARE = 1.25;
const SLACK = 8 * MEBIBYTE;

/** The size class of a request: the smallest class of at least `granules` is `sizeOf(classOf(granules))`. */
function classOf(granules: number): number {
  if (granules <= 8) return Math.max(granules, 1) - 1;
  const exponent = 28 - Math.clz32(granules - 1); // granules − 1 = 0b1xxx… with `exponent` bits after
  return exponent * 8 + ((granules - 1) >>> exponent);
}

/**
 * The granules in a block of a class: 1 … 8, then 9 … 16, then 18, 20 … 32, and so on.
 *
 * Large blocks are a little longer: whole pages of 4 KiB would put neighbours at addresses of the same last
 * twelve bits, and processors take a load for one of what was just stored there.
 */
function sizeOf(sizeClass: number): number {
  if (sizeClass < 8) return sizeClass + 1;
  const exponent = (sizeClass >> 3) - 1;
  return ((8 + (sizeClass & 7) + 1) << exponent) + (exponent < 9 ? 0 : 17);
}

function inMebibytes(bytes: number): string {
  return `${(bytes / MEBIBYTE).toFixed(1)} MiB`;
}

/** A growing memory that hands out blocks and takes them back. */
export class Heap {
  /** The memory that kernels import. */
  readonly memory: WebAssembly.Memory;
  readonly #most: number; // bytes the memory may grow to
  readonly #free: number[][] = []; // by size class, the addresses of free blocks
  #top: number; // everything above is untouched
  #used = 0; // bytes in blocks handed out
  #peak = 0; // the most that ever were

  /** @param options `limit`: bytes the heap may grow to, about 4 GiB unless said; `pages`: how many to start with. */
  constructor({ limit = MOST_PAGES * PAGE, pages = 32 }: { limit?: number; pages?: number } = {}) {
    this.#most = Math.min(MOST_PAGES, Math.floor(limit / PAGE)) * PAGE;
    this.memory = new WebAssembly.Memory({
      initial: pages,
      maximum: this.#most / PAGE,
      shared: true,
    });
    this.#top = GRANULE; // subtle: no block at address 0, which means "none" everywhere
  }

  /** Bytes in blocks that are handed out now. */
  get used(): number {
    return this.#used;
  }

  /** Bytes that the heap has ever needed at once, free blocks included. */
  get size(): number {
    return this.#top;
  }

  /** Keeps everything below an address for the kernels' own static data. */
  reserve(address: number): void {
    this.#top = Math.max(this.#top, Math.ceil(address / GRANULE) * GRANULE);
  }

  /** The address of a block of at least `bytes`; throws a RangeError with the sizes when there is none. */
  allocate(bytes: number): number {
    const sizeClass = classOf(Math.ceil(bytes / GRANULE));
    const size = sizeOf(sizeClass) * GRANULE;
    const address = this.#free[sizeClass]?.pop() ?? this.#extendWithinReason(size) ??
      this.#splitLarger(sizeClass) ?? this.#extend(size) ?? this.#fail(bytes);
    this.#used += size;
    this.#peak = Math.max(this.#peak, this.#used);
    return address;
  }

  /** Takes back the block at an address, of the `bytes` that it was asked for with. */
  free(address: number, bytes: number): void {
    const sizeClass = classOf(Math.ceil(bytes / GRANULE));
    this.#used -= sizeOf(sizeClass) * GRANULE;
    (this.#free[sizeClass] ??= []).push(address);
  }

  /** Training, validating and writing ask for blocks of other sizes each, and the system gets no memory back. */
  #extendWithinReason(size: number): number | undefined {
    return this.#top + size > SPARE * this.#peak + SLACK ? undefined : this.#extend(size);
  }

  #extend(size: number): number | undefined {
    const address = this.#top;
    const end = address + size;
    const needed = end + GRANULE; // kernels may read, not write, a little past the last block
    if (needed > this.#most) return undefined;
    const have = this.memory.buffer.byteLength;
    // A quarter more than asked for, so that growing (a system call) stays rare.
    if (needed > have && !this.#grow(Math.max(needed, Math.min(have * 1.25, this.#most)) - have)) {
      if (!this.#grow(needed - have)) return undefined;
    }
    this.#top = end;
    return address;
  }

  #grow(bytes: number): boolean {
    try {
      this.memory.grow(Math.ceil(bytes / PAGE));
      return true;
    } catch {
      return false;
    }
  }

  /** The front of a larger free block, after joining free neighbours where there is none. */
  #splitLarger(sizeClass: number): number | undefined {
    const size = sizeOf(sizeClass) * GRANULE;
    const address = this.#frontOfLarger(sizeClass);
    if (address !== undefined || this.#top - this.#used < size) return address;
    this.#joinNeighbours();
    return this.#frontOfLarger(sizeClass);
  }

  #frontOfLarger(sizeClass: number): number | undefined {
    const size = sizeOf(sizeClass);
    for (let larger = sizeClass; larger < this.#free.length; larger++) {
      const address = this.#free[larger]?.pop();
      if (address === undefined) continue;
      this.#releaseRange(address + size * GRANULE, sizeOf(larger) - size);
      return address;
    }
    return undefined;
  }

  #joinNeighbours(): void {
    const blocks = this.#free.flatMap((addresses, sizeClass) =>
      addresses.map((address) => ({ address, granules: sizeOf(sizeClass) }))
    ).sort((a, b) => a.address - b.address);
    this.#free.length = 0;
    let start = 0, granules = 0;
    for (const block of blocks) {
      if (start + granules * GRANULE === block.address) granules += block.granules;
      else {
        this.#releaseRange(start, granules);
        ({ address: start, granules } = block);
      }
    }
    this.#releaseRange(start, granules);
  }

  /** Cuts a range into blocks, largest first; nothing is lost, since every class is whole granules. */
  #releaseRange(start: number, granules: number): void {
    while (granules > 0) {
      let sizeClass = classOf(granules);
      while (sizeOf(sizeClass) > granules) sizeClass--;
      (this.#free[sizeClass] ??= []).push(start);
      start += sizeOf(sizeClass) * GRANULE;
      granules -= sizeOf(sizeClass);
    }
  }

  #fail(bytes: number): never {
    throw new RangeError(
      `Expected room for ${inMebibytes(bytes)} in the memory of the simd backend, ` +
        `got ${inMebibytes(this.#used)} in use of at most ${inMebibytes(this.#most)}; ` +
        `dispose tensors (tf.tidy) or use smaller ones`,
    );
  }
}
