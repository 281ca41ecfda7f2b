/** What every operation checks before it starts. */
import * as tf from "@tensorflow/tfjs";

/** Throws unless the tensor has the wanted shape; −1 stands for any size. */
export function checkShape(what: string, { tensor, wanted }: {
  tensor: tf.Tensor;
  wanted: readonly number[];
}): void {
  const { shape } = tensor;
  if (
    shape.length === wanted.length &&
    shape.every((size, i) => wanted[i] === -1 || wanted[i] === size)
  ) return;
  const shown = wanted.map((size) => size === -1 ? "any" : size);
  throw new RangeError(`Expected ${what} of shape [${shown}], got [${shape}]`);
}

/** Indices as int32. */
export function toInt32<T extends tf.Tensor>(indices: T): T {
  return indices.dtype === "int32" ? indices : indices.toInt();
}

/** What is said of an index outside its range. */
export function outOfRange(what: string, { value, at, least, size }: {
  value: number;
  at: number;
  least: number;
  size: number;
}): RangeError {
  return new RangeError(
    `Expected ${what} of ${least} to ${size - 1}, got ${value} at position ${at}`,
  );
}

/**
 * Throws when an index is outside `least` … `size` − 1, on the backends that keep numbers where they can
 * be looked at. WebGPU does not: there a wrong index counts as no index.
 */
export function checkIndices(what: string, { indices, least, size }: {
  indices: tf.Tensor;
  least: number;
  size: number;
}): void {
  if (tf.getBackend() === "webgpu") return;
  const values = indices.dataSync();
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (value < least || value >= size) throw outOfRange(what, { value, at, least, size });
  }
}
