/**
 * The header of a safetensors file: which tensors there are, and where.
 *
 * A file is eight bytes that hold the header's length (little-endian), the header as JSON,
 * `{"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …}`, and the data the offsets
 * point into. A file comes from anywhere, so nothing in it is believed before it has been checked:
 * the tensors must cover the data exactly, without overlaps and without holes.
 */
import { byteWidth, type DataType, isDataType } from "./data_types.ts";
import { CheckpointError } from "./error.ts";
import { isObject, parseObject, shown } from "./strict_json.ts";

/** What one tensor is and where it lies. */
export interface TensorEntry {
  /** How its numbers are stored. */
  readonly type: DataType;
  /** Its dimensions. */
  readonly shape: readonly number[];
  /** Its first byte, counted from the start of the data. */
  readonly begin: number;
  /** The byte after its last. */
  readonly end: number;
}

/** What a header says. */
export interface Header {
  /** Free text by name, the header's `__metadata__`. */
  readonly metadata: ReadonlyMap<string, string>;
  /** The tensors by name, in the order of their data. */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
}

/** Headers beyond this are refused, as the reference implementation does. */
export const LONGEST_HEADER = 100_000_000;

const METADATA = "__metadata__";

/**
 * Reads a header and holds it to `dataLength`, the number of bytes that follow it.
 *
 * @throws CheckpointError on anything but a header that describes those bytes exactly.
 */
export function parseHeader(
  bytes: Uint8Array,
  { dataLength }: { dataLength: number },
): Header {
  const { [METADATA]: metadata, ...entries } = parseObject(bytes);
  const tensors = Object.entries(entries)
    .map(([name, entry]) => [name, checkEntry(name, entry)] as const)
    .sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  checkCoverage(tensors, dataLength);
  return { metadata: checkMetadata(metadata), tensors: new Map(tensors) };
}

/** The bytes of a header, padded with spaces so that the data after it is aligned to 8 bytes. */
export function encodeHeader({ metadata, tensors }: Header): Uint8Array {
  const json = JSON.stringify({
    ...(metadata.size > 0 ? { [METADATA]: Object.fromEntries(metadata) } : {}),
    ...Object.fromEntries(
      Array.from(tensors, ([name, { type, shape, begin, end }]) => [
        name,
        { dtype: type, shape, data_offsets: [begin, end] },
      ]),
    ),
  });
  const text = new TextEncoder().encode(json);
  const padded = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20);
  padded.set(text);
  return padded;
}

function checkMetadata(metadata: unknown): Map<string, string> {
  if (metadata === undefined) return new Map();
  if (!isObject(metadata)) throw new CheckpointError(`expected an object as ${METADATA}`);
  for (const [name, value] of Object.entries(metadata)) {
    if (typeof value !== "string") {
      throw new CheckpointError(`expected text as ${METADATA} ${shown(name)}, got ${typeof value}`);
    }
  }
  return new Map(Object.entries(metadata) as [string, string][]);
}

function checkEntry(name: string, entry: unknown): TensorEntry {
  const fail = (problem: string) => new CheckpointError(`tensor ${shown(name)}: ${problem}`);
  if (!isObject(entry)) throw fail("expected an object with dtype, shape and data_offsets");
  const { dtype: type, shape, data_offsets: offsets, ...others } = entry;
  if (Object.keys(others).length > 0) {
    throw fail(
      `expected only dtype, shape and data_offsets, got ${shown(Object.keys(others)[0]!)}`,
    );
  }
  if (!isDataType(type)) {
    throw fail(`expected a dtype of ${Object.keys(byteWidth).join(", ")}, got ${shown(type)}`);
  }
  if (!isCounts(shape)) throw fail(`expected whole numbers as shape, got ${shown(shape)}`);
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    throw fail(`expected data_offsets [begin, end], got ${shown(offsets)}`);
  }
  const [begin, end] = offsets as [number, number];
  const wanted = byteLength(type, shape);
  if (wanted !== end - begin) {
    throw fail(`expected ${wanted} bytes for ${type} [${shape}], got offsets of ${end - begin}`);
  }
  return { type, shape, begin, end };
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((count) => Number.isSafeInteger(count) && count >= 0);
}

/** Bytes of a tensor; Infinity when they are beyond counting, even if a later dimension is 0. */
function byteLength(type: DataType, shape: readonly number[]): number {
  let length = byteWidth[type];
  for (const size of shape) {
    if (length * size > Number.MAX_SAFE_INTEGER) return Infinity;
    length *= size;
  }
  return length;
}

function checkCoverage(
  tensors: readonly (readonly [string, TensorEntry])[],
  dataLength: number,
): void {
  let covered = 0;
  for (const [name, { begin, end }] of tensors) {
    if (begin !== covered) {
      throw new CheckpointError(
        `tensor ${
          shown(name)
        }: expected its data at byte ${covered}, where the one before ends, got ${begin}`,
      );
    }
    covered = end;
  }
  if (covered !== dataLength) {
    throw new CheckpointError(`expected ${covered} bytes of data, got ${dataLength}`);
  }
}
