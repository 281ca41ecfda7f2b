/**
 * Adam with decoupled weight decay (Kingma and Ba, 2015; Loshchilov and Hutter, 2019), number for
 * number as torch.optim.AdamW.
 */
import * as tf from "@tensorflow/tfjs";
import { type AdamWStep, fusedAdamW } from "./ops/adamw.ts";
import { hasFusedKernels } from "./ops/fused.ts";
import { checkGradients, type Optimizer, restoreTensors, zerosFor } from "./optimizer.ts";

/** What {@linkcode createAdamW} takes. */
export interface AdamWOptions {
  /** Step size, unless a step says otherwise. */
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
      const update = hasFusedKernels() ? fusedAdamW : composedAdamW;
      update({
        parameters: variables,
        gradients,
        firsts,
        seconds,
        kept: decay.map((share) => 1 - rate * share),
        beta1,
        beta2,
        epsilon,
        stepSize: rate / (1 - beta1 ** step),
        secondCorrection: Math.sqrt(1 - beta2 ** step),
        clipNorm,
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

/** The step as tfjs ops, for any backend. */
function composedAdamW({ parameters, gradients, firsts, seconds, kept, ...numbers }: AdamWStep) {
  const { beta1, beta2, epsilon, stepSize, secondCorrection, clipNorm } = numbers;
  tf.tidy(() => {
    const scale = clipNorm === undefined ? undefined : clipScale(gradients, clipNorm);
    parameters.forEach((parameter, i) => {
      const [first, second] = [firsts[i]!, seconds[i]!];
      const gradient = scale ? gradients[i]!.mul(scale) : gradients[i]!;
      first.assign(first.add(gradient.sub(first).mul(1 - beta1)));
      second.assign(second.mul(beta2).add(gradient.square().mul(1 - beta2)));
      const denominator = second.sqrt().div(secondCorrection).add(epsilon);
      const decayed = kept[i] === 1 ? parameter : parameter.mul(kept[i]!);
      parameter.assign(decayed.sub(first.div(denominator).mul(stepSize)));
    });
  });
}

/** min(1, clipNorm/(norm + 10⁻⁶)) of the norm of all gradients together, never read back. */
function clipScale(gradients: readonly tf.Tensor[], clipNorm: number): tf.Tensor {
  const squares = gradients.map((gradient) => gradient.square().sum());
  const norm = tf.stack(squares).sum().sqrt(); // []
  return tf.minimum(tf.scalar(clipNorm).div(norm.add(1e-6)), 1);
}
