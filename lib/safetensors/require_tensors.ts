/** Whether a file holds what a model needs. */
import { CheckpointError } from "./error.ts";
import type { TensorEntry } from "./header.ts";
import { shown } from "./strict_json.ts";

/**
 * Holds the tensors of a file to those that a model needs.
 *
 * @throws CheckpointError on a missing or further tensor, another shape, or numbers that are no floats
 */
export function requireTensors(
  tensors: ReadonlyMap<string, TensorEntry>,
  shapes: ReadonlyMap<string, readonly number[]>,
): void {
  const further = [...tensors.keys()].find((name) => !shapes.has(name));
  if (further !== undefined) throw new CheckpointError(`expected no tensor ${shown(further)}`);
  for (const [name, shape] of shapes) {
    const found = tensors.get(name);
    if (!found) throw new CheckpointError(`expected a tensor ${name}, found none`);
    if (!["F32", "F16", "BF16"].includes(found.type)) {
      throw new CheckpointError(`expected ${name} of F32, F16 or BF16, got ${found.type}`);
    }
    if (`${found.shape}` !== `${shape}`) {
      throw new CheckpointError(`expected ${name} of shape [${shape}], got [${found.shape}]`);
    }
  }
}
