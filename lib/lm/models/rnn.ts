/**
 * The recurrent network of Elman (1990, "Finding Structure in Time"): a hidden state is carried along
 * the text, each character renews it, and from it the next character is predicted.
 *
 * Letters: B sequences, T positions, E embedding width, H hidden width, V vocabulary size.
 */
import type { Random } from "../../random.ts";
import { embedding, linear, rnnSequence, type tf } from "../../tensor/mod.ts";
import { constant, normal, uniform } from "./initial.ts";
import type { NeuralModel } from "../model.ts";
import { createRecurrentModel } from "./recurrent.ts";
import type { Vocabulary } from "../data/vocabulary.ts";

/** The size of an RNN. */
export interface RnnConfig {
  /** Width of a character's vector, E; 4 is room enough for a few classes of characters. */
  embedding?: number;
  /** Width of the state, H; 12 brings the default grammar's model to 1,275 parameters. */
  hidden?: number;
}

/** How the state is renewed. */
export interface RnnWeights {
  /** What the character adds: weight [E, H], bias [H]. */
  input: { weight: tf.Tensor2D; bias: tf.Tensor1D };
  /** What the state before adds, [H, H]. */
  recurrent: tf.Tensor2D;
}

/** One step, h' = tanh(x·W + b + h·U): vectors x [B, E], state h [B, H] → [B, H]. */
export function rnnCell(
  vectors: tf.Tensor2D,
  { state, input, recurrent }: RnnWeights & { state: tf.Tensor2D },
): tf.Tensor2D {
  const fromCharacter = linear(vectors, input); // [B, H]
  const fromPast = state.matMul(recurrent); // [B, H]
  return fromCharacter.add<tf.Tensor2D>(fromPast).tanh(); // [B, H]
}

/** An RNN with weights drawn from `rng`, to be trained. */
export function createRnn(
  { embedding: width = 4, hidden = 12 }: RnnConfig,
  { vocabulary, rng }: { vocabulary: Vocabulary; rng: Random },
): NeuralModel {
  const bound = 1 / Math.sqrt(hidden);
  const characters = normal<tf.Rank.R2>([vocabulary.size, width], { rng, deviation: 1 }); // [V, E]
  const input = {
    weight: uniform<tf.Rank.R2>([width, hidden], { rng, bound }), // [E, H]
    bias: constant<tf.Rank.R1>([hidden]),
  };
  const recurrent = uniform<tf.Rank.R2>([hidden, hidden], { rng, bound }); // [H, H]
  const output = {
    weight: uniform<tf.Rank.R2>([hidden, vocabulary.size], { rng, bound }), // [H, V]
    bias: constant<tf.Rank.R1>([vocabulary.size]),
  };
  return createRecurrentModel({
    name: "rnn",
    architecture: "rnn",
    vocabulary,
    config: { embedding: width, hidden },
    parameters: new Map<string, tf.Variable>([
      ["embedding", characters],
      ["input.weight", input.weight],
      ["input.bias", input.bias],
      ["recurrent.weight", recurrent],
      ["output.weight", output.weight],
      ["output.bias", output.bias],
    ]),
    stateWidth: hidden,
    embed: (tokens) => embedding(characters, tokens), // [..., E]
    cell: (vectors, state) => rnnCell(vectors, { state, input, recurrent }), // [B, H]
    sequence: (vectors, initial) => {
      const fromCharacters = linear(vectors, input); // [B, T, H], all at once
      return rnnSequence(fromCharacters, { initial, recurrent }); // [B, T, H]
    },
    output: (states) => linear(states, output), // [..., V]
  });
}
