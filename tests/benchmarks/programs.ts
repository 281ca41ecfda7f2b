/**
 * Programs as others write them for tfjs, which know nothing of this library: `tf.layers`, plain operations
 * and tfjs's own optimizer. `torch_worker.py` holds the same models for PyTorch.
 *
 * Letters: B batch, T time, C width, H heads, D = C / H, V vocabulary.
 */
import { tf } from "../../lib/tensor/mod.ts";

/** Which program. */
export type Program = "gpt" | "dense" | "lstm" | "cnn";

/** One step of training, and what frees the program's tensors. */
export interface TrainingProgram {
  step(): Promise<void>;
  dispose(): void;
}

/** Makes a program ready on the current backend. */
export function createProgram(program: Program): TrainingProgram {
  return program === "gpt" ? plainGpt() : layers(program);
}

/** Trains a model of `tf.layers` on one batch. */
function layers(program: Exclude<Program, "gpt">): TrainingProgram {
  const { inputs, outputs, model } = MODELS[program]();
  model.compile({ optimizer: tf.train.adam(1e-3), loss: "categoricalCrossentropy" });
  const x = tf.randomNormal(inputs);
  const chosen = tf.randomUniform([inputs[0]!], 0, outputs, "int32", 1);
  const y = tf.oneHot(chosen, outputs).toFloat();
  return {
    step: async () => checkLoss(await model.trainOnBatch(x, y)),
    dispose: () => {
      model.dispose();
      tf.dispose([x, chosen, y]);
    },
  };
}

function checkLoss(loss: unknown): void {
  if (!Number.isFinite(loss)) throw new Error(`Expected a finite loss, got ${loss}`);
}

const softmax = { activation: "softmax" } as const;

const MODELS = {
  dense: () => ({
    inputs: [64, 784],
    outputs: 10,
    model: tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [784], units: 128, activation: "relu" }),
        tf.layers.dense({ units: 10, ...softmax }),
      ],
    }),
  }),
  lstm: () => ({
    inputs: [32, 32, 32],
    outputs: 10,
    model: tf.sequential({
      layers: [
        tf.layers.lstm({ inputShape: [32, 32], units: 64, recurrentActivation: "sigmoid" }),
        tf.layers.dense({ units: 10, ...softmax }),
      ],
    }),
  }),
  cnn: () => ({
    inputs: [32, 28, 28, 1],
    outputs: 10,
    model: tf.sequential({
      layers: [
        tf.layers.conv2d({
          inputShape: [28, 28, 1],
          filters: 16,
          kernelSize: 3,
          activation: "relu",
        }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.conv2d({ filters: 32, kernelSize: 3, activation: "relu" }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 10, ...softmax }),
      ],
    }),
  }),
} satisfies Record<
  string,
  () => { inputs: number[]; outputs: number; model: tf.Sequential }
>;

const [B, T, C, H, V] = [32, 32, 64, 4, 32];

/** A GPT of 4 layers in plain operations: heads are split off by one transposition of rank 5. */
function plainGpt(): TrainingProgram {
  const variables: tf.Variable[] = [];
  const variable = (shape: number[], deviation = 0.1) => {
    variables.push(tf.tidy(() => tf.variable(tf.randomNormal(shape, 0, deviation))));
    return variables.at(-1)!;
  };
  const dense = (inputs: number, outputs: number) => {
    const [weight, bias] = [variable([inputs, outputs]), variable([outputs], 0)];
    return (x: tf.Tensor) =>
      x.reshape([-1, inputs]).matMul(weight as tf.Tensor2D).add(bias)
        .reshape([...x.shape.slice(0, -1), outputs]);
  };
  const norm = () => {
    const [gain, bias] = [variable([C]), variable([C], 0)];
    return (x: tf.Tensor) => {
      const { mean, variance } = tf.moments(x, -1, true);
      return x.sub(mean).div(variance.add(1e-5).sqrt()).mul(gain).add(bias);
    };
  };
  const mask = tf.tidy(() => tf.linalg.bandPart(tf.ones([T, T]), -1, 0).sub(1).mul(1e9));
  const block = () => {
    const [before, between] = [norm(), norm()];
    const [packed, mixed, expand, contract] = [
      ...[dense(C, 3 * C), dense(C, C)],
      ...[dense(C, 4 * C), dense(4 * C, C)],
    ] as const;
    return (x: tf.Tensor) => {
      const heads = packed!(before(x)).reshape([B, T, 3, H, C / H]).transpose([2, 0, 3, 1, 4]);
      const [query, key, value] = tf.unstack(heads); // [B, H, T, D]
      const scores = tf.matMul(query!, key!, false, true).div(Math.sqrt(C / H)).add(mask);
      const attended = tf.matMul(tf.softmax(scores), value!).transpose([0, 2, 1, 3]);
      x = x.add(mixed!(attended.reshape([B, T, C])));
      return x.add(contract!(gelu(expand!(between(x)))));
    };
  };
  const [tokenEmbedding, positionEmbedding] = [variable([V, C]), variable([T, C])];
  const blocks = Array.from({ length: 4 }, block);
  const [last, head] = [norm(), dense(C, V)];
  const draw = () => tf.randomUniform([B, T], 0, V, "int32");
  const [tokens, labels] = [draw(), tf.tidy(() => tf.oneHot(draw(), V).toFloat())];
  const loss = () => {
    let x = tf.gather(tokenEmbedding, tokens as tf.Tensor2D).add(positionEmbedding);
    for (const each of blocks) x = each(x);
    return tf.losses.softmaxCrossEntropy(labels, head(last(x))) as tf.Scalar;
  };
  const optimizer = tf.train.adam(1e-3);
  return {
    step: async () => {
      const value = optimizer.minimize(loss, true, variables)!;
      checkLoss((await value.data())[0]);
      value.dispose();
    },
    dispose: () => {
      optimizer.dispose();
      tf.dispose([mask, tokens, labels, ...variables]);
    },
  };
}

/** In GPT-2's form. */
function gelu(x: tf.Tensor): tf.Tensor {
  const inner = x.add(x.pow(3).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
  return x.mul(0.5).mul(inner.tanh().add(1));
}
