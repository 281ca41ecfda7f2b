/**
 * The Transformer as in GPT-2 (Vaswani et al., 2017, "Attention Is All You Need"; Radford et al.,
 * 2019, "Language Models are Unsupervised Multitask Learners"): every position holds a vector, the
 * residual stream, to which each block adds what attention finds by looking back and what an MLP makes
 * of it.
 *
 * From top to bottom: its sizes, its parameters and how they start, its forward pass. Parameters have
 * the names and shapes of GPT-2's, so that checkpoints can be exchanged: weights are [inputs, outputs],
 * only the output head is [outputs, inputs]. Unlike there no dropout falls on the attention weights.
 *
 * Letters: B sequences, T positions, C width, F feed-forward width, V vocabulary size, H heads.
 */
import type { Random } from "../../random.ts";
import {
  type Activation,
  causalSelfAttention,
  dropout,
  embedding,
  layerNorm,
  linear,
  tf,
} from "../../tensor/mod.ts";
import type { ForwardOptions } from "../language_model.ts";
import { constant, normal } from "./initializers.ts";
import { linearShapes, namedParameters, type Shapes } from "./parameters.ts";

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
  /** How many blocks of attention and MLP there are. */
  layers: number;
  /** Width inside the MLP of a block, F. */
  feedForward: number;
  /** What makes the MLP more than a linear map. */
  activation: Activation;
  /** Whether the output head is the token embedding, transposed. */
  tied: boolean;
  /** Share of values that are dropped while training. */
  dropout: number;
  /**
   * Whether each position has a learned vector of its own. Without them (NoPE: Kazemnejad et al., 2023,
   * "The Impact of Positional Encoding on Length Generalization in Transformers") order shows only in
   * how much each position can look back at.
   */
  positions: boolean;
}

/** Sizes of a Transformer to be made; the vocabulary says the rest. */
export type TransformerOptions = Partial<Omit<TransformerConfig, "vocabularySize">>;

/**
 * All sizes of a Transformer, each default with its reason.
 *
 * @throws RangeError when the heads do not share the width evenly
 */
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
    positions: true, // as in GPT-2
    ...options,
    width,
  };
  if (config.width % config.heads === 0) return config;
  throw new RangeError(
    `Expected a width that ${config.heads} heads share evenly, got ${config.width}`,
  );
}

/** Every parameter's shape by its name, in the order of the forward pass. */
export function transformerShapes(config: TransformerConfig): Shapes {
  const { vocabularySize, contextLength, width, feedForward, layers, tied, positions } = config;
  const norm = (name: string): [string, readonly number[]][] => [
    [`${name}.weight`, [width]],
    [`${name}.bias`, [width]],
  ];
  const block = (name: string) => [
    ...norm(`${name}.ln_1`),
    ...linearShapes(`${name}.attn.c_attn`, [width, 3 * width]),
    ...linearShapes(`${name}.attn.c_proj`, [width, width]),
    ...norm(`${name}.ln_2`),
    ...linearShapes(`${name}.mlp.c_fc`, [width, feedForward]),
    ...linearShapes(`${name}.mlp.c_proj`, [feedForward, width]),
  ];
  const shapes = new Map<string, readonly number[]>([
    ["transformer.wte.weight", [vocabularySize, width]],
    ...positions ? [["transformer.wpe.weight", [contextLength, width]] as const] : [],
    ...Array.from({ length: layers }, (_, layer) => block(`transformer.h.${layer}`)).flat(),
    ...norm("transformer.ln_f"),
  ]);
  if (!tied) shapes.set("lm_head.weight", [vocabularySize, width]);
  return shapes;
}

/**
 * Parameters to start from: normal weights, norms that only normalise, zero biases.
 *
 * GPT-2's deviation of 0.02 is √(1/(3·768)), at its width of 768; narrower models start wider. The
 * projections into the residual stream are smaller by √(2·layers), for so many add up in it.
 */
export function initialTransformer(
  config: TransformerConfig,
  rng: Random,
): Map<string, tf.Variable> {
  const deviation = 1 / Math.sqrt(3 * config.width);
  const intoResidual = deviation / Math.sqrt(2 * config.layers);
  const start = (name: string, shape: readonly number[]): tf.Variable => {
    if (name.endsWith(".bias")) return constant(shape as [number]);
    if (/\.ln_\w+\.weight$/.test(name)) return constant(shape as [number], 1);
    return normal(shape as [number, number], {
      rng,
      deviation: name.endsWith(".c_proj.weight") ? intoResidual : deviation,
    });
  };
  return new Map(
    Array.from(transformerShapes(config), ([name, shape]) => [name, start(name, shape)]),
  );
}

