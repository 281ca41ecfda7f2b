/**
 * Adam with decoupled weight decay (Kingma and Ba, 2015; Loshchilov and Hutter, 2019), number for
 * number as torch.optim.AdamW.
 */
import * as tf from "@tensorflow/tfjs";
import { checkGradients, type Optimizer, restoreTensors, zerosFor } from "./optimizer.ts";

/** What {@linkcode createAdamW} takes. */
export interface AdamWOptions {
  learningRate: number;
  /** Decay of the mean of the gradients. */
  beta1?: number;
  /** Decay of the mean of their squares. */
  beta2?: number;
  /** Keeps the division finite. */
  epsilon?: number;
  /** Share of learningRate by which decaying parameters shrink each step. */
  weightDecay?: number;
  /** Which parameters decay, by name; all of them by default. */
  decays?: (name: string) => boolean;
  /** Largest Euclidean norm of all gradients together; larger ones are scaled down to it. */
  clipNorm?: number | undefined;
}

/** The numbers of one step, computed in float64. */
interface StepNumbers {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** learningRate / (1 − β₁ᵗ) */
  stepSize: number;
  /** √(1 − β₂ᵗ) */
  secondCorrection: number;
}

/**
 * AdamW: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g²,
 * θ ← θ·(1 − learningRate·weightDecay) − learningRate/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε).
 *
 * With `clipNorm` all gradients are first multiplied by min(1, clipNorm/(norm + 10⁻⁶)).
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { createAdamW, ready, tf, valueAndGradients } from "./mod.ts";
 *
 * await ready("cpu");
 * const x = tf.variable(tf.scalar(3));
 * const optimizer = createAdamW(new Map([["x", x]]), { learningRate: 0.1 });
 * optimizer.step(valueAndGradients(() => x.square() as tf.Scalar, [x]).gradients);
 * assertAlmostEquals(x.dataSync()[0]!, 2.9, 1e-6);
 * ```
 */
export function createAdamW(
  parameters: ReadonlyMap<string, tf.Variable>,
  {
    learningRate,
    beta1 = 0.9,
    beta2 = 0.999,
    epsilon = 1e-8,
    weightDecay = 0,
    decays = () => true,
    clipNorm,
  }: AdamWOptions,
): Optimizer {
  const variables = [...parameters.values()];
  const decay = Array.from(parameters.keys(), (name) => decays(name) ? weightDecay : 0);
  const firsts = zerosFor(variables);
  const seconds = zerosFor(variables);
  const named = new Map([...parameters.keys()].flatMap((name, i) =>
    [
      [`${name}.firstMoment`, firsts[i]!],
      [`${name}.secondMoment`, seconds[i]!],
    ] as const
  ));
  let step = 0;
  return {
    step: (gradients, options) => {
      checkGradients(parameters, gradients);
      step++;
      const rate = options?.learningRate ?? learningRate;
      const numbers = {
        learningRate: rate,
        beta1,
        beta2,
        epsilon,
        stepSize: rate / (1 - beta1 ** step),
        secondCorrection: Math.sqrt(1 - beta2 ** step),
      };
      tf.tidy(() => {
        const scale = clipNorm === undefined ? undefined : clipScale(gradients, clipNorm);
        variables.forEach((variable, i) => {
          const gradient = scale ? gradients[i]!.mul(scale) : gradients[i]!;
          const moments = { first: firsts[i]!, second: seconds[i]! };
          update(variable, gradient, { ...numbers, ...moments, weightDecay: decay[i]! });
        });
      });
    },
    state: () => ({ step, tensors: named }),
    restore: (state) => {
      restoreTensors(named, state.tensors);
      step = state.step;
    },
    dispose: () => tf.dispose([...firsts, ...seconds]),
  };
}

/** min(1, clipNorm/(norm + 10⁻⁶)) of the norm of all gradients together, never read back. */
function clipScale(gradients: readonly tf.Tensor[], clipNorm: number): tf.Tensor {
  const squares = gradients.map((gradient) => gradient.square().sum());
  const norm = tf.stack(squares).sum().sqrt(); // []
  return tf.minimum(tf.scalar(clipNorm).div(norm.add(1e-6)), 1);
}

function update(
  variable: tf.Variable,
  gradient: tf.Tensor,
  { first, second, weightDecay, ...numbers }: StepNumbers & {
    first: tf.Variable;
    second: tf.Variable;
    weightDecay: number;
  },
): void {
  const { learningRate, beta1, beta2, epsilon, stepSize, secondCorrection } = numbers;
  first.assign(first.add(gradient.sub(first).mul(1 - beta1)));
  second.assign(second.mul(beta2).add(gradient.square().mul(1 - beta2)));
  const denominator = second.sqrt().div(secondCorrection).add(epsilon);
  const decayed = weightDecay === 0 ? variable : variable.mul(1 - learningRate * weightDecay);
  variable.assign(decayed.sub(first.div(denominator).mul(stepSize)));
}
