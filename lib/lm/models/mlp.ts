/**
 * The neural n-gram of Bengio et al. (2003, "A Neural Probabilistic Language Model"): the last K
 * characters become vectors, side by side they go through one hidden layer, and out come logits.
 *
 * Letters: R windows, K context length, E embedding width, H hidden width, V vocabulary size.
 */
import type { Random } from "../../random.ts";
import { embedding, linear, type tf } from "../../tensor/mod.ts";
import type { Vocabulary } from "../data/vocabulary.ts";
import type { NeuralModel } from "../language_model.ts";
import { initialParameters, linearShapes, namedParameters, type Shapes } from "./parameters.ts";
import { createWindowModel } from "./window.ts";

/** The size of an MLP over windows. */
export interface MlpConfig {
  /** How many characters it sees, K: its context length. */
  lookBack: number;
  /** Width of a character's vector, E; 4 is room enough for a few classes of characters. */
  embedding?: number;
  /** Width of the hidden layer, H; 13 brings the default grammar's model to 1,250 parameters. */
  hidden?: number;
  /** The paper has tanh; with relu a model of this size writes half as many wrong strings. */
  activation?: "tanh" | "relu";
}

/** All sizes, those that were left out as well. */
function completed(config: MlpConfig): Required<MlpConfig> {
  return { embedding: 4, hidden: 13, activation: "relu", ...config };
}

/** Shapes of its parameters. */
export function mlpShapes(config: MlpConfig, vocabularySize: number): Shapes {
  const { lookBack, embedding, hidden } = completed(config);
  return new Map([
    ["embedding", [vocabularySize, embedding]],
    ...linearShapes("hidden", [lookBack * embedding, hidden]),
    ...linearShapes("output", [hidden, vocabularySize]),
  ]);
}

/** An MLP over the last K characters with weights drawn from `rng`, to be trained. */
export function createMlp(
  given: MlpConfig,
  { vocabulary, rng }: { vocabulary: Vocabulary; rng: Random },
): NeuralModel {
  const config = completed(given);
  const { lookBack, activation } = config;
  const parameters = initialParameters(mlpShapes(config, vocabulary.size), {
    rng,
    bound: (inputs) => 1 / Math.sqrt(inputs),
  });
  const { matrix, linear: layer } = namedParameters(parameters);
  const table = matrix("embedding"); // [V, E]
  const hidden = layer("hidden"); // [K·E, H]
  const output = layer("output"); // [H, V]
  return createWindowModel({
    name: `mlp-${lookBack}`,
    architecture: "mlp",
    vocabulary,
    contextLength: lookBack,
    config: { ...config },
    parameters,
    windowLogits: (windows, options) => {
      const vectors = embedding(table, windows); // [R, K, E]
      options?.observe?.("embedding", vectors);
      const sideBySide = vectors.reshape<tf.Tensor2D>([windows.shape[0], -1]); // [R, K·E]
      const features = linear(sideBySide, { ...hidden, activation }); // [R, H]
      options?.observe?.("hidden", features);
      return linear(features, output); // [R, V]
    },
  });
}
