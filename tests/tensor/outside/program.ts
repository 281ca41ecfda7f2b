/** A classifier in `tf.layers` as somebody would write it: points inside and outside of a circle. */
import { ready, tf } from "../../../lib/tensor/mod.ts";

const backend = await ready("simd");
const points = tf.randomUniform([512, 2], -1, 1, "float32", 1) as tf.Tensor2D;
const inside = points.square().sum(1).less(0.6).toFloat().reshape([-1, 1]);
const initializer = (seed: number) => tf.initializers.glorotUniform({ seed });
const model = tf.sequential({
  layers: [
    tf.layers.dense({
      inputShape: [2],
      units: 16,
      activation: "tanh",
      kernelInitializer: initializer(1),
    }),
    tf.layers.dense({ units: 1, activation: "sigmoid", kernelInitializer: initializer(2) }),
  ],
});
model.compile({
  optimizer: tf.train.adam(0.03),
  loss: "binaryCrossentropy",
  metrics: ["accuracy"],
});
const { history } = await model.fit(points, inside, { epochs: 20, shuffle: false, verbose: 0 });
console.log(backend, history["acc"]!.at(-1));
