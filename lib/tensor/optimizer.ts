/** What all optimizers share: a step from gradients, and a state that a checkpoint can hold. */
import * as tf from "@tensorflow/tfjs";

/** How many steps were taken, and the tensors that the next step depends on, by name. */
export interface OptimizerState {
  /** Updates done. */
  readonly step: number;
  /** The optimizer's own tensors, not copies: they change with the next step. */
  readonly tensors: ReadonlyMap<string, tf.Tensor>;
}

/** Changes parameters in the direction that their gradients ask for. */
export interface Optimizer {
  /** Updates every parameter; gradients are in the order of the parameters and stay the caller's. */
  step(gradients: readonly tf.Tensor[], options?: { learningRate?: number }): void;
  /** The state, to be stored; `restore` continues from it bit by bit. */
  state(): OptimizerState;
  /** Takes over a copy of a state; throws when a tensor is missing, unknown or of another shape. */
  restore(state: OptimizerState): void;
  /** Frees the optimizer's tensors, not the parameters. */
  dispose(): void;
}

/** One gradient for each parameter, in shape too, or an error that names the parameter. */
export function checkGradients(
  parameters: ReadonlyMap<string, tf.Variable>,
  gradients: readonly tf.Tensor[],
): void {
  if (gradients.length !== parameters.size) {
    throw new RangeError(`Expected ${parameters.size} gradients, got ${gradients.length}`);
  }
  let i = 0;
  for (const [name, parameter] of parameters) {
    checkShape(`the gradient of ${name}`, gradients[i++]!, parameter.shape);
  }
}

function checkShape(what: string, tensor: tf.Tensor, shape: number[]): void {
  if (tf.util.arraysEqual(tensor.shape, shape)) return;
  throw new RangeError(`Expected ${what} to have the shape [${shape}], got [${tensor.shape}]`);
}

/** A tensor of zeros in the shape of each parameter, outside every tidy. */
export function zerosFor(parameters: Iterable<tf.Variable>): tf.Variable[] {
  return tf.tidy(() =>
    Array.from(parameters, (parameter) => tf.variable(tf.zeros(parameter.shape), false))
  );
}

/** Copies tensors into variables of the same names, after checking that the names and shapes agree. */
export function restoreTensors(
  variables: ReadonlyMap<string, tf.Tensor>,
  tensors: ReadonlyMap<string, tf.Tensor>,
): void {
  const unknown = [...tensors.keys()].find((name) => !variables.has(name));
  if (unknown !== undefined) {
    throw new RangeError(`Expected the tensors of this optimizer's state, got also ${unknown}`);
  }
  for (const [name, variable] of variables) {
    const tensor = tensors.get(name);
    if (!tensor) throw new RangeError(`Expected ${name} in the optimizer's state, got none`);
    checkShape(name, tensor, variable.shape);
  }
  for (const [name, variable] of variables) assignCopy(variable as tf.Variable, tensors.get(name)!);
}

/** subtle: `assign` shares memory with its argument, and x + 0 would turn −0 into 0. */
function assignCopy(variable: tf.Variable, tensor: tf.Tensor): void {
  if (tensor === variable) return;
  const copy = tf.mul(tensor, 1);
  variable.assign(copy);
  copy.dispose();
}
