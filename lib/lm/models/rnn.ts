/**
 * The recurrent network of Elman (1990, "Finding Structure in Time"): a hidden state is carried along
 * the text, each character renews it, and from it the next character is predicted.
 *
 * Letters: B sequences, T positions, E embedding width, H hidden width, V vocabulary size.
 */
import type { Random } from "../../random.ts";
import { embedding, linear, rnnSequence, type tf } from "../../tensor/mod.ts";
import type { Vocabulary } from "../data/vocabulary.ts";
import type { NeuralModel } from "../language_model.ts";
import { initialParameters, linearShapes, namedParameters, type Shapes } from "./parameters.ts";
import { createRecurrentModel } from "./recurrent.ts";

/** The size of an RNN. */
export interface RnnConfig {
  /** Width of a character's vector, E; 4 is room enough for a few classes of characters. */
  embedding?: number;
  /** Width of the state, H; 12 brings the default grammar's model to 1,275 parameters. */
  hidden?: number;
}

/** All sizes, those that were left out as well. */
function completed(config: RnnConfig): Required<RnnConfig> {
  return { embedding: 4, hidden: 12, ...config };
}

/** Shapes of its parameters. */
export function rnnShapes(config: RnnConfig, vocabularySize: number): Shapes {
  const { embedding, hidden } = completed(config);
  return new Map([
    ["embedding", [vocabularySize, embedding]],
    ...linearShapes("input", [embedding, hidden]),
    ["recurrent.weight", [hidden, hidden]],
    ...linearShapes("output", [hidden, vocabularySize]),
  ]);
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
  given: RnnConfig,
  { vocabulary, rng }: { vocabulary: Vocabulary; rng: Random },
): NeuralModel {
  const config = completed(given);
  const parameters = initialParameters(rnnShapes(config, vocabulary.size), {
    rng,
    bound: () => 1 / Math.sqrt(config.hidden),
  });
  const { matrix, linear: layer } = namedParameters(parameters);
  const table = matrix("embedding"); // [V, E]
  const input = layer("input"); // [E, H]
  const recurrent = matrix("recurrent.weight"); // [H, H]
  const output = layer("output"); // [H, V]
  return createRecurrentModel({
    name: "rnn",
    architecture: "rnn",
    vocabulary,
    config: { ...config },
    parameters,
    stateWidth: config.hidden,
    embed: (tokens) => embedding(table, tokens), // [..., E]
    cell: (vectors, state) => rnnCell(vectors, { state, input, recurrent }), // [B, H]
    sequence: (vectors, initial) => {
      const fromCharacters = linear(vectors, input); // [B, T, H], all at once
      return rnnSequence(fromCharacters, { initial, recurrent }); // [B, T, H]
    },
    output: (states) => linear(states, output), // [..., V]
  });
}
