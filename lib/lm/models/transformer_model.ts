/** The Transformer as a language model: to be trained, or from given parameters. */
import type { Random } from "../../random.ts";
import { tf } from "../../tensor/mod.ts";
import { countedLoss } from "../counted_loss.ts";
import type { NeuralModel } from "../model.ts";
import { createNeuralModel } from "./neural.ts";
import {
  type TransformerConfig,
  transformerConfig,
  transformerFeatures,
  transformerHead,
  transformerLogits,
  type TransformerOptions,
} from "./transformer.ts";
import { createTransformerDecoder } from "../transformer_decoder.ts";
import { initialTransformer } from "../transformer_parameters.ts";
import type { Vocabulary } from "../data/vocabulary.ts";

/** A Transformer with weights drawn from `rng`, to be trained. */
export function createTransformer(
  options: TransformerOptions,
  { vocabulary, rng }: { vocabulary: Vocabulary; rng: Random },
): NeuralModel {
  const config = transformerConfig({ ...options, vocabularySize: vocabulary.size });
  return transformerFrom(initialTransformer(config, rng), { config, vocabulary });
}

/** A Transformer of given parameters, named and shaped as `transformerShapes` says. */
export function transformerFrom(
  parameters: ReadonlyMap<string, tf.Variable>,
  { config, vocabulary, name = "transformer" }: {
    config: TransformerConfig;
    vocabulary: Vocabulary;
    name?: string;
  },
): NeuralModel {
  return createNeuralModel({
    name,
    architecture: "transformer",
    vocabulary,
    contextLength: config.contextLength,
    config: { ...config },
    parameters,
    logits: (inputs, options) =>
      tf.tidy(() => transformerLogits(inputs, { ...options, parameters, config })),
    loss: (batch, options) =>
      countedLoss(batch, {
        features: (inputs) => transformerFeatures(inputs, { ...options, parameters, config }),
        output: (features) => transformerHead(features, parameters),
      }),
    startDecoding: (size) => createTransformerDecoder({ parameters, config, size }),
  });
}
