import { assertEquals, assertGreaterOrEqual, assertLess, assertThrows } from "@std/assert";
import {
  CheckpointError,
  encodeSafetensors,
  openSafetensors,
  readAll,
  readSafetensors,
  type StoredTensor,
  writeSafetensors,
} from "../../lib/safetensors/mod.ts";
import { largestAllocation } from "./allocation.ts";

const recorded = new URL("./python.safetensors", import.meta.url).pathname;
const folder = new URL("../.tmp/safetensors", import.meta.url).pathname;

Deno.test("openSafetensors() reads every data type as Python's safetensors wrote it", () => {
  using file = openSafetensors(recorded);
  const count = [0, 1, 2, 3, 4, 5];
  const quarters = Float32Array.from(count, (i) => i / 4 - 0.5);
  assertEquals(file.metadata.get("format"), "pt");
  assertEquals(file.metadata.get("note"), 'a "quoted" note: {"twice": 1, "twice": 2}');
  const expected: Record<string, StoredTensor> = {
    double: { shape: [2, 3], values: Float64Array.from(count, (i) => i / 3) },
    float: { shape: [2, 3], values: quarters },
    half: { shape: [2, 3], values: quarters },
    brain: { shape: [2, 3], values: quarters },
    long: { shape: [2, 3], values: BigInt64Array.from(count, (i) => BigInt(i) * 10n ** 12n) },
    int: { shape: [2, 3], values: Int32Array.from(count, (i) => i - 3) },
    byte: { shape: [2, 3], values: Uint8Array.from(count) },
    mask: { shape: [2, 3], values: Uint8Array.from(count, (i) => Number(i > 2)) },
    scalar: { shape: [], values: Float32Array.of(1.5) },
    empty: { shape: [0, 4], values: new Float32Array() },
    "größe.0": { shape: [1], values: Float32Array.of(1) },
  };
  assertEquals([...file.tensors.keys()].sort(), Object.keys(expected).sort());
  for (const [name, tensor] of Object.entries(expected)) assertEquals(file.read(name), tensor);
});

Deno.test("openSafetensors() reads some rows of a tensor, and no others", () => {
  using file = openSafetensors(recorded);
  for (const [name, { shape }] of file.tensors) {
    const { values } = file.read(name);
    const [rows = 1, ...inner] = shape;
    const width = rows === 0 ? 0 : values.length / rows;
    for (const [first, count] of [[0, rows], [0, Math.min(1, rows)], [rows - 1, 1]] as const) {
      if (first < 0) continue;
      const some = file.read(name, { first, count });
      assertEquals(some.shape, [count, ...inner]);
      assertEquals(some.values, values.slice(first * width, (first + count) * width) as never);
    }
    for (const wrong of [{ first: 0, count: rows + 1 }, { first: -1, count: 1 }]) {
      assertThrows(() => file.read(name, wrong), RangeError, `Expected rows of ${name} from 0 to`);
    }
  }
});

Deno.test("writeSafetensors() writes 16-bit floats, which are read as wider ones, exactly", () => {
  const values = Float16Array.of(1 / 3, -0, 65504, 6e-8, Infinity);
  const bytes = encodeSafetensors(new Map([["half", { shape: [5], values }]]));
  using file = openSafetensors(bytes);
  assertEquals(file.tensors.get("half")?.type, "F16");
  assertEquals(file.read("half"), { shape: [5], values: Float32Array.from(values) });
});

Deno.test("writeSafetensors() writes what readSafetensors() reads, bit by bit", async () => {
  const tensors = new Map<string, StoredTensor>([
    ["byte", { shape: [3], values: Uint8Array.of(1, 2, 3) }],
    ["weight", { shape: [2, 2], values: Float32Array.of(-0, 1e-45, NaN, Infinity) }],
    ["exact", { shape: [1], values: Float64Array.of(0.1) }],
    ["count", { shape: [1], values: BigInt64Array.of(-1n) }],
    ["id", { shape: [], values: Int32Array.of(-7) }],
    ["none", { shape: [2, 0], values: new Float32Array() }],
    ["__proto__", { shape: [1], values: Int32Array.of(1) }],
  ]);
  const path = `${folder}/${crypto.randomUUID()}/all.safetensors`;
  await writeSafetensors(path, { tensors, metadata: new Map([["format", "pt"]]) });
  const read = readSafetensors(path);
  assertEquals(read.size, tensors.size);
  for (const [name, { shape, values }] of tensors) {
    assertEquals(read.get(name)?.shape, shape);
    const bits = (array: ArrayBufferView<ArrayBuffer>) =>
      new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    assertEquals(bits(read.get(name)!.values), bits(values));
  }
  using file = openSafetensors(path);
  assertEquals(file.metadata, new Map([["format", "pt"]]));
  assertEquals(Deno.readFileSync(path).length % 8, (2 * 8 + 4 * 6 + 3) % 8, "data is aligned");
  for (const [name, { begin }] of file.tensors) {
    assertEquals(begin % tensors.get(name)!.values.BYTES_PER_ELEMENT, 0, `${name} is aligned`);
  }
});

