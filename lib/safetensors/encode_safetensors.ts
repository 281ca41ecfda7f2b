/** Tensors as the bytes of a safetensors file. */
import { byteWidth, dataTypeOf } from "./data_types.ts";
import { encodeHeader, type TensorEntry } from "./header.ts";
import type { StoredTensor } from "./read_safetensors.ts";

/** The bytes of a file that holds these tensors, and free text by name as metadata. */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array<ArrayBuffer> {
  const entries = layOut(tensors);
  const header = encodeHeader({ metadata, tensors: entries });
  const dataStart = 8 + header.length;
  const dataLength = Array.from(entries.values()).at(-1)?.end ?? 0;
  const bytes = new Uint8Array(dataStart + dataLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  for (const [name, { begin }] of entries) {
    const { buffer, byteOffset, byteLength } = tensors.get(name)!.values;
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), dataStart + begin);
  }
  return bytes;
}

/** Gives each tensor its place: wide types first, so that every number is aligned to its width. */
function layOut(tensors: ReadonlyMap<string, StoredTensor>): Map<string, TensorEntry> {
  let end = 0;
  return new Map(
    Array.from(tensors, ([name, { shape, values }]) => {
      const type = dataTypeOf(values);
      const count = shape.reduce((product, size) => product * size, 1);
      if (count !== values.length) {
        throw new RangeError(
          `Expected ${count} numbers for ${name} [${shape}], got ${values.length}`,
        );
      }
      return { name, shape, type, length: values.byteLength };
    }).sort((a, b) => byteWidth[b.type] - byteWidth[a.type]).map(
      ({ name, shape, type, length }) => {
        const begin = end;
        return [name, { type, shape, begin, end: end += length }];
      },
    ),
  );
}
