/** A model whose inside is known: its state is the grammar's own, written as a one-hot vector. */
import type { Grammar } from "../../../lib/grammar/mod.ts";
import { tf } from "../../../lib/tensor/mod.ts";
import type { NeuralModel } from "../../../lib/lm/language_model.ts";
import { createNeuralModel } from "../../../lib/lm/models/neural.ts";
import { createVocabulary } from "../../../lib/lm/data/vocabulary.ts";

/** The grammar as a neural model that lets observe `hidden` (one-hot states). */
export function createExactModel(grammar: Grammar): NeuralModel {
  const vocabulary = createVocabulary(grammar.alphabet);
  const count = grammar.automaton.states.length;
  return createNeuralModel({
    name: "exact",
    architecture: "exact",
    vocabulary,
    contextLength: Infinity,
    config: {},
    parameters: new Map(),
    logits: (inputs, options) => {
      const [size, length] = inputs.shape;
      const tokens = inputs.dataSync();
      const hidden = new Float32Array(size * length * count);
      const logits = new Float32Array(size * length * vocabulary.size);
      let state = grammar.start;
      tokens.forEach((token, i) => {
        state = i % length === 0
          ? grammar.start
          : grammar.next(state, vocabulary.symbol(token)) ?? grammar.start;
        hidden[i * count + state] = 1;
        const probabilities = grammar.probabilities(state);
        for (let next = 0; next < vocabulary.size; next++) {
          const probability = probabilities[(next + vocabulary.size - 1) % vocabulary.size]!;
          logits[i * vocabulary.size + next] = Math.max(-50, Math.log(probability));
        }
      });
      options?.observe?.("hidden", tf.tensor3d(hidden, [size, length, count]));
      return tf.tensor3d(logits, [size, length, vocabulary.size]);
    },
  });
}
