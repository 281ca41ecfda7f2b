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
  { config, vocabulary, name }: {
    config: TransformerConfig;
    vocabulary: Vocabulary;
    name?: string;
  },
): NeuralModel {
  const architecture = config.positions ? "transformer" : "transformer-nope";
  return createNeuralModel({
    name: name ?? architecture,
    architecture,
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

/** So many positions are computed at once, all sequences together: a prompt of any length takes bounded memory. */
const POSITIONS_AT_ONCE = 512;

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

  /** Features [B, T, C] of the tokens from `start` to `end`, those before being in the caches. */
  const read = (start: number, end: number) => {
    const rows = texts.length / capacity;
    const inputs = tf.tensor2d(texts, [rows, capacity], "int32")
      .slice([0, start], [rows, end - start]); // [B, T]
    return transformerFeatures(inputs, {
      parameters,
      config,
      start,
      attend: (qkv, layer) => caches[layer]!.attend(qkv),
    });
  };

  /** Logits [B, V] after all tokens, of which those before `start` are in the caches. */
  const readFrom = (start: number) => {
    const rows = texts.length / capacity;
    const most = Math.max(1, Math.floor(POSITIONS_AT_ONCE / rows));
    for (; length - start > most; start += most) {
      tf.tidy(() => void read(start, start + most)); // what is wanted of it is in the caches
    }
    const features = read(start, length); // [B, T, C]
    const last = features.slice([0, length - start - 1, 0], [rows, 1, width]); // [B, 1, C]
    return transformerHead(last.reshape([rows, width]), parameters);
  };

  /** Adds tokens [B, T] and reads them, and what they leave of the context again if it overflows. */
  const prefill = (tokens: Int32Array): Promise<Float32Array> => {
    const rows = texts.length / capacity;
    const added = tokens.length / rows;
    const { start, kept, forgotten } = makeRoom({ length, added, capacity });
    const fresh = kept - Math.max(0, length - forgotten); // how many of the added tokens are kept
    texts.copyWithin(0, forgotten);
    for (let row = 0; row < rows; row++) {
      const end = (row + 1) * added;
      texts.set(tokens.subarray(end - fresh, end), row * capacity + kept - fresh);
    }
    length = kept;
    if (start === 0) caches.forEach((cache) => cache.truncate(0));
    return readLogSoftmax(() => readFrom(start)); // [B, V]
  };

  return {
    step: prefill,
    prefill,
    select: (rows) => {
      texts = selectRows(texts, { rows, width: capacity });
      caches.forEach((cache) => cache.select(rows));
    },
    dispose: () => caches.forEach((cache) => cache.dispose()),
  };
}

/**
 * What a context of `length` positions becomes when some are added, the older half being forgotten as
 * often as it is full: so many positions are forgotten, so many then kept, those from `start` on to be read.
 */
function makeRoom(
  { length, added, capacity }: { length: number; added: number; capacity: number },
): { start: number; kept: number; forgotten: number } {
  const total = length + added;
  if (total <= capacity) return { start: length, kept: total, forgotten: 0 };
  const half = forgottenWhenFull(capacity);
  const forgotten = half * Math.ceil((total - capacity) / half);
  return { start: 0, kept: total - forgotten, forgotten };
}
