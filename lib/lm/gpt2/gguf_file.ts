/**
 * GGUF, the file format of llama.cpp: a header, named values, a table of tensors and their numbers,
 * all in one file and little-endian.
 *
 * Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (version 3).
 */
import type { PlainTensor } from "../training/state.ts";

/** A value with its type in the file; a number needs one said. */
export type GgufValue =
  | { readonly uint32: number }
  | { readonly float32: number }
  | { readonly bool: boolean }
  | { readonly string: string }
  | { readonly strings: readonly string[] }
  | { readonly int32s: readonly number[] };

/** The format's numbers for types of values. */
const type = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 };

/** Tensors begin at multiples of so many bytes. */
const ALIGNMENT = 32;

/** The type of a tensor of float32. */
const FLOAT32 = 0;

/**
 * The bytes of a file that holds these values and float32 tensors, row-major as everywhere here: the
 * format lists a tensor's sizes from the last to the first.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodeGguf } from "./gguf_file.ts";
 *
 * const tensors = new Map([["a", { shape: [2], values: Float32Array.of(1, 2) }]]);
 * const bytes = encodeGguf(new Map([["general.architecture", { string: "gpt2" }]]), tensors);
 * assertEquals(new TextDecoder().decode(bytes.subarray(0, 4)), "GGUF");
 * assertEquals(new Float32Array(bytes.slice(-32).buffer).slice(0, 2), Float32Array.of(1, 2));
 * ```
 */
export function encodeGguf(
  values: ReadonlyMap<string, GgufValue>,
  tensors: ReadonlyMap<string, PlainTensor>,
): Uint8Array<ArrayBuffer> {
  const header = createBytes();
  header.raw(new TextEncoder().encode("GGUF"));
  header.uint32(3);
  header.uint64(tensors.size);
  header.uint64(values.size);
  for (const [key, value] of values) {
    header.string(key);
    writeValue(header, value);
  }
  let offset = 0;
  for (const [name, { shape, values: { byteLength } }] of tensors) {
    header.string(name);
    header.uint32(shape.length);
    shape.toReversed().forEach(header.uint64);
    header.uint32(FLOAT32);
    header.uint64(offset);
    offset += aligned(byteLength);
  }
  const head = header.all();
  const bytes = new Uint8Array(aligned(head.length) + offset);
  bytes.set(head);
  let place = aligned(head.length);
  for (const { values: { buffer, byteOffset, byteLength } } of tensors.values()) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), place);
    place += aligned(byteLength);
  }
  return bytes;
}

function aligned(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

type Bytes = ReturnType<typeof createBytes>;

function writeValue(to: Bytes, value: GgufValue): void {
  if ("uint32" in value) {
    to.uint32(type.uint32);
    to.uint32(value.uint32);
  } else if ("float32" in value) {
    to.uint32(type.float32);
    to.raw(new Uint8Array(Float32Array.of(value.float32).buffer));
  } else if ("bool" in value) {
    to.uint32(type.bool);
    to.raw(Uint8Array.of(+value.bool));
  } else if ("string" in value) {
    to.uint32(type.string);
    to.string(value.string);
  } else if ("strings" in value) {
    writeArray(to, { of: type.string, count: value.strings.length });
    value.strings.forEach(to.string);
  } else {
    writeArray(to, { of: type.int32, count: value.int32s.length });
    to.raw(new Uint8Array(Int32Array.from(value.int32s).buffer));
  }
}

function writeArray(to: Bytes, { of, count }: { of: number; count: number }): void {
  to.uint32(type.array);
  to.uint32(of);
  to.uint64(count);
}

/** Bytes that are still being written. */
function createBytes() {
  const parts: Uint8Array[] = [];
  const raw = (bytes: Uint8Array) => void parts.push(bytes);
  const uint32 = (value: number) => raw(new Uint8Array(Uint32Array.of(value).buffer));
  const uint64 = (value: number) => raw(new Uint8Array(BigUint64Array.of(BigInt(value)).buffer));
  const string = (text: string) => {
    const bytes = new TextEncoder().encode(text);
    uint64(bytes.length);
    raw(bytes);
  };
  const all = () => {
    const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let place = 0;
    for (const part of parts) {
      bytes.set(part, place);
      place += part.length;
    }
    return bytes;
  };
  return { raw, uint32, uint64, string, all };
}
