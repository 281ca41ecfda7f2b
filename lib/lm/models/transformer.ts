/**
 * The Transformer as in GPT-2 (Vaswani et al., 2017, "Attention Is All You Need"; Radford et al.,
 * 2019, "Language Models are Unsupervised Multitask Learners"): every position holds a vector, the
 * residual stream, to which blocks add what they find by looking back and by thinking it over.
 *
 * Parameters have the names and shapes of GPT-2's, so that checkpoints can be exchanged. Unlike there
 * no dropout falls on the attention weights.
 *
 * Letters: B sequences, T positions, C width, F feed-forward width, V vocabulary size, H heads.
 */
import {
  type Activation,
  causalSelfAttention,
  dropout,
  embedding,
  layerNorm,
  linear,
  tf,
} from "../../tensor/mod.ts";
import type { ForwardOptions } from "../model.ts";

/** The shape of a Transformer. */
export interface TransformerConfig {
  /** Number of token ids, V. */
  vocabularySize: number;
  /** Most positions that it sees at once. */
  contextLength: number;
  /** Width of the residual stream, C; a multiple of `heads`. */
  width: number;
  /** How many things each position can look for at once, H. */
  heads: number;
  /** How often it looks back and thinks. */
  layers: number;
  /** Width inside a feed-forward layer, F. */
  feedForward: number;
  /** What makes the feed-forward layer more than a linear map. */
  activation: Activation;
  /** Whether characters are recognised by the same vectors as they are written with. */
  tied: boolean;
  /** Share of values that are dropped while training. */
  dropout: number;
}

/** How {@linkcode transformerFeatures} is to read. */
export interface TransformerReading extends ForwardOptions {
  /** All weights by name, as `transformerShapes` lists them. */
  parameters: ReadonlyMap<string, tf.Tensor>;
  /** Its sizes. */
  config: TransformerConfig;
  /** Position of the first input; 0 unless earlier ones are in a cache. */
  start?: number;
  /** Attention of one layer, packed query, key, value [B, T, 3C] → [B, T, C]; causal by default. */
  attend?: (qkv: tf.Tensor3D, layer: number) => tf.Tensor3D;
}

/** What the last block leaves at every position, normalised: inputs [B, T] (int32) → [B, T, C]. */
export function transformerFeatures(
  inputs: tf.Tensor2D,
  reading: TransformerReading,
): tf.Tensor3D {
  const { parameters, config, start = 0, observe } = reading;
  const { matrix, norm } = weightsOf(parameters);
  const drop = dropping(reading);
  const characters = embedding(matrix("wte"), inputs) as tf.Tensor3D; // [B, T, C]
  const places = matrix("wpe").slice([start, 0], [inputs.shape[1], config.width]); // [T, C]
  let stream: tf.Tensor3D = drop(characters.add(places)); // [B, T, C]
  observe?.("embedding", stream);
  for (let layer = 0; layer < config.layers; layer++) {
    const attended = selfAttention(layerNorm(stream, norm(`h.${layer}.ln_1`)), { layer, reading });
    stream = stream.add(drop(attended)); // [B, T, C]
    const thought = feedForward(layerNorm(stream, norm(`h.${layer}.ln_2`)), { layer, reading });
    stream = stream.add(drop(thought)); // [B, T, C]
    observe?.(`block${layer}`, stream);
  }
  return layerNorm(stream, norm("ln_f")); // [B, T, C]
}

/** Each position takes from those up to itself what it looks for: [B, T, C] → [B, T, C]. */
function selfAttention(
  stream: tf.Tensor3D,
  { layer, reading: { parameters, config: { heads }, observe, attend } }: InLayer,
): tf.Tensor3D {
  const { dense } = weightsOf(parameters);
  const qkv = linear(stream, dense(`h.${layer}.attn.c_attn`)); // [B, T, 3C]
  const mixed = attend ? attend(qkv, layer) : causalSelfAttention(qkv, {
    heads,
    observe: observe && ((weights) => observe(`block${layer}.attention`, weights)), // [B, H, T, T]
  }); // [B, T, C]
  return linear(mixed, dense(`h.${layer}.attn.c_proj`)); // [B, T, C]
}

