/**
 * The models whose training steps are timed, each written once over a set of operations: plain tfjs
 * ones or the fused ones. `torch_worker.py` holds the same models for PyTorch.
 *
 * Letters: B batch, T time, C width, V vocabulary, E embedding width, R = B·T rows.
 */
import type * as tensor from "../../lib/tensor/mod.ts";
import { tf } from "../../lib/tensor/mod.ts";
import { createRandom } from "../../lib/random.ts";

/** The operations that a model is made of. */
export type Operations = Pick<
  typeof tensor,
  | "causalSelfAttention"
  | "embedding"
  | "gruSequence"
  | "layerNorm"
  | "linear"
  | "rnnSequence"
  | "softmaxCrossEntropy"
>;

/** Which model, at which size: also what the PyTorch worker is sent. */
export interface ModelShape {
  kind: "gpt" | "mlp" | "rnn" | "gru";
  batch: number;
  time: number;
  vocabulary: number;
  /** C of a GPT, hidden units of the others. */
  width: number;
  /** E, of all but the GPT. */
  embedding?: number;
  heads?: number;
  layers?: number;
  /** How many characters the MLP sees. */
  lookBack?: number;
}

/** Trained tensors by name, and the logits [R, V] of tokens: [B, T], or windows [R, K] for the MLP. */
export interface TimedModel {
  parameters: Map<string, tf.Variable>;
  logits(tokens: tf.Tensor2D, operations: Operations): tf.Tensor2D;
}

/** The shape of the tokens that a model is fed. */
export function tokenShape({ kind, batch, time, lookBack = 2 }: ModelShape): [number, number] {
  return kind === "mlp" ? [batch * time, lookBack] : [batch, time];
}

/** Weights by name, drawn from one seed. */
function createWeights() {
  const random = createRandom(0, "benchmark");
  const parameters = new Map<string, tf.Variable>();
  const add = (name: string, shape: number[], value: () => number) => {
    const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, value);
    const variable = tf.tidy(() => tf.variable(tf.tensor(values, shape)));
    parameters.set(name, variable);
    return variable;
  };
  return {
    parameters,
    matrix: (name: string, rows: number, columns: number) =>
      add(name, [rows, columns], () => random.normal() * 0.1) as unknown as tf.Tensor2D,
    vector: (name: string, length: number, value = 0) =>
      add(name, [length], () => value) as unknown as tf.Tensor1D,
  };
}

type Weights = ReturnType<typeof createWeights>;

function dense(weights: Weights, name: string, [inputs, outputs]: [number, number]) {
  return {
    weight: weights.matrix(`${name}.weight`, inputs, outputs),
    bias: weights.vector(`${name}.bias`, outputs),
  };
}

function norm(weights: Weights, name: string, width: number) {
  return {
    gain: weights.vector(`${name}.gain`, width, 1),
    bias: weights.vector(`${name}.bias`, width),
  };
}

/** GPT-2's architecture with an untied head. */
function createGpt(shape: ModelShape): TimedModel {
  const { time, vocabulary, width, heads = 4, layers = 4 } = shape;
  const weights = createWeights();
  const tokenTable = weights.matrix("tokens", vocabulary, width);
  const positionTable = weights.matrix("positions", time, width);
  const blocks = Array.from({ length: layers }, (_, i) => ({
    before: norm(weights, `${i}.before`, width),
    packed: dense(weights, `${i}.packed`, [width, 3 * width]),
    mixed: dense(weights, `${i}.mixed`, [width, width]),
    between: norm(weights, `${i}.between`, width),
    expand: dense(weights, `${i}.expand`, [width, 4 * width]),
    contract: dense(weights, `${i}.contract`, [4 * width, width]),
  }));
  const last = norm(weights, "last", width);
  const head = weights.matrix("head", width, vocabulary);
  return {
    parameters: weights.parameters,
    logits: (tokens, { causalSelfAttention, embedding, layerNorm, linear }) => {
      let x = embedding(tokenTable, tokens).add(positionTable) as tf.Tensor3D; // [B, T, C]
      for (const { before, packed, mixed, between, expand, contract } of blocks) {
        const attended = causalSelfAttention(linear(layerNorm(x, before), packed), { heads });
        x = x.add(linear(attended, mixed)); // [B, T, C]
        const expanded = linear(layerNorm(x, between), { ...expand, activation: "gelu" });
        x = x.add(linear(expanded, contract)); // [B, T, C]
      }
      return linear(layerNorm(x, last), { weight: head }).reshape([-1, vocabulary]);
    },
  };
}

/** Bengio's model: the embeddings of the last characters, a tanh layer, logits. */
function createMlp(shape: ModelShape): TimedModel {
  const { batch, time, vocabulary, width, embedding: size = 4, lookBack = 2 } = shape;
  const weights = createWeights();
  const table = weights.matrix("tokens", vocabulary, size);
  const hidden = dense(weights, "hidden", [lookBack * size, width]);
  const head = dense(weights, "head", [width, vocabulary]);
  return {
    parameters: weights.parameters,
    logits: (windows, { embedding, linear }) => {
      const vectors = embedding(table, windows); // [R, K, E]
      const x = vectors.reshape([batch * time, lookBack * size]) as tf.Tensor2D; // [R, K·E]
      return linear(linear(x, { ...hidden, activation: "tanh" }), head); // [R, V]
    },
  };
}

function createRecurrent(shape: ModelShape): TimedModel {
  const { kind, batch, vocabulary, width, embedding: size = 4 } = shape;
  const gates = kind === "gru" ? 3 : 1;
  const weights = createWeights();
  const table = weights.matrix("tokens", vocabulary, size);
  const input = dense(weights, "input", [size, gates * width]);
  const recurrent = weights.matrix("recurrent", width, gates * width);
  const recurrentBias = weights.vector("recurrentBias", kind === "gru" ? gates * width : 0);
  const head = dense(weights, "head", [width, vocabulary]);
  if (kind === "rnn") weights.parameters.delete("recurrentBias");
  return {
    parameters: weights.parameters,
    logits: (tokens, { embedding, linear, rnnSequence, gruSequence }) => {
      const x = linear(embedding(table, tokens) as tf.Tensor3D, input); // [B, T, gates·C]
      const initial = tf.zeros([batch, width]) as tf.Tensor2D;
      const states = kind === "gru"
        ? gruSequence(x, { initial, recurrent, recurrentBias })
        : rnnSequence(x, { initial, recurrent }); // [B, T, C]
      return linear(states, head).reshape([-1, vocabulary]); // [R, V]
    },
  };
}

/** A model of the given kind and size, on the current backend. */
export function createTimedModel(shape: ModelShape): TimedModel {
  if (shape.kind === "gpt") return createGpt(shape);
  return shape.kind === "mlp" ? createMlp(shape) : createRecurrent(shape);
}
