/** Stochastic gradient descent, with or without momentum. */
import * as tf from "@tensorflow/tfjs";
import { checkGradients, type Optimizer, restoreTensors, zerosFor } from "./optimizer.ts";

/** What {@linkcode createSgd} takes. */
export interface SgdOptions {
  /** Step size, unless a step says otherwise. */
  learningRate: number;
  /** Share of the last step that is taken again (Polyak, 1964). */
  momentum?: number;
}

/**
 * Stochastic gradient descent: v ← momentum·v + g, θ ← θ − learningRate·v, as torch.optim.SGD.
 * Without momentum it has no state.
 */
export function createSgd(
  parameters: ReadonlyMap<string, tf.Variable>,
  { learningRate, momentum = 0 }: SgdOptions,
): Optimizer {
  const variables = [...parameters.values()];
  const velocities = momentum === 0 ? [] : zerosFor(variables);
  const named = new Map(
    [...parameters.keys()].slice(0, velocities.length).map((name, i) =>
      [`${name}.velocity`, velocities[i]!] as const
    ),
  );
  let step = 0;
  return {
    step: (gradients, options) => {
      checkGradients(parameters, gradients);
      const rate = options?.learningRate ?? learningRate;
      tf.tidy(() =>
        variables.forEach((variable, i) => {
          velocities[i]?.assign(velocities[i]!.mul(momentum).add(gradients[i]!));
          variable.assign(variable.sub((velocities[i] ?? gradients[i]!).mul(rate)));
        })
      );
      step++;
    },
    state: () => ({ step, tensors: named }),
    restore: (state) => {
      restoreTensors(named, state.tensors);
      step = state.step;
    },
    dispose: () => tf.dispose(velocities),
  };
}
