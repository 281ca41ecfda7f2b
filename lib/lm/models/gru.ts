/**
 * The gated recurrent unit (Cho et al., 2014, "Learning Phrase Representations using RNN
 * Encoder–Decoder"): gates decide how much of the state is kept, so that it can last. The reset is
 * applied after the product, as in PyTorch and cuDNN.
 *
 * Letters: B sequences, T positions, E embedding width, H hidden width, V vocabulary size.
 */
import type { Random } from "../../random.ts";
import { embedding, gruSequence, linear, tf } from "../../tensor/mod.ts";
import { constant, normal, uniform } from "./initial.ts";
import type { NeuralModel } from "../model.ts";
import { createRecurrentModel } from "./recurrent.ts";
import type { Vocabulary } from "../data/vocabulary.ts";

/** The size of a GRU. */
export interface GruConfig {
  /** Width of a character's vector, E; 4 is room enough for a few classes of characters. */
  embedding?: number;
  /** Width of the state, H; 11 brings the default grammar's model to 1,569 parameters. */
  hidden?: number;
}

/** How the state is renewed; the three parts stand side by side: reset, update, new. */
export interface GruWeights {
  /** What the character adds: weight [E, 3H], bias [3H]. */
  input: { weight: tf.Tensor2D; bias: tf.Tensor1D };
  /** What the state before adds: weight [H, 3H], bias [3H]. */
  recurrent: { weight: tf.Tensor2D; bias: tf.Tensor1D };
}

/**
 * One step, h' = (1 − z)∘n + z∘h, where r = σ(xʳ + hʳ) resets, z = σ(xᶻ + hᶻ) keeps and
 * n = tanh(xⁿ + r∘hⁿ) is new: vectors [B, E], state h [B, H] → [B, H].
 */
export function gruCell(
  vectors: tf.Tensor2D,
  { state, input, recurrent }: GruWeights & { state: tf.Tensor2D },
): tf.Tensor2D {
  const fromCharacter = linear(vectors, input); // [B, 3H]
  const fromPast = linear(state, recurrent); // [B, 3H]
  const [xReset, xUpdate, xNew] = fromCharacter.split(3, 1) as Three; // [B, H] each
  const [hReset, hUpdate, hNew] = fromPast.split(3, 1) as Three; // [B, H] each
  const reset = xReset.add(hReset).sigmoid(); // [B, H]
  const update = xUpdate.add(hUpdate).sigmoid(); // [B, H]
  const fresh = xNew.add(reset.mul(hNew)).tanh(); // [B, H]
  return fresh.mul(tf.sub(1, update)).add(update.mul(state)); // [B, H]
}

type Three = [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];

/** A GRU with weights drawn from `rng`, to be trained. */
export function createGru(
  { embedding: width = 4, hidden = 11 }: GruConfig,
  { vocabulary, rng }: { vocabulary: Vocabulary; rng: Random },
): NeuralModel {
  const bound = 1 / Math.sqrt(hidden);
  const characters = normal<tf.Rank.R2>([vocabulary.size, width], { rng, deviation: 1 }); // [V, E]
  const input = {
    weight: uniform<tf.Rank.R2>([width, 3 * hidden], { rng, bound }), // [E, 3H]
    bias: constant<tf.Rank.R1>([3 * hidden]),
  };
  const recurrent = {
    weight: uniform<tf.Rank.R2>([hidden, 3 * hidden], { rng, bound }), // [H, 3H]
    bias: constant<tf.Rank.R1>([3 * hidden]),
  };
  const output = {
    weight: uniform<tf.Rank.R2>([hidden, vocabulary.size], { rng, bound }), // [H, V]
    bias: constant<tf.Rank.R1>([vocabulary.size]),
  };
  return createRecurrentModel({
    name: "gru",
    architecture: "gru",
    vocabulary,
    config: { embedding: width, hidden },
    parameters: new Map<string, tf.Variable>([
      ["embedding", characters],
      ["input.weight", input.weight],
      ["input.bias", input.bias],
      ["recurrent.weight", recurrent.weight],
      ["recurrent.bias", recurrent.bias],
      ["output.weight", output.weight],
      ["output.bias", output.bias],
    ]),
    stateWidth: hidden,
    embed: (tokens) => embedding(characters, tokens), // [..., E]
    cell: (vectors, state) => gruCell(vectors, { state, input, recurrent }), // [B, H]
    sequence: (vectors, initial) => {
      const fromCharacters = linear(vectors, input); // [B, T, 3H], all at once
      return gruSequence(fromCharacters, {
        initial,
        recurrent: recurrent.weight,
        recurrentBias: recurrent.bias,
      }); // [B, T, H]
    },
    output: (states) => linear(states, output), // [..., V]
  });
}
