/**
 * The Transformer as a language model: to be trained, or from given parameters; and how it decodes.
 *
 * When decoding, keys and values of past positions are kept, so that a new token costs one position and
 * not the whole text again. When the context is full, its older half is forgotten. Positions are
 * learned and absolute, so what stays moves to the front and is read once more; then there is room for
 * half a context.
 *
 * Letters: B sequences, T positions, C width, V vocabulary size.
 */
import type { Random } from "../../random.ts";
import { createAttentionCache, tf } from "../../tensor/mod.ts";
import { forgottenWhenFull } from "../data/context_chunks.ts";
import type { Vocabulary } from "../data/vocabulary.ts";
import { type Decoder, type NeuralModel, selectRows } from "../language_model.ts";
import { createNeuralModel, lossWithoutPadding, readLogSoftmax } from "./neural.ts";
import {
  initialTransformer,
  type TransformerConfig,
  transformerConfig,
  transformerFeatures,
  transformerHead,
  transformerLogits,
  type TransformerOptions,
} from "./transformer.ts";

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
      lossWithoutPadding(batch, {
        features: (inputs) => transformerFeatures(inputs, { ...options, parameters, config }),
        output: (features) => transformerHead(features, parameters),
      }),
    startDecoding: (size) => createTransformerDecoder({ parameters, config, size }),
  });
}

/** Decodes `size` sequences in step, equal to reading each text as a whole. */
export function createTransformerDecoder(
  { parameters, config, size }: {
    parameters: ReadonlyMap<string, tf.Tensor>;
    config: TransformerConfig;
    size: number;
  },
): Decoder {
  const { contextLength: capacity, heads, width, layers } = config;
  const caches = Array.from(
    { length: layers },
    () => createAttentionCache({ batch: size, heads, width, capacity }),
  );
  let texts = new Int32Array(size * capacity); // [B, capacity], of which `length` are in use
  let length = 0;

  /** Logits [B, V] after the tokens from `start` to `length`, those before being in the caches. */
  const read = (start: number) => {
    const rows = texts.length / capacity;
    const inputs = tf.tensor2d(texts, [rows, capacity], "int32")
      .slice([0, start], [rows, length - start]); // [B, T]
    const features = transformerFeatures(inputs, {
      parameters,
      config,
      start,
      attend: (qkv, layer) => caches[layer]!.attend(qkv),
    }); // [B, T, C]
    const last = features.slice([0, length - start - 1, 0], [rows, 1, width]); // [B, 1, C]
    return transformerHead(last.reshape([rows, width]), parameters);
  };

  return {
    step: (tokens) => {
      let start = length;
      if (length === capacity) {
        const forgotten = forgottenWhenFull(capacity);
        texts.copyWithin(0, forgotten);
        length -= forgotten;
        caches.forEach((cache) => cache.truncate(0));
        start = 0;
      }
      tokens.forEach((token, row) => texts[row * capacity + length] = token);
      length++;
      return readLogSoftmax(() => read(start)); // [B, V]
    },
    select: (rows) => {
      texts = selectRows(texts, { rows, width: capacity });
      caches.forEach((cache) => cache.select(rows));
    },
    dispose: () => caches.forEach((cache) => cache.dispose()),
  };
}
