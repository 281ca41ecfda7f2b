/**
 * How much memory a run will take, estimated before it starts: a run that cannot fit ends here in a
 * line with the numbers, and not after minutes or gigabytes.
 *
 * Letters: L layers, H heads, T tokens seen at once.
 */
import { gibibytes } from "../../command/mod.ts";
import { UsageError } from "../../errors.ts";
import { type ModelOutline, outlineOf, type SizeOptions } from "../models/registry.ts";
import type { Task } from "./task.ts";

/** The tensors of the fast backends lie in one memory, and WebAssembly gives it no more. */
const MOST_BYTES = 2 ** 32;

/** More layers than this only take time to count. */
const MOST_LAYERS = 10_000;

const BYTES = 4; // of a float32

/** A weight, its gradient, and what Adam remembers of it. */
const COPIES_OF_WEIGHTS = 4;

/** What a number computed on the way costs: itself, its gradient, and one on the way there. */
const COPIES_OF_RESULTS = 3;

/** What of a run decides its memory. */
export interface MemoryOptions extends SizeOptions {
  /** Strings or windows in a training step. */
  readonly batch: number;
  /** Strings that each model writes, all at once. */
  readonly generate: number;
}

/**
 * Refuses models that cannot fit.
 *
 * @throws UsageError with the estimate and what makes it smaller
 */
export function requireMemory(
  names: readonly string[],
  { task, options }: { task: Task; options: MemoryOptions },
): void {
  if ((options.layers ?? 0) > MOST_LAYERS) {
    throw new UsageError(`Expected at most ${MOST_LAYERS} layers, got ${options.layers}`);
  }
  for (const name of names) {
    const outline = outlineOf(name, { ...task.ingredients, sizes: options });
    if (!outline) continue;
    const { weights, training, writing } = estimate(outline, { task, options });
    if (weights + Math.max(training, writing) <= MOST_BYTES) continue;
    throw new UsageError(
      `Expected models that fit into ${gibibytes(MOST_BYTES)}, got about ${
        gibibytes(weights)
      } of ` +
        `weights, ${gibibytes(training)} for a training step and ${gibibytes(writing)} to write ` +
        `with ${name}: take a smaller ${smaller(task)}`,
    );
  }
}

/** About how many bytes each of the models takes while it learns or writes; 0 for those that count. */
export function memoryOf(
  names: readonly string[],
  { task, options }: { task: Task; options: MemoryOptions },
): number[] {
  return names.map((name) => {
    const outline = outlineOf(name, { ...task.ingredients, sizes: options });
    if (!outline) return 0;
    const { weights, training, writing } = estimate(outline, { task, options });
    return weights + Math.max(training, writing);
  });
}

function smaller({ kind }: Task): string {
  return kind === "text"
    ? "--scale, --width, --layers, --context, --batch or --generate"
    : "--scale, --batch or --generate";
}

/** Bytes of the weights and all that belongs to them, of a training step, and of writing. */
function estimate(
  { shapes, config }: ModelOutline,
  { task, options: { batch, generate } }: { task: Task; options: MemoryOptions },
): { weights: number; training: number; writing: number } {
  const { ingredients: { vocabulary, contextLength }, description: { text, corpus }, tokens } =
    task;
  const sizes = config as Record<string, number>;
  const { contextLength: T = 1, heads: H = 0, layers: L = 0, lookBack: K = 1 } = sizes;
  const V = vocabulary.size;
  const isTied = ![...shapes.values()].some(([, columns]) => columns === V);
  let [weights, results] = [0, isTied ? V : 0]; // the logits, where no matrix of their own makes them
  for (const [name, [rows = 1, columns = 1]] of shapes) {
    weights += rows * columns;
    results += name === "embedding" ? K * columns : columns; // of each character of a window
  }
  const length = text?.kind === "continuous"
    ? contextLength ?? T
    : tokens.epoch / Math.max(1, corpus.train);
  const attended = L * H * Math.min(T, 2 * length); // strings of a batch are padded to its longest
  return {
    weights: BYTES * COPIES_OF_WEIGHTS * weights,
    training: BYTES * batch * length * (COPIES_OF_RESULTS * results + attended),
    writing: BYTES * generate * (2 * T * L * widthOf(shapes) + 2 * V),
  };
}

/** C, where there is an attention that remembers keys and values. */
function widthOf(shapes: ModelOutline["shapes"]): number {
  return shapes.get("transformer.wte.weight")?.[1] ?? 0;
}
