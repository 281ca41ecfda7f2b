/**
 * tfjs's own Adam, which `tf.train.adam` and `tf.layers` use, as one kernel on our backends.
 *
 * In tfjs a step is fourteen operations for each variable, for small models half of the time.
 */
import * as tf from "@tensorflow/tfjs";
import { fusedAdamW } from "./ops/adamw.ts";
import { hasFusedKernels } from "./ops/fused.ts";

type Gradients = Parameters<tf.AdamOptimizer["applyGradients"]>[0];

/** The parts of the optimizer that its types keep to themselves. tfjs's version is pinned for them. */
interface Adam {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  accumulatedFirstMoment: { variable: tf.Variable }[];
  accumulatedSecondMoment: { variable: tf.Variable }[];
  /** βᵗ, kept in 32 bits. */
  accBeta1: tf.Variable;
  accBeta2: tf.Variable;
  incrementIterations(): void;
}

const stock = tf.AdamOptimizer.prototype.applyGradients;

/** Lets tfjs's Adam take its steps, from the second on, by one kernel on backends that have it. */
export function fuseStockAdam(): void {
  if (tf.AdamOptimizer.prototype.applyGradients !== stock) return;
  tf.AdamOptimizer.prototype.applyGradients = function (gradients: Gradients) {
    const fused = hasFusedKernels() && applyFused(this as unknown as Adam, gradients);
    if (!fused) stock.call(this, gradients);
  };
}

/** Takes a step; false, and nothing done, where the stock code must: it makes the moments in its first step. */
function applyFused(adam: Adam, given: Gradients): boolean {
  const named = Array.isArray(given)
    ? given.map(({ name, tensor }) => [name, tensor] as const)
    : Object.entries(given);
  const { registeredVariables } = tf.engine() as unknown as {
    registeredVariables: Record<string, tf.Variable>;
  };
  const parameters = named.map(([name]) => registeredVariables[name]);
  const gradients = named.map(([, gradient]) => gradient);
  const momentsOf = (moments: Adam["accumulatedFirstMoment"]) =>
    parameters.map((_, i) => moments[i]?.variable);
  const firsts = momentsOf(adam.accumulatedFirstMoment);
  const seconds = momentsOf(adam.accumulatedSecondMoment);
  if (!areAll(parameters, parameters) || !areAll(gradients, parameters)) return false;
  if (!areAll(firsts, parameters) || !areAll(seconds, parameters)) return false;
  const { beta1, beta2, epsilon, learningRate, accBeta1, accBeta2 } = adam;
  fusedAdamW({
    ...{ parameters, gradients, firsts, seconds, beta1, beta2, epsilon, clipNorm: undefined },
    kept: parameters.map(() => 1),
    stepSize: learningRate / (1 - accBeta1.dataSync()[0]!),
    secondCorrection: Math.sqrt(1 - accBeta2.dataSync()[0]!),
  });
  tf.tidy(() => {
    accBeta1.assign(accBeta1.mul(beta1));
    accBeta2.assign(accBeta2.mul(beta2));
  });
  adam.incrementIterations();
  return true;
}

/** Whether there is a tensor of floats for each parameter, of its shape. */
function areAll<T extends tf.Tensor>(
  tensors: (T | undefined)[],
  parameters: (tf.Tensor | undefined)[],
): tensors is T[] {
  return tensors.every((tensor, i) =>
    tensor?.dtype === "float32" && tf.util.arraysEqual(tensor.shape, parameters[i]?.shape ?? [])
  );
}
