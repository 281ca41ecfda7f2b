/**
 * What all neural models share: from an architecture's forward pass to a {@linkcode NeuralModel}.
 *
 * Letters: B sequences, T positions, V vocabulary size.
 */
import { embedding, softmaxCrossEntropy, tf } from "../../tensor/mod.ts";
import { chunksOf, forgottenWhenFull } from "../data/context_chunks.ts";
import { describeModel } from "./describe.ts";
import type { Decoder, ForwardOptions, NeuralModel, TokenBatch } from "../language_model.ts";
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
    kind: "neural",
    parameterCount: [...parameters.values()].reduce((sum, { size }) => sum + size, 0),
    loss: of.loss ?? ((batch, options) => lossOfAllPositions(of, { batch, options })),
    logProbabilities: (batch) => logProbabilities(of, batch),
    startDecoding: of.startDecoding ?? ((size) => createRereadingDecoder(of, size)),
    dispose: () => parameters.forEach((parameter) => parameter.dispose()),
  };
  return { ...model, ...{ toTable: () => describeModel(model) } }; // for `show` of lib/plot
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

/** ln softmax(logits) over the last axis as an array; everything computed on the way is freed. */
export async function readLogSoftmax(logits: () => tf.Tensor): Promise<Float32Array> {
  const result = tf.tidy(() => tf.logSoftmax(logits()));
  const values = await result.data<"float32">(); // `dataSync` does not exist on webgpu
  result.dispose();
  return values;
}

/**
 * Mean of −ln P(target) over the batch's real tokens, as `softmaxCrossEntropy` of all logits gives it.
 * At the size of a vocabulary the output layer is most of the work, so it sees real positions only.
 *
 * @param of.features the last features [B, T, C] of inputs [B, T]
 * @param of.output logits [R, V] of R of these features [R, C]
 */
export function lossWithoutPadding(
  batch: TokenBatch,
  of: {
    features: (inputs: tf.Tensor2D) => tf.Tensor3D;
    output: (features: tf.Tensor2D) => tf.Tensor2D;
  },
): tf.Scalar {
  const { size, length } = batch;
  const { positions, labels } = countedPositions(batch);
  return tf.tidy(() => {
    const features = of.features(tf.tensor2d(batch.inputs, [size, length], "int32")); // [B, T, C]
    const width = features.shape[2];
    const all = features.reshape<tf.Tensor2D>([size * length, width]); // [B·T, C]
    const counted = labels.length === size * length
      ? all
      : embedding(all, tf.tensor1d(positions, "int32")) as tf.Tensor2D; // [R, C]
    return softmaxCrossEntropy(of.output(counted), tf.tensor1d(labels, "int32"));
  });
}

/** Where in a batch's rows something is to be predicted, and what: both [R]. */
function countedPositions(
  { targets, tokens }: TokenBatch,
): { positions: Int32Array; labels: Int32Array } {
  const positions = new Int32Array(tokens);
  const labels = new Int32Array(tokens);
  let row = 0;
  targets.forEach((target, position) => {
    if (target < 0) return;
    positions[row] = position;
    labels[row++] = target;
  });
  return { positions, labels };
}

/**
 * Decodes by a full forward pass a token: slow, and what the decoders that remember are held to.
 * When the context is full, its older half is forgotten (see `context_chunks.ts`).
 */
export function createRereadingDecoder(
  model: Pick<NeuralModel, "logits" | "longestInput">,
  size: number,
): Decoder {
  let texts: number[][] = Array.from({ length: size }, () => []);
  return {
    step: (tokens) => {
      texts.forEach((text, row) => {
        if (text.length === model.longestInput) {
          text.splice(0, forgottenWhenFull(model.longestInput));
        }
        text.push(tokens[row]!);
      });
      return readLogSoftmax(() => lastLogits(model, texts)); // [B, V]
    },
    select: (rows) => texts = Array.from(rows, (row) => [...texts[row]!]),
    dispose: () => texts = [],
  };
}

function lastLogits(model: Pick<NeuralModel, "logits">, texts: number[][]): tf.Tensor {
  const length = texts[0]?.length ?? 0;
  const inputs = tf.tensor2d(texts.flat(), [texts.length, length], "int32");
  const logits = model.logits(inputs); // [B, T, V]
  return logits.slice([0, length - 1, 0], [-1, 1, -1]);
}
