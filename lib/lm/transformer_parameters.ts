/**
 * The parameters of a Transformer: their names, which are GPT-2's, their shapes and how they start.
 *
 * Weights are [inputs, outputs], as GPT-2 stores them; only the output head is [outputs, inputs].
 */
import type { Random } from "../random.ts";
import type { tf } from "../tensor/mod.ts";
import { constant, normal } from "./models/initial.ts";
import type { TransformerConfig } from "./models/transformer.ts";

/** Every parameter's shape by its name, in the order of the forward pass. */
export function transformerShapes(config: TransformerConfig): Map<string, number[]> {
  const { vocabularySize, contextLength, width, feedForward, layers, tied } = config;
  const norm = (name: string): [string, number[]][] => [
    [`${name}.weight`, [width]],
    [`${name}.bias`, [width]],
  ];
  const dense = (name: string, shape: [number, number]): [string, number[]][] => [
    [`${name}.weight`, shape],
    [`${name}.bias`, [shape[1]]],
  ];
  const block = (name: string): [string, number[]][] => [
    ...norm(`${name}.ln_1`),
    ...dense(`${name}.attn.c_attn`, [width, 3 * width]),
    ...dense(`${name}.attn.c_proj`, [width, width]),
    ...norm(`${name}.ln_2`),
    ...dense(`${name}.mlp.c_fc`, [width, feedForward]),
    ...dense(`${name}.mlp.c_proj`, [feedForward, width]),
  ];
  return new Map([
    ["transformer.wte.weight", [vocabularySize, width]],
    ["transformer.wpe.weight", [contextLength, width]],
    ...Array.from({ length: layers }, (_, layer) => block(`transformer.h.${layer}`)).flat(),
    ...norm("transformer.ln_f"),
    ...(tied ? [] : [["lm_head.weight", [vocabularySize, width]] as [string, number[]]]),
  ]);
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
  const intoStream = deviation / Math.sqrt(2 * config.layers);
  return new Map(
    Array.from(transformerShapes(config), ([name, shape]) => [name, start(name, shape)]),
  );

  function start(name: string, shape: number[]): tf.Variable {
    if (name.endsWith(".bias")) return constant(shape as [number]);
    if (/\.ln_\w+\.weight$/.test(name)) return constant(shape as [number], 1);
    return normal(shape as [number, number], {
      rng,
      deviation: name.endsWith(".c_proj.weight") ? intoStream : deviation,
    });
  }
}
