/**
 * The neural n-gram of Bengio et al. (2003, "A Neural Probabilistic Language Model"): the last K
 * characters become vectors, side by side they go through one hidden layer, and out come logits.
 *
 * Letters: R windows, K look-back, E embedding width, H hidden width, V vocabulary size.
 */
import type { Random } from "../../random.ts";
import { embedding, linear, type tf } from "../../tensor/mod.ts";
import { constant, normal, uniform } from "./initial.ts";
import type { NeuralModel } from "../model.ts";
import type { Vocabulary } from "../data/vocabulary.ts";
import { createWindowModel } from "./window.ts";

/** The size of an MLP over windows. */
export interface MlpConfig {
  /** How many characters it sees, K. */
  lookBack: number;
  /** Width of a character's vector, E; 4 is room enough for a few classes of characters. */
  embedding?: number;
  /** Width of the hidden layer, H; 13 brings the default grammar's model to 1,250 parameters. */
  hidden?: number;
  /** The paper has tanh; with relu a model of this size writes half as many wrong strings. */
  activation?: "tanh" | "relu";
}

/** An MLP over the last K characters with weights drawn from `rng`, to be trained. */
export function createMlp(
  { lookBack, embedding: width = 4, hidden = 13, activation = "relu" }: MlpConfig,
  { vocabulary, rng }: { vocabulary: Vocabulary; rng: Random },
): NeuralModel {
  const inside = lookBack * width;
  const characters = normal<tf.Rank.R2>([vocabulary.size, width], { rng, deviation: 1 }); // [V, E]
  const hiddenLayer = {
    weight: uniform<tf.Rank.R2>([inside, hidden], { rng, bound: 1 / Math.sqrt(inside) }), // [K·E, H]
    bias: constant<tf.Rank.R1>([hidden]),
  };
  const outputLayer = {
    weight: uniform<tf.Rank.R2>([hidden, vocabulary.size], { rng, bound: 1 / Math.sqrt(hidden) }), // [H, V]
    bias: constant<tf.Rank.R1>([vocabulary.size]),
  };
  return createWindowModel({
    name: `mlp-${lookBack}`,
    architecture: "mlp",
    vocabulary,
    contextLength: lookBack,
    config: { lookBack, embedding: width, hidden, activation },
    parameters: new Map<string, tf.Variable>([
      ["embedding", characters],
      ["hidden.weight", hiddenLayer.weight],
      ["hidden.bias", hiddenLayer.bias],
      ["output.weight", outputLayer.weight],
      ["output.bias", outputLayer.bias],
    ]),
    windowLogits: (windows, options) => {
      const vectors = embedding(characters, windows); // [R, K, E]
      options?.observe?.("embedding", vectors);
      const sideBySide = vectors.reshape<tf.Tensor2D>([windows.shape[0], inside]); // [R, K·E]
      const features = linear(sideBySide, { ...hiddenLayer, activation }); // [R, H]
      options?.observe?.("hidden", features);
      return linear(features, outputLayer); // [R, V]
    },
  });
}
