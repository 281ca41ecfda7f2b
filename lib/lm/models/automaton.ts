/**
 * Language models that need no tensors: a state a sequence, and what each token does to it.
 *
 * Letters: B sequences, T positions, V vocabulary size.
 */
import { describeModel } from "./describe.ts";
import type { Decoder, LanguageModel, TokenBatch } from "../language_model.ts";

/** A model told as an automaton whose states are of type `S`. */
export interface AutomatonArchitecture<S>
  extends Pick<LanguageModel, "name" | "vocabulary" | "parameterCount" | "contextLength"> {
  /** The state before anything was read. */
  readonly start: S;
  /** The state after one more token; must not change its argument. */
  next(state: S, token: number): S;
  /** Writes ln P(next token | state) into a row of V numbers. */
  predict(state: S, row: Float32Array): void;
}

/** A language model that is such an automaton. */
export function createAutomatonModel<S>(of: AutomatonArchitecture<S>): LanguageModel {
  const { name, vocabulary, parameterCount, contextLength } = of;
  const model: LanguageModel = {
    kind: "given",
    name,
    vocabulary,
    parameterCount,
    contextLength,
    logProbabilities: (batch) => Promise.resolve(readAll(of, batch)),
    startDecoding: (size) => createStateDecoder(of, size),
    dispose: () => {},
  };
  return { ...model, ...{ toTable: () => describeModel(model) } }; // for `show` of lib/plot
}

function readAll<S>(
  { start, next, predict, vocabulary }: AutomatonArchitecture<S>,
  { size, length, inputs }: Pick<TokenBatch, "size" | "length" | "inputs">,
): Float32Array {
  const values = new Float32Array(size * length * vocabulary.size); // [B, T, V]
  let state = start;
  inputs.forEach((token, i) => {
    state = next(i % length === 0 ? start : state, token);
    predict(state, values.subarray(i * vocabulary.size, (i + 1) * vocabulary.size));
  });
  return values;
}

function createStateDecoder<S>(
  { start, next, predict, vocabulary }: AutomatonArchitecture<S>,
  size: number,
): Decoder {
  let states = new Array<S>(size).fill(start);
  return {
    step: (tokens) => {
      const values = new Float32Array(tokens.length * vocabulary.size); // [B, V]
      states = states.map((state, row) => next(state, tokens[row]!));
      states.forEach((state, row) =>
        predict(state, values.subarray(row * vocabulary.size, (row + 1) * vocabulary.size))
      );
      return Promise.resolve(values);
    },
    select: (rows) => states = Array.from(rows, (row) => states[row]!),
    dispose: () => states = [],
  };
}
