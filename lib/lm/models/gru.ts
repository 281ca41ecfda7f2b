/**
 * The gated recurrent unit (Cho et al., 2014, "Learning Phrase Representations using RNN
 * Encoder–Decoder"): gates decide how much of the state is kept, so that it can last. The reset is
 * applied after the product, as in PyTorch and cuDNN.
 *
 * Letters: B sequences, T positions, E embedding width, H hidden width, V vocabulary size.
 */
import type { Random } from "../../random.ts";
import { embedding, gruSequence, linear, tf } from "../../tensor/mod.ts";
import type { Vocabulary } from "../data/vocabulary.ts";
import type { NeuralModel } from "../language_model.ts";
import { initialParameters, linearShapes, namedParameters, type Shapes } from "./parameters.ts";
import { createRecurrentModel } from "./recurrent.ts";

/** The size of a GRU. */
export interface GruConfig {
  /** Width of a character's vector, E; 4 is room enough for a few classes of characters. */
  embedding?: number;
  /** Width of the state, H; 11 brings the default grammar's model to 1,569 parameters. */
  hidden?: number;
}

/** All sizes, those that were left out as well. */
function completed(config: GruConfig): Required<GruConfig> {
  return { embedding: 4, hidden: 11, ...config };
}

/** Shapes of its parameters. */
export function gruShapes(config: GruConfig, vocabularySize: number): Shapes {
  const { embedding, hidden } = completed(config);
  return new Map([
    ["embedding", [vocabularySize, embedding]],
    ...linearShapes("input", [embedding, 3 * hidden]),
    ...linearShapes("recurrent", [hidden, 3 * hidden]),
    ...linearShapes("output", [hidden, vocabularySize]),
  ]);
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
  given: GruConfig,
  { vocabulary, rng }: { vocabulary: Vocabulary; rng: Random },
): NeuralModel {
  const config = completed(given);
  const parameters = initialParameters(gruShapes(config, vocabulary.size), {
    rng,
    bound: () => 1 / Math.sqrt(config.hidden),
  });
  const { matrix, linear: layer } = namedParameters(parameters);
  const table = matrix("embedding"); // [V, E]
  const input = layer("input"); // [E, 3H]
  const recurrent = layer("recurrent"); // [H, 3H]
  const output = layer("output"); // [H, V]
  return createRecurrentModel({
    name: "gru",
    architecture: "gru",
    vocabulary,
    config: { ...config },
    parameters,
    stateWidth: config.hidden,
    embed: (tokens) => embedding(table, tokens), // [..., E]
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
