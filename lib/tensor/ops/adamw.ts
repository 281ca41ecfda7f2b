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

/** Does the step on a backend that has the kernel. */
export function fusedAdamW(step: AdamWStep): void {
  const backend = tf.backend() as SimdBackend;
  const entries = step.parameters.length;
  backend.withScratch(entries * WORDS * 4, (table) => {
    fillTable(step, { backend, table });
    const { beta1, beta2, epsilon, stepSize, secondCorrection, clipNorm } = step;
    const scale = clipNorm === undefined
      ? 1
      : clipScale(backend.kernels.gradientNorm(table, entries), clipNorm);
    const numbers = [beta1, beta2, epsilon, stepSize, secondCorrection] as const;
    backend.kernels.adamW(table, entries, scale, ...numbers);
  });
}

/** min(1, clipNorm/(norm + 10⁻⁶)); NaN stays NaN. */
function clipScale(norm: number, clipNorm: number): number {
  return Math.min(1, clipNorm / (norm + 1e-6));
}

function fillTable(
  { parameters, gradients, firsts, seconds, kept }: AdamWStep,
  { backend, table }: { backend: SimdBackend; table: number },
): void {
  const rows = parameters.map((parameter, i) => [
    ownAddress(backend, parameter),
    backend.address(gradients[i]!),
    ownAddress(backend, firsts[i]!),
    ownAddress(backend, seconds[i]!),
    parameter.size,
  ]);
  // made last: an address may make the memory grow
  const { buffer } = backend.heap.memory;
  const words = new Uint32Array(buffer, table, rows.length * WORDS);
  const numbers = new Float32Array(buffer, table, rows.length * WORDS);
  rows.forEach((row, i) => {
    words.set(row, i * WORDS);
    numbers[i * WORDS + row.length] = kept[i]!;
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
