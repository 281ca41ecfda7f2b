/**
 * Reading safetensors files, the format that PyTorch's and other worlds share
 * (https://huggingface.co/docs/safetensors).
 *
 * A file is opened, its header is checked whole, and then one tensor at a time is read straight into
 * its own array. A file that is not what it should be is refused before anything large is allocated.
 */
import { type ByteSource, fileSource, memorySource } from "./byte_source.ts";
import { byteWidth, readValues, type TensorValues } from "./data_types.ts";
import { type Header, LONGEST_HEADER, parseHeader } from "./header.ts";
import { CheckpointError, within } from "./error.ts";

/** One tensor as it comes from a file or goes into one. */
export interface StoredTensor {
  /** Its dimensions; none for a single number. */
  readonly shape: readonly number[];
  /** Its numbers, row-major. */
  readonly values: TensorValues;
}

/** Which of a tensor's rows. */
export interface Rows {
  /** The first of them. */
  readonly first: number;
  /** How many. */
  readonly count: number;
}

/** An open file: what it holds, and its tensors one by one. */
export interface SafetensorsFile extends Header {
  /**
   * Reads one tensor, or some of its rows (along its first dimension), into an array of its own; F16 and BF16
   * become float32.
   */
  read(name: string, rows?: Rows): StoredTensor;
  /** Closes the file; `using` does it by itself. */
  [Symbol.dispose](): void;
}

/**
 * Opens a safetensors file, or the bytes of one.
 *
 * @throws CheckpointError on a file that is missing, truncated or malformed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodeSafetensors, openSafetensors } from "./mod.ts";
 *
 * const bytes = encodeSafetensors(
 *   new Map([["bias", { shape: [2], values: Float32Array.of(1, 2) }]]),
 * );
 * using file = openSafetensors(bytes);
 * assertEquals(file.read("bias").values, Float32Array.of(1, 2));
 * ```
 */
export function openSafetensors(from: string | Uint8Array): SafetensorsFile {
  return typeof from === "string"
    ? within(from, () => openSource(from, fileSource(from)))
    : openSafetensorsBytes(from);
}

/** Opens the bytes of a safetensors file, where there are no files: in a browser. */
export function openSafetensorsBytes(bytes: Uint8Array): SafetensorsFile {
  const name = `${bytes.length} bytes in memory`;
  return within(name, () => openSource(name, memorySource(bytes)));
}

function openSource(name: string, source: ByteSource): SafetensorsFile {
  try {
    const { header, dataStart } = readHeader(source);
    const read = (tensor: string, rows?: Rows) =>
      readTensor(source, { tensor, rows, header, dataStart });
    return {
      ...header,
      read: (tensor, rows) => within(name, () => read(tensor, rows)),
      [Symbol.dispose]: () => source.close(),
    };
  } catch (error) {
    source.close();
    throw error;
  }
}

/** All tensors of a file by name, in the order of their data. */
export function readSafetensors(from: string | Uint8Array): Map<string, StoredTensor> {
  using file = openSafetensors(from);
  return new Map(Array.from(file.tensors.keys(), (name) => [name, file.read(name)]));
}

function readHeader(source: ByteSource): { header: Header; dataStart: number } {
  if (source.length < 8) {
    throw new CheckpointError(`expected at least 8 bytes, got ${source.length}`);
  }
  const prefix = new Uint8Array(8);
  source.readInto(prefix, 0);
  const length = new DataView(prefix.buffer).getBigUint64(0, true);
  const longest = Math.min(LONGEST_HEADER, source.length - 8);
  if (length > longest) {
    throw new CheckpointError(`expected a header of at most ${longest} bytes, got ${length}`);
  }
  const text = new Uint8Array(Number(length));
  source.readInto(text, 8);
  const dataStart = 8 + text.length;
  return { header: parseHeader(text, { dataLength: source.length - dataStart }), dataStart };
}

function readTensor(
  source: ByteSource,
  { tensor, rows, header, dataStart }: {
    tensor: string;
    rows: Rows | undefined;
    header: Header;
    dataStart: number;
  },
): StoredTensor {
  const entry = header.tensors.get(tensor);
  if (!entry) throw new CheckpointError(`expected a tensor ${tensor}, found none`);
  const { type, begin, end } = entry;
  const [most = 1, ...inner] = entry.shape;
  const { first, count: own } = rows ?? { first: 0, count: most };
  if (!(first >= 0 && own >= 0 && first + own <= most)) {
    throw new RangeError(`Expected rows of ${tensor} from 0 to ${most}, got ${own} from ${first}`);
  }
  const width = most === 0 ? 0 : (end - begin) / byteWidth[type] / most;
  const from = dataStart + begin + first * width * byteWidth[type];
  const count = own * width;
  const values = readValues({ type, count }, (bytes) => source.readInto(bytes, from));
  return { shape: rows ? [own, ...inner] : entry.shape, values };
}
