import {
  assert,
  assertEquals,
  assertGreaterOrEqual,
  assertLess,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { Heap } from "../../../lib/tensor/simd/mod.ts";
import { createRandom } from "../../../lib/random.ts";

const mebibyte = 2 ** 20;

Deno.test("Heap.allocate() gives 64-byte aligned blocks that do not overlap", () => {
  const heap = new Heap();
  const random = createRandom("heap", 1);
  const live: { address: number; bytes: number }[] = [];
  for (let step = 0; step < 2000; step++) {
    if (live.length > 50 || random.uniform() < 0.4) {
      const [block] = live.splice(random.integer(live.length), 1);
      if (block) heap.free(block.address, block.bytes);
      continue;
    }
    const bytes = Math.floor(10 ** (random.uniform() * 5));
    const address = heap.allocate(bytes);
    assertEquals(address % 64, 0);
    for (const other of live) {
      assert(
        address + bytes <= other.address || other.address + other.bytes <= address,
        `${address}+${bytes} overlaps ${other.address}+${other.bytes}`,
      );
    }
    live.push({ address, bytes });
  }
});

Deno.test("what lies right behind the last block may be read: kernels load four numbers at a time", () => {
  const heap = new Heap({ pages: 1 });
  for (let block = 0; block < 5000; block++) {
    heap.allocate(64);
    assertGreaterOrEqual(heap.memory.buffer.byteLength, heap.size + 64);
  }
});

Deno.test("Heap.allocate() wastes at most an eighth of a large block", () => {
  for (const bytes of [513, 1025, 5000, 65537, 1_000_001]) {
    const heap = new Heap();
    heap.allocate(bytes);
    assertGreaterOrEqual(heap.used, bytes);
    assertLess(heap.used, bytes * 9 / 8 + 64);
  }
});

Deno.test("Heap.allocate() puts large neighbours at addresses that differ in the last twelve bits", () => {
  for (const bytes of [2 ** 19, 2 ** 20, 768_000]) {
    const heap = new Heap();
    const places = [1, 2, 3].map(() => heap.allocate(bytes) % 4096);
    assertEquals(new Set(places).size, 3);
  }
});

Deno.test("A million steps of allocating and freeing do not grow the heap", () => {
  const heap = new Heap();
  const random = createRandom("heap", 2);
  const sizes = Array.from({ length: 40 }, () => Math.floor(10 ** (1 + random.uniform() * 4)));
  const live: { address: number; bytes: number }[] = [];
  const step = () => {
    if (live.length >= 30) {
      const { address, bytes } = live.splice(random.integer(live.length), 1)[0]!;
      heap.free(address, bytes);
    }
    const bytes = sizes[random.integer(sizes.length)]!;
    live.push({ address: heap.allocate(bytes), bytes });
  };
  for (let i = 0; i < 500_000; i++) step();
  const size = heap.size;
  for (let i = 0; i < 500_000; i++) step();
  assertLess(heap.size, size * 1.1);
  for (const { address, bytes } of live) heap.free(address, bytes);
  assertEquals(heap.used, 0);
});

Deno.test("Heap.allocate() says how much was asked for, used and allowed when there is no room", () => {
  const heap = new Heap({ limit: 4 * mebibyte });
  const address = heap.allocate(3 * mebibyte);
  const { message } = assertThrows(() => heap.allocate(2 * mebibyte), RangeError);
  assertStringIncludes(message, "2.0 MiB");
  assertStringIncludes(message, "3.0 MiB in use of at most 4.0 MiB");
  heap.free(address, 3 * mebibyte);
  heap.allocate(2 * mebibyte); // the failure left everything in order
});

Deno.test("Heap.allocate() joins small free blocks for a large one when there is no room else", () => {
  const heap = new Heap({ limit: 4 * mebibyte });
  const addresses = Array.from({ length: 60 }, () => heap.allocate(65536));
  for (const address of addresses) heap.free(address, 65536);
  const whole = heap.allocate(3 * mebibyte);
  assertGreaterOrEqual(heap.used, 3 * mebibyte);
  heap.free(whole, 3 * mebibyte);
  assertEquals(new Set(Array.from({ length: 60 }, () => heap.allocate(65536))).size, 60);
});

Deno.test("Heap.allocate() takes blocks of other sizes when work of another kind begins", () => {
  const heap = new Heap();
  const atOnce = 100 * mebibyte;
  for (const bytes of [1_000_000, 1_400_000, 3_000_000, 450_000, 2_000_000]) {
    const count = Math.floor(atOnce / bytes);
    const addresses = Array.from({ length: count }, () => heap.allocate(bytes));
    for (const address of addresses) heap.free(address, bytes);
  }
  assertLess(heap.size, 2 * atOnce); // and not five times as much
  assertEquals(heap.used, 0);
});

Deno.test("A view made before the memory grew sees what is written afterwards", () => {
  const heap = new Heap({ pages: 32 });
  const address = heap.allocate(16);
  const before = new Float32Array(heap.memory.buffer as ArrayBuffer, address, 4);
  heap.allocate(64 * mebibyte);
  new Float32Array(heap.memory.buffer as ArrayBuffer, address, 4)[2] = 7;
  assertEquals(before[2], 7);
});