/** How {@linkcode transformerFeatures} is to read. */
export interface TransformerReading extends ForwardOptions {
  /** All weights by name, as {@linkcode transformerShapes} lists them. */
  parameters: ReadonlyMap<string, tf.Tensor>;
  /** Its sizes. */
  config: TransformerConfig;
  /** Position of the first input; 0 unless earlier ones are in a cache. */
  start?: number;
  /** Attention of one layer, packed query, key, value [B, T, 3C] → [B, T, C]; causal by default. */
  attend?: (qkv: tf.Tensor3D, layer: number) => tf.Tensor3D;
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

/** What the last block leaves at every position, normalised: inputs [B, T] (int32) → [B, T, C]. */
export function transformerFeatures(
  inputs: tf.Tensor2D,
  reading: TransformerReading,
): tf.Tensor3D {
  const { parameters, config, start = 0, observe } = reading;
  const { matrix, norm } = namedParameters(parameters);
  const drop = createDropout(reading);
  let embedded = embedding(matrix("transformer.wte.weight"), inputs) as tf.Tensor3D; // [B, T, C]
  if (config.positions) {
    const positionEmbedding = matrix("transformer.wpe.weight")
      .slice([start, 0], [inputs.shape[1], config.width]); // [T, C]
    embedded = embedded.add(positionEmbedding); // [B, T, C]
  }
  let residual: tf.Tensor3D = drop(embedded); // [B, T, C]
  observe?.("embedding", residual);
  for (let layer = 0; layer < config.layers; layer++) {
    const block = `transformer.h.${layer}`;
    residual = adding(residual, (x) => {
      const attention = selfAttention(layerNorm(x, norm(`${block}.ln_1`)), { layer, reading });
      return drop(attention); // [B, T, C]
    });
    residual = adding(residual, (x) => {
      const mlp = feedForward(layerNorm(x, norm(`${block}.ln_2`)), { layer, reading });
      return drop(mlp); // [B, T, C]
    });
    observe?.(`block${layer}`, residual);
  }
  return layerNorm(residual, norm("transformer.ln_f")); // [B, T, C]
}

/** The residual stream with what a part of a block adds to it; all before it is freed at once. */
function adding(
  residual: tf.Tensor3D,
  part: (residual: tf.Tensor3D) => tf.Tensor3D,
): tf.Tensor3D {
  const sum = tf.tidy(() => residual.add<tf.Tensor3D>(part(residual)));
  residual.dispose(); // subtle: gradients keep references of their own to what they need
  return sum;
}

/** Which block of which forward pass. */
interface InBlock {
  layer: number;
  reading: TransformerReading;
}

/** Each position takes from those up to itself what it looks for: [B, T, C] → [B, T, C]. */
function selfAttention(
  normed: tf.Tensor3D,
  { layer, reading: { parameters, config: { heads }, observe, attend } }: InBlock,
): tf.Tensor3D {
  const { linear: weights } = namedParameters(parameters);
  const qkv = linear(normed, weights(`transformer.h.${layer}.attn.c_attn`)); // [B, T, 3C]
  const mixed = attend ? attend(qkv, layer) : causalSelfAttention(qkv, {
    heads,
    observe: observe && ((weights) => observe(`block${layer}.attention`, weights)), // [B, H, T, T]
  }); // [B, T, C]
  return linear(mixed, weights(`transformer.h.${layer}.attn.c_proj`)); // [B, T, C]
}

/** The MLP of a block, on each position by itself: [B, T, C] → [B, T, C]. */
function feedForward(
  normed: tf.Tensor3D,
  { layer, reading: { parameters, config: { activation }, observe } }: InBlock,
): tf.Tensor3D {
  const { linear: weights } = namedParameters(parameters);
  const up = weights(`transformer.h.${layer}.mlp.c_fc`);
  const hidden = linear(normed, { ...up, activation }); // [B, T, F]
  observe?.(`block${layer}.mlp`, hidden);
  return linear(hidden, weights(`transformer.h.${layer}.mlp.c_proj`)); // [B, T, C]
}

/** Logits from features, by the head or, where it is tied, the token embedding: [R, C] → [R, V]. */
export function transformerHead(
  features: tf.Tensor2D,
  parameters: ReadonlyMap<string, tf.Tensor>,
): tf.Tensor2D {
  const { matrix } = namedParameters(parameters);
  const tied = !parameters.has("lm_head.weight");
  const head = matrix(tied ? "transformer.wte.weight" : "lm_head.weight"); // [V, C]
  return tf.matMul(features, head, false, true); // [R, V]
}

/** Dropout where GPT-2 has it, each time it is called in a pass with a seed of its own. */
function createDropout({ config, dropoutSeed }: TransformerReading) {
  const calls = 1 + 2 * config.layers;
  let call = 0;
  return (x: tf.Tensor3D): tf.Tensor3D =>
    dropoutSeed === undefined
      ? x
      : dropout(x, { rate: config.dropout, seed: dropoutSeed * calls + call++ });
}
