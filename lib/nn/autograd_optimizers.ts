/** SGD and Adam on the values of our autograd: each parameter is one number. */
import type { Value } from "../autograd/mod.ts";
import {
  adamDefaults,
  type AdamSettings,
  type OptimizerSettings,
  type SgdSettings,
} from "./optimizer.ts";

/** Changes the parameters against their gradients, and forgets these. */
export interface ValueOptimizer {
  /** One step from the gradients that the parameters hold. */
  step(): void;
}

/** The optimizer of these settings for these parameters. */
export function valueOptimizer(
  parameters: readonly Value[],
  settings: OptimizerSettings,
): ValueOptimizer {
  return settings.name === "sgd" ? valueSgd(parameters, settings) : valueAdam(parameters, settings);
}

/** Stochastic gradient descent, see {@linkcode SgdSettings}. */
export function valueSgd(
  parameters: readonly Value[],
  { learningRate, momentum = 0 }: Omit<SgdSettings, "name">,
): ValueOptimizer {
  const velocities = new Float64Array(parameters.length);
  return {
    step() {
      parameters.forEach((parameter, i) => {
        const velocity = momentum * velocities[i]! + parameter.grad;
        velocities[i] = velocity;
        parameter.data -= learningRate * velocity;
        parameter.zeroGrad();
      });
    },
  };
}

/** Adam, see {@linkcode AdamSettings}. */
export function valueAdam(
  parameters: readonly Value[],
  settings: Omit<AdamSettings, "name">,
): ValueOptimizer {
  const { learningRate, beta1, beta2, epsilon, weightDecay } = adamDefaults({
    name: "adam",
    ...settings,
  });
  const means = new Float64Array(parameters.length);
  const squares = new Float64Array(parameters.length);
  let step = 0;
  return {
    step() {
      step++;
      parameters.forEach((parameter, i) => {
        const { grad } = parameter;
        const mean = beta1 * means[i]! + (1 - beta1) * grad;
        const square = beta2 * squares[i]! + (1 - beta2) * grad * grad;
        [means[i], squares[i]] = [mean, square];
        // Both start at 0 and are too small at first, by exactly these factors.
        const unbiasedMean = mean / (1 - beta1 ** step);
        const unbiasedSquare = square / (1 - beta2 ** step);
        parameter.data *= 1 - learningRate * weightDecay;
        parameter.data -= learningRate * unbiasedMean / (Math.sqrt(unbiasedSquare) + epsilon);
        parameter.zeroGrad();
      });
    },
  };
}
