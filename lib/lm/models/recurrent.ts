/**
 * What the recurrent models share: a state that is carried along the text.
 *
 * Letters: B sequences, T positions, E embedding width, H state width, V vocabulary size.
 */
import { tf } from "../../tensor/mod.ts";
import type { Decoder, ForwardOptions, NeuralModel } from "../language_model.ts";
import {
  type Architecture,
  createNeuralModel,
  lossWithoutPadding,
  readLogSoftmax,
} from "./neural.ts";

/** What a recurrent model must say of itself. */
export interface RecurrentArchitecture extends Omit<Architecture, "contextLength" | "logits"> {
  /** Width of the state, H. */
  readonly stateWidth: number;
  /** Vectors [..., E] of tokens [...]. */
  embed(tokens: tf.Tensor): tf.Tensor;
  /** One step, as the formula reads: vectors [B, E], state [B, H] → state [B, H]. */
  cell(vectors: tf.Tensor2D, state: tf.Tensor2D): tf.Tensor2D;
  /**
   * The same for a whole text: vectors [B, T, E], initial state [B, H] → all states [B, T, H]. Where
   * not given, {@linkcode cell} step by step.
   */
  sequence?: (vectors: tf.Tensor3D, initial: tf.Tensor2D) => tf.Tensor3D;
  /** Logits [..., V] of states [..., H]. */
  output<T extends tf.Tensor>(states: T): T;
}

/** A language model that remembers in a state of fixed width, which is zero before the first token. */
export function createRecurrentModel(of: RecurrentArchitecture): NeuralModel {
  const read = (inputs: tf.Tensor2D, { observe }: ForwardOptions = {}) => {
    const vectors = of.embed(inputs) as tf.Tensor3D; // [B, T, E]
    observe?.("embedding", vectors);
    const initial = tf.zeros<tf.Rank.R2>([inputs.shape[0], of.stateWidth]); // [B, H]
    const states = of.sequence?.(vectors, initial) ?? unroll(of, { vectors, initial }); // [B, T, H]
    observe?.("hidden", states);
    return states;
  };
  return createNeuralModel({
    ...of,
    contextLength: Infinity,
    logits: (inputs, options) => tf.tidy(() => of.output(read(inputs, options))), // [B, T, V]
    loss: (batch, options) =>
      lossWithoutPadding(batch, {
        features: (inputs) => read(inputs, options),
        output: (features) => of.output(features),
      }),
    startDecoding: (size) => createRecurrentDecoder(of, size),
  });
}

/** One step after the other: as many small products as there are positions. */
function unroll(
  { cell }: RecurrentArchitecture,
  { vectors, initial }: { vectors: tf.Tensor3D; initial: tf.Tensor2D },
): tf.Tensor3D {
  let state = initial;
  const states = (tf.unstack(vectors, 1) as tf.Tensor2D[]).map((vector) =>
    state = cell(vector, state)
  );
  return tf.stack(states, 1) as tf.Tensor3D;
}

function createRecurrentDecoder(
  { embed, cell, output, stateWidth }: RecurrentArchitecture,
  size: number,
): Decoder {
  let state = tf.zeros<tf.Rank.R2>([size, stateWidth]); // [B, H]
  const replaceBy = (next: () => tf.Tensor2D) => {
    const old = state;
    state = tf.tidy(next);
    old.dispose();
  };
  return {
    step: (tokens) => {
      replaceBy(() => cell(embed(tf.tensor1d(tokens, "int32")) as tf.Tensor2D, state));
      return readLogSoftmax(() => output(state)); // [B, V]
    },
    select: (rows) => replaceBy(() => tf.gather(state, tf.tensor1d(rows, "int32"))),
    dispose: () => state.dispose(),
  };
}
