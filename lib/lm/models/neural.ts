/**
 * What all neural models share: from an architecture's forward pass to a {@linkcode NeuralModel}.
 *
 * Letters: B sequences, T positions, V vocabulary size.
 */
import { jupyterDisplay } from "../../plot/mod.ts";
import { softmaxCrossEntropy, tf } from "../../tensor/mod.ts";
import { chunksOf } from "../data/chunks.ts";
import { displayModel } from "./display.ts";
import { readLogSoftmax } from "../log_softmax.ts";
import { createRereadingDecoder } from "../rereading_decoder.ts";
import type { Decoder, ForwardOptions, NeuralModel, TokenBatch } from "../model.ts";
import type { Vocabulary } from "../data/vocabulary.ts";

/** What an architecture must say of itself; the rest follows. */
export interface Architecture {
  /** See `LanguageModel`. */
  readonly name: string;
  /** See `NeuralModel`. */
  readonly architecture: string;
  /** See `LanguageModel`. */
  readonly vocabulary: Vocabulary;
  /** See `LanguageModel`. */
  readonly contextLength: number;
  /** The most positions that {@linkcode logits} can read; `contextLength` where not given. */
  readonly longestInput?: number;
  /** Whether {@linkcode loss} computes nothing for padding; false where not given. */
  readonly ignoresPadding?: boolean;
  /** See `NeuralModel`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** See `NeuralModel`. */
  readonly parameters: ReadonlyMap<string, tf.Variable>;
  /** The forward pass, with gradients. */
  logits(inputs: tf.Tensor2D, options?: ForwardOptions): tf.Tensor3D;
  /** A loss that computes less than all of {@linkcode logits}, if there is one. */
  loss?: (batch: TokenBatch, options?: ForwardOptions) => tf.Scalar;
  /** A decoder that remembers; without one the whole text is read again for every token. */
  startDecoding?: (size: number) => Decoder;
}

/** No more numbers than this are computed at once when evaluating: 8 MiB. */
const VALUES_AT_ONCE = 2 ** 21;

/** A language model of an architecture. */
export function createNeuralModel(architecture: Architecture): NeuralModel {
  const { parameters, contextLength } = architecture;
  const of = { longestInput: contextLength, ignoresPadding: false, ...architecture };
  const model: NeuralModel = {
    ...of,
    parameterCount: [...parameters.values()].reduce((sum, { size }) => sum + size, 0),
    loss: of.loss ?? ((batch, options) => lossOfAllPositions(of, { batch, options })),
    logProbabilities: (batch) => logProbabilities(of, batch),
    startDecoding: of.startDecoding ?? ((size) => createRereadingDecoder(of, size)),
    dispose: () => parameters.forEach((parameter) => parameter.dispose()),
  };
  return { ...model, ...{ [jupyterDisplay]: () => displayModel(model) } };
}

function lossOfAllPositions(
  model: Architecture,
  { batch, options }: { batch: TokenBatch; options: ForwardOptions | undefined },
): tf.Scalar {
  return tf.tidy(() => {
    const { size, length, targets } = batch;
    const inputs = tf.tensor2d(batch.inputs, [size, length], "int32");
    const logits = model.logits(inputs, options); // [B, T, V]
    const rows = logits.reshape<tf.Tensor2D>([size * length, model.vocabulary.size]);
    return softmaxCrossEntropy(rows, tf.tensor1d(targets, "int32"));
  });
}

async function logProbabilities(
  model: Pick<NeuralModel, "logits" | "longestInput" | "vocabulary">,
  { size, length, inputs }: Pick<TokenBatch, "size" | "length" | "inputs">,
): Promise<Float32Array> {
  const classes = model.vocabulary.size;
  const result = new Float32Array(size * length * classes);
  for (const { start, from, end } of chunksOf(length, model.longestInput)) {
    const width = end - start;
    const rowsAtOnce = Math.max(1, Math.floor(VALUES_AT_ONCE / (width * classes)));
    for (let first = 0; first < size; first += rowsAtOnce) {
      const rows = Math.min(rowsAtOnce, size - first);
      const block = columns(inputs.subarray(first * length, (first + rows) * length), {
        length,
        start,
        end,
      });
      const values = await readLogSoftmax(() =>
        model.logits(tf.tensor2d(block, [rows, width], "int32"))
      );
      for (let row = 0; row < rows; row++) {
        const read = (row * width + from - start) * classes;
        const write = ((first + row) * length + from) * classes;
        result.set(values.subarray(read, read + (end - from) * classes), write);
      }
    }
  }
  return result;
}

function columns(
  rows: Int32Array,
  { length, start, end }: { length: number; start: number; end: number },
): Int32Array {
  if (start === 0 && end === length) return rows;
  const width = end - start;
  const cut = new Int32Array((rows.length / length) * width);
  for (let row = 0; row * length < rows.length; row++) {
    cut.set(rows.subarray(row * length + start, row * length + end), row * width);
  }
  return cut;
}
