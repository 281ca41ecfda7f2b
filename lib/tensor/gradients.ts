/** A loss together with its gradients, which is all that a training step asks of tfjs. */
import * as tf from "@tensorflow/tfjs";

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
  return tf.tidy(() => {
    const { value, grads } = tf.engine().gradients(
      () => scalar(loss()),
      [...parameters],
      undefined,
      true,
    );
    const gradients = parameters.map((parameter, i) => grads[i] ?? tf.zerosLike(parameter));
    return { value, gradients };
  });
}

function scalar(value: tf.Tensor): tf.Scalar {
  if (value.rank === 0) return value as tf.Scalar;
  throw new RangeError(`Expected the loss to be a scalar, got the shape [${value.shape}]`);
}
