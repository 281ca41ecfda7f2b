/** What is timed: each row of the table is one piece of work, the same for every contestant. */
import type { ModelShape } from "./models.ts";
import type { Program } from "./programs.ts";

/** A piece of work, as plain JSON: the PyTorch worker gets it as it is. */
export type Work =
  | { kind: "train"; model: ModelShape }
  | { kind: "program"; program: Program }
  | { kind: "matmul"; form: "nn" | "tn" | "nt"; rows: number; inner: number; columns: number }
  | { kind: "elementwise"; operation: ElementWise; shape: [number, number] }
  | DecodingStep
  | { kind: "script"; script: "autograd" | "counting" }
  | { kind: "command" };

/** One position through one block of a GPT whose keys and values of `past` positions are kept. */
export interface DecodingStep {
  kind: "decode";
  batch: number;
  width: number;
  heads: number;
  past: number;
}

/** The single operations that have rows. */
export type ElementWise =
  | "add"
  | "mul"
  | "exp"
  | "tanh"
  | "gelu"
  | "sum"
  | "softmax"
  | "transpose"
  | "layerNorm";

/** One row: its name is what `--rows` takes. */
export interface Row {
  name: string;
  title: string;
  work: Work;
  /** Floating-point operations, where the rate is of interest. */
  flops?: number;
}

const small = { batch: 64, time: 24, vocabulary: 63 };

/** The GPT of the training rows: 4 layers, 4 heads, 32 positions, 32 sequences, 32 tokens. */
function gpt(width: number): Row {
  const model = { kind: "gpt", batch: 32, time: 32, vocabulary: 32, heads: 4, layers: 4 } as const;
  return {
    name: `gpt-${width}`,
    title: `GPT step, C = ${width}`,
    work: { kind: "train", model: { ...model, width } },
  };
}

function train(name: string, title: string, model: ModelShape): Row {
  return { name, title, work: { kind: "train", model } };
}

/** A program in tfjs's own words. */
function program(name: Program, title: string): Row {
  return { name: `program-${name}`, title, work: { kind: "program", program: name } };
}

/** The three products of a dense layer [1024, C] → [1024, 4C]: output, weight gradient, input gradient. */
function products(width: number): Row[] {
  const [rows, wide] = [1024, 4 * width];
  const shapes = {
    nn: { rows, inner: width, columns: wide },
    tn: { rows: width, inner: rows, columns: wide },
    nt: { rows, inner: wide, columns: width },
  };
  const titles = { nn: "x·w", tn: "xᵀ·g", nt: "g·wᵀ" };
  return (["nn", "tn", "nt"] as const).map((form) => ({
    name: `matmul-${width}-${form}`,
    title: `${titles[form]}, C = ${width}`,
    work: { kind: "matmul", form, ...shapes[form] },
    flops: 2 * rows * width * wide,
  }));
}

function elementwise(operation: ElementWise): Row {
  const shape: [number, number] = [3000, 64];
  return {
    name: operation,
    title: `${operation} [${shape.join(", ")}]`,
    work: { kind: "elementwise", operation, shape },
  };
}

/** All rows, in the order of the table. */
export const ROWS: readonly Row[] = [
  ...[16, 32, 64, 128].flatMap(products),
  ...[16, 32, 64, 128].map(gpt),
  train("text", "text Transformer step, 209,920 weights", {
    ...{ kind: "gpt", batch: 32, time: 64, vocabulary: 90, heads: 4, layers: 4, width: 64 },
  }),
  train("nanogpt", "nanoGPT's step: 4 layers, C = 128, T = 64, B = 12", {
    ...{ kind: "gpt", batch: 12, time: 64, vocabulary: 65, heads: 4, layers: 4, width: 128 },
  }),
  train("mlp", "MLP step, 1,251 weights", {
    kind: "mlp",
    ...small,
    width: 13,
    embedding: 4,
    lookBack: 2,
  }),
  train("rnn", "RNN step, 1,275 weights", { kind: "rnn", ...small, width: 12, embedding: 4 }),
  train("gru", "GRU step, 1,287 weights", { kind: "gru", ...small, width: 9, embedding: 4 }),
  train("wide-gru", "GRU step, 88 units", { kind: "gru", ...small, width: 88, embedding: 32 }),
  train("transformer-6", "Transformer step, C = 6, 1 head", {
    kind: "gpt",
    ...small,
    width: 6,
    heads: 1,
    layers: 1,
  }),
  train("transformer-8", "Transformer step, C = 8, 2 heads", {
    kind: "gpt",
    ...small,
    width: 8,
    heads: 2,
    layers: 1,
  }),
  program("gpt", "plain GPT step, C = 64, tfjs's Adam"),
  program("dense", "tf.layers: dense 784-128-10, batch 64"),
  program("lstm", "tf.layers: LSTM of 64 over 32 steps, batch 32"),
  program("cnn", "tf.layers: two convolutions on 28×28, batch 32"),
  ...(["add", "mul", "exp", "tanh", "gelu", "sum", "softmax", "transpose", "layerNorm"] as const)
    .map(elementwise),
  {
    name: "decode-768",
    title: "Decode a token, one block of GPT-2 small at 256 positions",
    work: { kind: "decode", batch: 1, width: 768, heads: 12, past: 256 },
  },
  {
    name: "decode-8",
    title: "Decode a token for 1,000 strings, one block of C = 8 at 24 positions",
    work: { kind: "decode", batch: 1000, width: 8, heads: 2, past: 24 },
  },
  {
    name: "autograd",
    title: "Scalar autograd, an epoch of 8,000 samples",
    work: { kind: "script", script: "autograd" },
  },
  {
    name: "counting",
    title: "Count the trigrams of 200,000 strings",
    work: { kind: "script", script: "counting" },
  },
  {
    name: "default-run",
    title: "milestone:lm as a whole, a job for each thread",
    work: { kind: "command" },
  },
];
