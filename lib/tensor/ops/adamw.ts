/** One step of AdamW over all parameters as one kernel, in place. */
import * as tf from "@tensorflow/tfjs";
import type { SimdBackend } from "../simd/mod.ts";

/** What is updated, and by what. Lists are in the order of the parameters. */
export interface AdamWStep {
  parameters: readonly tf.Variable[];
  gradients: readonly tf.Tensor[];
  firsts: readonly tf.Variable[];
  seconds: readonly tf.Variable[];
  /** What decay leaves of each parameter, 1 − learningRate·weightDecay. */
  kept: readonly number[];
  beta1: number;
  beta2: number;
  epsilon: number;
  /** learningRate/(1 − β₁ᵗ) */
  stepSize: number;
  /** √(1 − β₂ᵗ) */
  secondCorrection: number;
  clipNorm: number | undefined;
}

/** Words in an entry of the kernel's table. */
const WORDS = 6;

/** Numbers of an entry at most, so that threads can share a large tensor; a multiple of four. */
const MOST_NUMBERS = 2 ** 14;

/** Does the step on a backend that has the kernel. */
export function fusedAdamW(step: AdamWStep): void {
  const backend = tf.backend() as SimdBackend;
  const rows = entriesOf(step, backend);
  const entries = rows.length;
  backend.withScratch(entries * WORDS * 4, (table) => {
    fillTable(rows, { backend, table });
    const { beta1, beta2, epsilon, stepSize, secondCorrection, clipNorm } = step;
    const scale = clipNorm === undefined
      ? 1
      : clipScale(backend.kernels.gradientNorm(table, entries), clipNorm);
    const work = 8 * step.parameters.reduce((sum, { size }) => sum + size, 0);
    backend.divide("adamW", { length: entries, work }, (begin, n) => [
      table + begin * WORDS * 4,
      ...[n, scale, beta1, beta2, epsilon, stepSize, secondCorrection],
    ]);
  });
}

/** min(1, clipNorm/(norm + 10⁻⁶)); NaN stays NaN. */
function clipScale(norm: number, clipNorm: number): number {
  return Math.min(1, clipNorm / (norm + 1e-6));
}

/** The table's entries: four addresses, how many numbers, and how much is kept. */
function entriesOf(
  { parameters, gradients, firsts, seconds, kept }: AdamWStep,
  backend: SimdBackend,
): number[][] {
  return parameters.flatMap((parameter, i) => {
    const addresses = [
      ownAddress(backend, parameter),
      backend.address(gradients[i]!),
      ownAddress(backend, firsts[i]!),
      ownAddress(backend, seconds[i]!),
    ];
    return Array.from({ length: Math.ceil(parameter.size / MOST_NUMBERS) }, (_, part) => {
      const begin = part * MOST_NUMBERS;
      const size = Math.min(MOST_NUMBERS, parameter.size - begin);
      return [...addresses.map((address) => address + begin * 4), size, kept[i]!];
    });
  });
}

function fillTable(
  rows: number[][],
  { backend, table }: { backend: SimdBackend; table: number },
): void {
  const { buffer } = backend.heap.memory;
  const words = new Uint32Array(buffer, table, rows.length * WORDS);
  const numbers = new Float32Array(buffer, table, rows.length * WORDS);
  rows.forEach((row, i) => {
    words.set(row.slice(0, -1), i * WORDS);
    numbers[(i + 1) * WORDS - 1] = row.at(-1)!;
  });
}

/** The address of a variable's numbers, after making them its own: a clone must keep the old ones. */
function ownAddress(backend: SimdBackend, variable: tf.Variable): number {
  if (backend.refCount(variable.dataId) > 1) {
    const copy = tf.mul(variable, 1);
    variable.assign(copy);
    copy.dispose();
  }
  return backend.address(variable);
}
