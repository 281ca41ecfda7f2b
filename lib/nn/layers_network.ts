/** The third stack: `tf.layers` and tfjs's own optimizers. Nothing of ours is left but the wiring. */
import { tf } from "../tensor/mod.ts";
import { checkNetwork, countRows, type Network, type NetworkOptions } from "./network.ts";
import { adamDefaults, type OptimizerSettings } from "./optimizer.ts";
import { tensorData } from "./tensor_data.ts";
import type { LayerWeights, Weights } from "./weights.ts";

/**
 * tfjs's own optimizer of these settings.
 *
 * tfjs's Adam differs in two things from the paper's and PyTorch's. Its epsilon is 1e-7 by default
 * (the smallest that every device holds), so it is given ours; it is added in the same place, after
 * the root of the corrected square. And it keeps β₁ᵗ and β₂ᵗ in float32, where 1 − 0.999 is too small
 * by 1.3e-5 of itself: its steps are shorter by up to 6e-6 of themselves.
 */
export function frameworkOptimizer(settings: OptimizerSettings): tf.Optimizer {
  if (settings.name === "sgd") {
    const { learningRate, momentum = 0 } = settings;
    return momentum === 0 ? tf.train.sgd(learningRate) : tf.train.momentum(learningRate, momentum);
  }
  const { learningRate, beta1, beta2, epsilon, weightDecay } = adamDefaults(settings);
  if (weightDecay !== 0) {
    throw new RangeError(
      `Expected no weight decay for the layers stack, since tfjs's Adam has none, got ${weightDecay}`,
    );
  }
  return tf.train.adam(learningRate, beta1, beta2, epsilon);
}

/** The perceptron as a sequence of dense layers. */
export function layersMlp(weights: Weights): tf.Sequential {
  const model = tf.sequential();
  weights.forEach(({ inputs, outputs, weight, bias }, index) => {
    const activation = index < weights.length - 1 ? "relu" : "linear";
    model.add(tf.layers.dense({ units: outputs, inputShape: [inputs], activation }));
    tf.tidy(() =>
      model.layers[index]!.setWeights([
        tf.tensor2d(weight.slice(), [inputs, outputs]),
        tf.tensor1d(bias.slice()),
      ])
    );
  });
  return model;
}

/** A network of `tf.layers`. */
export function createLayersNetwork(options: NetworkOptions): Network {
  checkNetwork(options);
  const optimizer = frameworkOptimizer(options.optimizer);
  const model = layersMlp(options.weights);
  model.compile({ optimizer, loss: "meanSquaredError" });
  const data = tensorData(options.data);
  return {
    stack: "layers",
    async train(batches) {
      const losses: number[] = [];
      await data.forEachBatch(batches, async (x, y) => {
        losses.push(await model.trainOnBatch(x, y) as number); // quicker than fit() by a third
      });
      return losses;
    },
    async predict(inputs) {
      const rows = countRows(inputs, options.weights);
      const outputs = tf.tidy(() =>
        model.predictOnBatch(tf.tensor2d(inputs, [rows, inputs.length / rows])) as tf.Tensor
      );
      const values = await outputs.data<"float32">();
      outputs.dispose();
      return values;
    },
    weights: () => Promise.all(model.layers.map(readWeights)),
    dispose() {
      optimizer.dispose();
      model.dispose();
      data.dispose();
    },
  };
}

async function readWeights(layer: tf.layers.Layer): Promise<LayerWeights> {
  const [weight, bias] = layer.getWeights();
  const [inputs, outputs] = weight!.shape as [number, number];
  const read = await Promise.all([weight!, bias!].map((tensor) => tensor.data<"float32">()));
  return { inputs, outputs, weight: read[0]!.slice(), bias: read[1]!.slice() };
}
