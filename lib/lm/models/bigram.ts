/**
 * The bigram model by gradient descent: a table of logits, one row for each last character.
 *
 * Its cross-entropy is least where each row's softmax is the relative frequencies of the
 * successors, so it learns what counting finds at once. V is the vocabulary size, R rows.
 */
import { embedding, type tf } from "../../tensor/mod.ts";
import type { Vocabulary } from "../data/vocabulary.ts";
import type { NeuralModel } from "../language_model.ts";
import { constant } from "./initializers.ts";
import type { Shapes } from "./parameters.ts";
import { createWindowModel } from "./window.ts";

/** The shape of its one parameter. */
export function bigramShapes(vocabularySize: number): Shapes {
  return new Map([["table", [vocabularySize, vocabularySize]]]);
}

/** A bigram model to be trained; it starts at uniform predictions, for there is no symmetry to break. */
export function createBigram({ vocabulary }: { vocabulary: Vocabulary }): NeuralModel {
  const table = constant<tf.Rank.R2>([vocabulary.size, vocabulary.size]); // [V, V]
  return createWindowModel({
    name: "bigram",
    architecture: "bigram",
    vocabulary,
    contextLength: 1,
    config: {},
    parameters: new Map<string, tf.Variable>([["table", table]]),
    windowLogits: (windows) => embedding(table, windows.flatten()) as tf.Tensor2D, // [R, V]
  });
}
