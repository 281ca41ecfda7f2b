/**
 * Neural models that see only the last K characters: each prediction is a function of one window.
 *
 * Letters: B sequences, T positions, K window length, R windows, V vocabulary size.
 */
import { softmaxCrossEntropy, tf } from "../../tensor/mod.ts";
import {
  type Decoder,
  type ForwardOptions,
  type NeuralModel,
  selectRows,
  type TokenBatch,
} from "../language_model.ts";
import { type Architecture, createNeuralModel, readLogSoftmax } from "./neural.ts";

/** What a model over windows must say of itself: logits [R, V] for windows [R, K] (int32). */
export interface WindowArchitecture extends Omit<Architecture, "logits" | "loss"> {
  /** Logits [R, V] for windows [R, K]. */
  windowLogits(windows: tf.Tensor2D, options?: ForwardOptions): tf.Tensor2D;
}

/** A language model whose every prediction depends on the last `contextLength` tokens alone. */
export function createWindowModel(of: WindowArchitecture): NeuralModel {
  return createNeuralModel({
    ...of,
    longestInput: Infinity,
    ignoresPadding: true,
    logits: (inputs, options) =>
      tf.tidy(() => {
        const windows = slideWindows(inputs, of); // [B·T, K]
        const logits = of.windowLogits(windows, options); // [B·T, V]
        return logits.reshape<tf.Tensor3D>([...inputs.shape, of.vocabulary.size]);
      }),
    loss: (batch, options) => windowLoss(of, { batch, options }),
    startDecoding: (size) => createWindowDecoder(of, size),
  });
}

/** How long windows are, and which token stands before a string. */
type Windows = Pick<WindowArchitecture, "contextLength" | "vocabulary">;

/** All windows that end at a position of inputs [B, T], filled up with the start token: [B·T, K]. */
function slideWindows(
  inputs: tf.Tensor2D,
  { contextLength: length, vocabulary }: Windows,
): tf.Tensor2D {
  const [size, time] = inputs.shape;
  const padded = inputs.pad([[0, 0], [length - 1, 0]], vocabulary.start); // [B, K−1+T]
  const shifted = Array.from(
    { length },
    (_, back) => padded.slice([0, back], [size, time]).reshape([size * time]),
  );
  return tf.stack(shifted, 1) as tf.Tensor2D;
}

/** Windows are independent of each other, so those of padding are left out. */
function windowLoss(
  model: WindowArchitecture,
  { batch, options }: { batch: TokenBatch; options: ForwardOptions | undefined },
): tf.Scalar {
  const { windows, labels } = countedWindows(batch, model);
  return tf.tidy(() => {
    const rows = tf.tensor2d(windows, [batch.tokens, model.contextLength], "int32");
    return softmaxCrossEntropy(model.windowLogits(rows, options), tf.tensor1d(labels, "int32"));
  });
}

/** The windows [R, K] and labels [R] of a batch's real tokens. */
function countedWindows(
  { inputs, targets, length, tokens }: TokenBatch,
  { contextLength, vocabulary }: Windows,
): { windows: Int32Array; labels: Int32Array } {
  const windows = new Int32Array(tokens * contextLength).fill(vocabulary.start);
  const labels = new Int32Array(tokens);
  let row = 0;
  targets.forEach((target, i) => {
    if (target < 0) return;
    labels[row] = target;
    const seen = Math.min(contextLength, i % length + 1);
    for (let back = 0; back < seen; back++) {
      windows[(row + 1) * contextLength - 1 - back] = inputs[i - back]!;
    }
    row++;
  });
  return { windows, labels };
}

function createWindowDecoder(
  { contextLength: length, vocabulary, windowLogits }: WindowArchitecture,
  size: number,
): Decoder {
  let windows = new Int32Array(size * length).fill(vocabulary.start);
  return {
    step: (tokens) => {
      windows.copyWithin(0, 1);
      tokens.forEach((token, row) => windows[(row + 1) * length - 1] = token);
      return readLogSoftmax(() =>
        windowLogits(tf.tensor2d(windows.slice(), [tokens.length, length], "int32"))
      );
    },
    select: (rows) => windows = selectRows(windows, { rows, width: length }),
    dispose: () => {},
  };
}
