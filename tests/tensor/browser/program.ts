/** Trains a little and prints the losses: what the test bundles for a browser. */
import {
  createAdamW,
  gruSequence,
  linear,
  ready,
  tf,
  valueAndGradients,
} from "../../../lib/tensor/mod.ts";

/** The losses of five steps of a gated recurrent unit. */
export async function train(): Promise<string> {
  await ready();
  const weight = (shape: [number, number], seed: number) =>
    tf.variable(tf.randomNormal(shape, 0, 0.5, "float32", seed) as tf.Tensor2D);
  const [input, recurrent, head] = [weight([3, 24], 1), weight([8, 24], 2), weight([8, 2], 3)];
  const recurrentBias = tf.variable(tf.zeros([24]) as tf.Tensor1D);
  const parameters = new Map(Object.entries({ input, recurrent, recurrentBias, head }));
  const optimizer = createAdamW(parameters, { learningRate: 0.05 });
  const x = tf.randomNormal([4, 5, 3], 0, 1, "float32", 4) as tf.Tensor3D;
  const loss = () => {
    const initial = tf.zeros([4, 8]) as tf.Tensor2D;
    const states = gruSequence(linear(x, { weight: input }), { initial, recurrent, recurrentBias });
    return linear(states, { weight: head, activation: "tanh" }).sub(1).square().mean() as tf.Scalar;
  };
  const losses = Array.from({ length: 5 }, () => {
    const { value, gradients } = valueAndGradients(loss, [...parameters.values()]);
    optimizer.step(gradients);
    return value.dataSync()[0];
  });
  return `${tf.getBackend()} ${losses.join(" ")}`;
}

train().then(console.log);
