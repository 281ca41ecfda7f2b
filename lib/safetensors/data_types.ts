/**
 * The number types of safetensors files, and the arrays they become.
 *
 * Files are little-endian, as is every processor that Deno runs on, so bytes are viewed, not swapped.
 * The half-width types F16 and BF16 become Float32Array, which holds each of their values exactly.
 */

/** A number type as safetensors names it. */
export type DataType = "F64" | "F32" | "F16" | "BF16" | "I64" | "I32" | "U8" | "BOOL";

/** Bytes a number takes in the file, by its type. Integers below 32 bits are only ever masks. */
export const byteWidth: Readonly<Record<DataType, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  U8: 1,
  BOOL: 1,
};

/** The numbers of one tensor in memory, row-major. Float16Array is for writing: it is read as Float32Array. */
export type TensorValues =
  | Float64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float16Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>;

/** Whether a text names a number type that can be read. */
export function isDataType(text: unknown): text is DataType {
  return typeof text === "string" && Object.hasOwn(byteWidth, text);
}

/** The type that an array is written as. */
export function dataTypeOf(values: TensorValues): DataType {
  if (values instanceof Float64Array) return "F64";
  if (values instanceof Float32Array) return "F32";
  if (values instanceof Float16Array) return "F16";
  if (values instanceof BigInt64Array) return "I64";
  return values instanceof Int32Array ? "I32" : "U8";
}

/** Makes the array of `count` numbers; `fill` copies the file's bytes into the room it is given. */
export function readValues(
  { type, count }: { type: DataType; count: number },
  fill: (bytes: Uint8Array<ArrayBuffer>) => void,
): TensorValues {
  if (type === "F16" || type === "BF16") return widen({ type, count }, fill);
  const buffer = new ArrayBuffer(count * byteWidth[type]);
  fill(new Uint8Array(buffer));
  switch (type) {
    case "F64":
      return new Float64Array(buffer);
    case "F32":
      return new Float32Array(buffer);
    case "I64":
      return new BigInt64Array(buffer);
    case "I32":
      return new Int32Array(buffer);
    default:
      return new Uint8Array(buffer);
  }
}

/**
 * Two-byte floats to four-byte ones without a second array: the halves are read into the back of the
 * result and widened from the front. Number i is written to bytes 4i … 4i + 3 and the next half
 * stands at 2·count + 2i + 2, which is never below 4i + 4 while a next one exists.
 */
function widen(
  { type, count }: { type: "F16" | "BF16"; count: number },
  fill: (bytes: Uint8Array<ArrayBuffer>) => void,
): Float32Array<ArrayBuffer> {
  const buffer = new ArrayBuffer(4 * count);
  fill(new Uint8Array(buffer, 2 * count));
  if (type === "F16") {
    const [wide, halves] = [new Float32Array(buffer), new Float16Array(buffer, 2 * count, count)];
    for (let i = 0; i < count; i++) wide[i] = halves[i]!;
    return wide;
  }
  const [bits, halves] = [new Uint32Array(buffer), new Uint16Array(buffer, 2 * count, count)];
  for (let i = 0; i < count; i++) bits[i] = halves[i]! << 16; // bfloat16 is float32's upper half
  return new Float32Array(buffer);
}