/** Each position thinks over what it has: [B, T, C] → [B, T, C]. */
function feedForward(
  stream: tf.Tensor3D,
  { layer, reading: { parameters, config: { activation }, observe } }: InLayer,
): tf.Tensor3D {
  const { dense } = weightsOf(parameters);
  const wide = linear(stream, { ...dense(`h.${layer}.mlp.c_fc`), activation }); // [B, T, F]
  observe?.(`block${layer}.feedForward`, wide);
  return linear(wide, dense(`h.${layer}.mlp.c_proj`)); // [B, T, C]
}

interface InLayer {
  layer: number;
  reading: TransformerReading;
}

/** How well each character would come next: features [R, C] → logits [R, V]. */
export function transformerHead(
  features: tf.Tensor2D,
  parameters: ReadonlyMap<string, tf.Tensor>,
): tf.Tensor2D {
  const characters = parameters.get("lm_head.weight") ?? parameters.get("transformer.wte.weight")!; // [V, C]
  return tf.matMul(features, characters as tf.Tensor2D, false, true); // [R, V]
}

/** Logits at every position: inputs [B, T] (int32) → [B, T, V]. */
export function transformerLogits(
  inputs: tf.Tensor2D,
  reading: TransformerReading,
): tf.Tensor3D {
  const [size, length] = inputs.shape;
  const { width, vocabularySize } = reading.config;
  const features = transformerFeatures(inputs, reading); // [B, T, C]
  const rows = features.reshape<tf.Tensor2D>([size * length, width]); // [B·T, C]
  return transformerHead(rows, reading.parameters).reshape([size, length, vocabularySize]);
}

/** Looks parameters up by GPT-2's names, without `transformer.` and `.weight`. */
function weightsOf(parameters: ReadonlyMap<string, tf.Tensor>) {
  const get = (name: string) => parameters.get(`transformer.${name}`)!;
  return {
    matrix: (name: string) => get(`${name}.weight`) as tf.Tensor2D,
    dense: (name: string) => ({
      weight: get(`${name}.weight`) as tf.Tensor2D,
      bias: get(`${name}.bias`) as tf.Tensor1D,
    }),
    norm: (name: string) => ({
      gain: get(`${name}.weight`) as tf.Tensor1D,
      bias: get(`${name}.bias`) as tf.Tensor1D,
    }),
  };
}

/** Dropout where GPT-2 has it, each place with a seed of its own. */
function dropping({ config, dropoutSeed }: TransformerReading) {
  const places = 1 + 2 * config.layers;
  let place = 0;
  return (x: tf.Tensor3D): tf.Tensor3D =>
    dropoutSeed === undefined
      ? x
      : dropout(x, { rate: config.dropout, seed: dropoutSeed * places + place++ });
}

/** Sizes of a Transformer to be made; the vocabulary says the rest. */
export type TransformerOptions = Partial<Omit<TransformerConfig, "vocabularySize">>;

/** All sizes of a Transformer, each default with its reason. */
export function transformerConfig(
  options: TransformerOptions & { vocabularySize: number },
): TransformerConfig {
  const { width = 8 } = options; // narrow, for a handful of classes of characters
  const config = {
    contextLength: 32, // longer than nearly all strings of the grammars
    heads: 2, // with a single one, two seeds in five stay below 97 % on the default grammar
    layers: 1, // enough to find a character by its distance
    feedForward: 4 * width, // as in GPT-2
    activation: "gelu" as const, // as in GPT-2
    tied: true, // as in GPT-2; a head of its own would add a third to the parameters
    dropout: 0, // a model this small cannot learn its training strings by heart
    ...options,
    width,
  };
  if (config.width % config.heads === 0) return config;
  throw new RangeError(
    `Expected a width that ${config.heads} heads share evenly, got ${config.width}`,
  );
}
