/**
 * SGD and Adam in plain tfjs ops: each parameter is a tensor, and one line does for all its numbers
 * what a loop did. `createAdamW` of `lib/tensor` is the fast one.
 */
import { tf } from "../tensor/mod.ts";
import {
  adamDefaults,
  type AdamSettings,
  type OptimizerSettings,
  type SgdSettings,
} from "./optimizer.ts";

/** Changes the parameters against these gradients, which are in the parameters' order. */
export interface TensorOptimizer {
  /** One step from a gradient for each parameter. */
  step(gradients: readonly tf.Tensor[]): void;
  /** Frees the optimizer's tensors, not the parameters. */
  dispose(): void;
}

/** The optimizer of these settings for these parameters. */
export function tensorOptimizer(
  parameters: readonly tf.Variable[],
  settings: OptimizerSettings,
): TensorOptimizer {
  return settings.name === "sgd"
    ? tensorSgd(parameters, settings)
    : tensorAdam(parameters, settings);
}

/** Stochastic gradient descent, see {@linkcode SgdSettings}. */
export function tensorSgd(
  parameters: readonly tf.Variable[],
  { learningRate, momentum = 0 }: Omit<SgdSettings, "name">,
): TensorOptimizer {
  const velocities = momentum === 0 ? [] : zeros(parameters);
  return {
    step: (gradients) =>
      tf.tidy(() => {
        parameters.forEach((parameter, i) => {
          velocities[i]?.assign(velocities[i]!.mul(momentum).add(gradients[i]!));
          const velocity = velocities[i] ?? gradients[i]!;
          parameter.assign(parameter.sub(velocity.mul(learningRate)));
        });
      }),
    dispose: () => tf.dispose(velocities),
  };
}

/** Adam, see {@linkcode AdamSettings}. */
export function tensorAdam(
  parameters: readonly tf.Variable[],
  settings: Omit<AdamSettings, "name">,
): TensorOptimizer {
  const { learningRate, beta1, beta2, epsilon, weightDecay } = adamDefaults({
    name: "adam",
    ...settings,
  });
  const means = zeros(parameters);
  const squares = zeros(parameters);
  let step = 0;

  function update(parameter: tf.Variable, gradient: tf.Tensor, [mean, square]: tf.Variable[]) {
    mean!.assign(mean!.mul(beta1).add(gradient.mul(1 - beta1)));
    square!.assign(square!.mul(beta2).add(gradient.square().mul(1 - beta2)));
    const unbiasedMean = mean!.div(1 - beta1 ** step);
    const unbiasedSquare = square!.div(1 - beta2 ** step);
    const change = unbiasedMean.div(unbiasedSquare.sqrt().add(epsilon)).mul(learningRate);
    const shrunk = weightDecay === 0 ? parameter : parameter.mul(1 - learningRate * weightDecay);
    parameter.assign(shrunk.sub(change));
  }

  return {
    step: (gradients) => {
      step++;
      tf.tidy(() =>
        parameters.forEach((parameter, i) =>
          update(parameter, gradients[i]!, [means[i]!, squares[i]!])
        )
      );
    },
    dispose: () => tf.dispose([...means, ...squares]),
  };
}

function zeros(parameters: readonly tf.Variable[]): tf.Variable[] {
  return tf.tidy(() => parameters.map(({ shape }) => tf.variable(tf.zeros(shape), false)));
}