Deno.test("readSafetensors() of a file allocates each tensor once and little beside", async () => {
  const path = `${folder}/${crypto.randomUUID()}/large.safetensors`;
  const values = new Float32Array(300_000);
  const tensors = new Map([["a", { shape: [300, 1000], values }], ["b", {
    shape: [300_000],
    values,
  }]]);
  await writeSafetensors(path, { tensors });
  using file = openSafetensors(path);
  const largest = largestAllocation(() => assertEquals(file.read("a").values.length, 300_000));
  assertEquals(largest, values.byteLength);
});

/** A file with this header, and zeros as data. */
function fileWith(header: unknown, dataLength = 16): Uint8Array {
  const text = new TextEncoder().encode(
    typeof header === "string" ? header : JSON.stringify(header),
  );
  const bytes = new Uint8Array(8 + text.length + dataLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const four = (begin: number, end: number) => ({
  dtype: "F32",
  shape: [(end - begin) / 4],
  data_offsets: [begin, end],
});
const huge = new Uint8Array(64).fill(0x20);
new DataView(huge.buffer).setBigUint64(0, 2n ** 63n, true);

const refused: Record<string, { file: Uint8Array; message: string }> = {
  "an empty file": { file: new Uint8Array(), message: "at least 8 bytes, got 0" },
  "a header length of 2^63": {
    file: huge,
    message: "a header of at most 56 bytes, got 9223372036854775808",
  },
  "a header that the file ends in": {
    file: fileWith({ a: four(0, 16) }).subarray(0, 30),
    message: "a header of at most 22 bytes",
  },
  "data that ends too early": {
    file: fileWith({ a: four(0, 16) }).subarray(0, -1),
    message: "expected 16 bytes of data, got 15",
  },
  "data after the last tensor": {
    file: fileWith({ a: four(0, 12) }),
    message: "expected 12 bytes of data, got 16",
  },
  "offsets beyond the data": {
    file: fileWith({ a: four(0, 2 ** 40) }),
    message: "expected 1099511627776 bytes of data, got 16",
  },
  "overlapping tensors": {
    file: fileWith({ a: four(0, 12), b: four(8, 16) }),
    message: 'tensor "b": expected its data at byte 12, where the one before ends, got 8',
  },
  "two tensors in one place": {
    file: fileWith({ a: four(0, 16), b: four(0, 16) }),
    message: 'tensor "b": expected its data at byte 16',
  },
  "a hole": {
    file: fileWith({ a: four(0, 4), b: four(8, 16) }),
    message: 'tensor "b": expected its data at byte 4',
  },
  "a hole at the start": {
    file: fileWith({ a: four(4, 16) }),
    message: "expected its data at byte 0",
  },
  "offsets the wrong way round": {
    file: fileWith({ a: { dtype: "F32", shape: [4], data_offsets: [16, 0] } }),
    message: "expected data_offsets [begin, end], got [16,0]",
  },
  "a third offset": {
    file: fileWith({ a: { dtype: "F32", shape: [4], data_offsets: [0, 16, 16] } }),
    message: "expected data_offsets [begin, end], got [0,16,16]",
  },
  "negative offsets": {
    file: fileWith({ a: { dtype: "F32", shape: [8], data_offsets: [-16, 16] } }),
    message: "expected data_offsets [begin, end], got [-16,16]",
  },
  "a shape that does not fit its bytes": {
    file: fileWith({ a: { dtype: "F32", shape: [3], data_offsets: [0, 16] } }),
    message: "expected 12 bytes for F32 [3], got offsets of 16",
  },
  "a shape beyond counting": {
    file: fileWith({ a: { dtype: "F32", shape: [2 ** 40, 2 ** 40, 0], data_offsets: [0, 0] } }, 0),
    message: "expected Infinity bytes",
  },
  "a fractional shape": {
    file: fileWith({ a: { dtype: "F32", shape: [1.5], data_offsets: [0, 6] } }, 6),
    message: "expected whole numbers as shape, got [1.5]",
  },
  "an unknown dtype": {
    file: fileWith({ a: { ...four(0, 16), dtype: "toString" } }),
    message: 'expected a dtype of F64, F32, F16, BF16, I64, I32, U8, BOOL, got "toString"',
  },
  "a missing shape": {
    file: fileWith({ a: { dtype: "F32", data_offsets: [0, 16] } }),
    message: "expected whole numbers as shape, got undefined",
  },
  "an unknown entry": {
    file: fileWith({ a: { ...four(0, 16), stride: 1 } }),
    message: 'expected only dtype, shape and data_offsets, got "stride"',
  },
  "a repeated name": {
    file: fileWith(`{"a":${JSON.stringify(four(0, 16))},"\\u0061":${JSON.stringify(four(0, 16))}}`),
    message: 'expected each name once, got "a" twice',
  },
  "a repeated key in an entry": {
    file: fileWith('{"a":{"dtype":"F32","shape":[4],"shape":[4],"data_offsets":[0,16]}}'),
    message: 'expected each name once, got "shape" twice',
  },
  "metadata that is not text": {
    file: fileWith({ __metadata__: { step: 3 }, a: four(0, 16) }),
    message: 'expected text as __metadata__ "step", got number',
  },
  "a byte order mark": {
    file: fileWith(`\ufeff${JSON.stringify({ a: four(0, 16) })}`),
    message: "expected a header of JSON",
  },
  "a list": { file: fileWith([]), message: "expected an object as header" },
  "broken JSON": { file: fileWith('{"a":'), message: "expected a header of JSON" },
  "broken UTF-8": {
    file: fileWith({ a: four(0, 16) }).map((byte, i) => i === 10 ? 0xff : byte),
    message: "expected a header of JSON",
  },
  "a deeply nested shape": {
    file: fileWith(`{"a":{"dtype":"F32","shape":${"[".repeat(200_000)}${"]".repeat(200_000)}}}`),
    message: "expected whole numbers as shape, got [[[[",
  },
  "deeply nested JSON": {
    file: fileWith("[".repeat(200_000) + "]".repeat(200_000)),
    message: "expected an object as header",
  },
};

Deno.test("openSafetensors() refuses what is not a whole, unambiguous file, before allocating", () => {
  for (const [name, { file, message }] of Object.entries(refused)) {
    const largest = largestAllocation(() => {
      assertThrows(() => openSafetensors(file), CheckpointError, message, name);
    });
    assertLess(largest, file.length + 8, name);
  }
});

Deno.test("openSafetensors() names the file it was given", () => {
  assertThrows(
    () => openSafetensors("no/such/file"),
    CheckpointError,
    "Expected a checkpoint at no/such/file",
  );
  assertThrows(() => openSafetensors("tests"), CheckpointError, "Expected a checkpoint at tests");
  assertThrows(
    () => openSafetensors("deno.json"),
    CheckpointError,
    "Expected a checkpoint at deno.json: expected a header of at most",
  );
  using file = openSafetensors(recorded);
  assertThrows(() => file.read("wte"), CheckpointError, "expected a tensor wte, found none");
});

Deno.test("readAll() reads a file up to its limit, and refuses a byte more", async () => {
  const path = `${folder}/${crypto.randomUUID()}`;
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeFile(path, Uint8Array.of(1, 2, 3));
  assertEquals(readAll(path, { most: 3 }), Uint8Array.of(1, 2, 3));
  assertThrows(() => readAll(path, { most: 2 }), CheckpointError, "at most 2 bytes, got 3");
});

Deno.test("encodeSafetensors() refuses a shape that does not fit the numbers", () => {
  const wrong = new Map([["w", { shape: [2, 2], values: new Float32Array(3) }]]);
  assertThrows(() => encodeSafetensors(wrong), RangeError, "Expected 4 numbers for w [2,2], got 3");
  assertGreaterOrEqual(encodeSafetensors(new Map()).length, 8);
  assertEquals(readSafetensors(encodeSafetensors(new Map())).size, 0);
});
