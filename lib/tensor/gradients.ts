/**
 * A loss together with its gradients, which is all that a training step asks of tfjs.
 *
 * tfjs records the operations on its tape; going back over it is done here. It takes half the time of
 * `tf.variableGrads`, and each gradient is freed as soon as it has been passed on.
 */
import * as tf from "@tensorflow/tfjs";
import { engine, type TapeNode } from "./ops/engine.ts";

/**
 * The loss and its gradient with respect to each parameter, in the order of `parameters`; a
 * parameter that the loss does not use gets zeros. Everything else made on the way is freed. Nothing
 * is read back, so it also works where reading is slow or asynchronous.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ready, tf, valueAndGradients } from "./mod.ts";
 *
 * await ready("cpu");
 * const x = tf.variable(tf.scalar(3));
 * const { value, gradients } = valueAndGradients(() => x.square() as tf.Scalar, [x]);
 * assertEquals([value.dataSync()[0], gradients[0]!.dataSync()[0]], [9, 6]);
 * ```
 */
export function valueAndGradients(
  loss: () => tf.Scalar,
  parameters: readonly tf.Variable[],
): { value: tf.Scalar; gradients: tf.Tensor[] } {
  if (engine().state.gradientDepth > 0) {
    throw new Error("Expected valueAndGradients() outside of other gradients, got it inside");
  }
  return tf.tidy(() => {
    const { value, tape } = record(loss);
    try {
      const byTensor = backpropagate(value, { tape, parameters });
      const gradients = parameters.map((parameter) =>
        byTensor.get(parameter.id) ?? tf.zerosLike(parameter)
      );
      return { value, gradients };
    } finally {
      for (const { saved } of tape) tf.dispose(saved);
    }
  });
}

/** Runs the forward pass, of which only the loss and what gradients need remains. */
function record(loss: () => tf.Scalar): { value: tf.Scalar; tape: TapeNode[] } {
  engine().startTape();
  const tape = engine().state.activeTape!;
  try {
    const value = tf.tidy(loss);
    if (value.rank !== 0) {
      throw new RangeError(`Expected the loss to be a scalar, got the shape [${value.shape}]`);
    }
    return { value, tape };
  } catch (error) {
    for (const { saved } of tape) tf.dispose(saved);
    throw error;
  } finally {
    engine().endTape();
    engine().state.activeTape = null;
  }
}

/** Goes back over the tape; the gradients that are left are those by the parameters. */
function backpropagate(
  value: tf.Scalar,
  { tape, parameters }: { tape: TapeNode[]; parameters: readonly tf.Variable[] },
): Map<number, tf.Tensor> {
  const dependent = new Set(parameters.map(({ id }) => id));
  const path = tape.filter((node) => dependsOn(node, dependent));
  const gradients = new Map<number, tf.Tensor>([[value.id, tf.onesLike(value)]]);
  for (const node of path.reverse()) {
    const dys = node.outputs.map(({ id }) => gradients.get(id) ?? null);
    if (dys.every((dy) => dy === null)) continue;
    passOn(node, { dys, gradients, dependent });
    node.outputs.forEach(({ id }) => gradients.delete(id));
    tf.dispose(dys.filter((dy) => dy !== null));
    tf.dispose(node.saved);
    node.saved = [];
  }
  return gradients;
}

/** Whether a node has an input that depends on a parameter; then so do its outputs. */
function dependsOn({ inputs, outputs }: TapeNode, dependent: Set<number>): boolean {
  for (const name in inputs) {
    if (!dependent.has(inputs[name]!.id)) continue;
    for (const { id } of outputs) dependent.add(id);
    return true;
  }
  return false;
}

/** Adds to the gradients by a node's inputs what those by its outputs contribute. */
function passOn(
  node: TapeNode,
  { dys, gradients, dependent }: {
    dys: (tf.Tensor | null)[];
    gradients: Map<number, tf.Tensor>;
    dependent: ReadonlySet<number>;
  },
): void {
  if (!node.gradient) {
    throw new Error(`Expected ${node.kernelName} to have a gradient, it has none`);
  }
  tf.tidy(() => {
    const byInput = node.gradient!(dys);
    const passed: tf.Tensor[] = [];
    for (const name in node.inputs) {
      const input = node.inputs[name]!;
      if (!dependent.has(input.id)) continue;
      let gradient = byInput[name]!();
      if (!tf.util.arraysEqual(gradient.shape, input.shape)) {
        throw new Error(
          `Expected a gradient of shape [${input.shape}] by ${name} of ${node.kernelName}, ` +
            `got [${gradient.shape}]`,
        );
      }
      const others = gradients.get(input.id);
      // what comes from elsewhere will be freed by its owner
      if (others) gradient = tf.add(others, gradient);
      else if ([...dys, ...node.saved, ...passed].includes(gradient)) gradient = gradient.clone();
      others?.dispose();
      gradients.set(input.id, gradient);
      passed.push(gradient);
    }
    return passed;
  });
}
