/**
 * The one interface of all language models, count tables and the grammar itself included.
 *
 * Letters: B sequences in a batch, T positions, V vocabulary size. Probabilities are natural
 * logarithms, arrays are row-major.
 */
import type { tf } from "../tensor/mod.ts";
import type { Vocabulary } from "./data/vocabulary.ts";

/** Strings as token rows of equal length: `inputs` start with the start token, `targets` are one ahead. */
export interface TokenBatch {
  /** Number of sequences, B. */
  readonly size: number;
  /** Number of positions, T. */
  readonly length: number;
  /** Fed tokens [B, T]; positions past a string's end hold the end token. */
  readonly inputs: Int32Array;
  /** Tokens to predict [B, T], −1 where nothing is to be predicted. */
  readonly targets: Int32Array;
  /** How many targets count, that is, are not −1. */
  readonly tokens: number;
}

/** Predicts token after token for a whole batch in step. */
export interface Decoder {
  /** Feeds one token a sequence [B]; resolves to ln P(next | all fed so far) [B, V], valid until the next step. */
  step(tokens: Int32Array): Promise<Float32Array>;
  /**
   * Feeds T tokens a sequence at once [B, T], row-major; resolves as {@linkcode step} does after the last of them.
   * Without it a prompt is fed step by step (see `feed`).
   */
  prefill?(tokens: Int32Array): Promise<Float32Array>;
  /** Keeps only these sequences, in this order: finished ones need no more work. */
  select(rows: Int32Array): void;
  /** Frees what the decoder holds. */
  dispose(): void;
}

/** Feeds tokens [B, T], all at once where the decoder can; resolves to what the last step would. */
export async function feed(
  decoder: Decoder,
  { tokens, size }: { tokens: Int32Array; size: number },
): Promise<Float32Array> {
  if (decoder.prefill) return await decoder.prefill(tokens);
  const length = tokens.length / size;
  for (let position = 0;; position++) {
    const fed = Int32Array.from({ length: size }, (_, row) => tokens[row * length + position]!);
    const prediction = await decoder.step(fed);
    if (position === length - 1) return prediction;
  }
}

/** P(next token | tokens so far), however it was come by. */
export interface LanguageModel {
  /** How it was come by: given from the start, counted, or learned by gradient descent. */
  readonly kind: "given" | "counted" | "neural";
  /** Name on the command line and in the report, such as `mlp-2`. */
  readonly name: string;
  /** What the token ids stand for. */
  readonly vocabulary: Vocabulary;
  /** Number of learned (or counted) numbers. */
  readonly parameterCount: number;
  /** How many of the last tokens the prediction can depend on; Infinity when recurrent. */
  readonly contextLength: number;
  /** ln P(next | tokens up to here) at every position [B, T, V]. */
  logProbabilities(
    batch: Pick<TokenBatch, "size" | "length" | "inputs">,
  ): Promise<Float32Array>;
  /** Starts B empty sequences; feed the start token first. */
  startDecoding(size: number): Decoder;
  /** Frees what the model holds; the model cannot be used afterwards. */
  dispose(): void;
}

/** Is told about values inside the forward pass: `("block0.attention", [B, H, T, T])`. */
export type Observe = (name: string, value: tf.Tensor) => void;

/** A model that learns by gradient descent. */
export interface NeuralModel extends LanguageModel {
  /** It has weights. */
  readonly kind: "neural";
  /** Which architecture this is: `mlp`, `rnn`, `gru`, `transformer`, … */
  readonly architecture: string;
  /** What rebuilds the same architecture: plain JSON. */
  readonly config: Readonly<Record<string, unknown>>;
  /** All trained tensors by checkpoint name, in a fixed order. */
  readonly parameters: ReadonlyMap<string, tf.Variable>;
  /**
   * The most positions that one forward pass can read: the context of a Transformer, Infinity for
   * recurrent models and for those that slide a window over any length.
   */
  readonly longestInput: number;
  /** Whether {@linkcode loss} computes nothing for padding, so that a batch can be one rectangle. */
  readonly ignoresPadding: boolean;
  /**
   * Unnormalised ln P(next) [B, T, V] for inputs [B, T] (int32), T at most
   * {@linkcode longestInput}. Differentiable.
   */
  logits(
    inputs: tf.Tensor2D,
    options?: ForwardOptions,
  ): tf.Tensor3D;
  /**
   * Mean of −ln P(target) over the batch's real tokens, in nats: what training minimises. The same
   * number as {@linkcode logits} gives, computed without padding where the architecture allows.
   */
  loss(batch: TokenBatch, options?: ForwardOptions): tf.Scalar;
}

/** Whether a model has weights to be trained. */
export function isNeural(model: LanguageModel): model is NeuralModel {
  return model.kind === "neural";
}

/** What a forward pass may be asked for besides its result. */
export interface ForwardOptions {
  /** Sees attention, hidden states and embeddings of this very pass. */
  observe?: Observe | undefined;
  /** Seeds dropout; without it there is none, as when predicting. */
  dropoutSeed?: number | undefined;
}

/** The rows of a row-major array, in the order asked for: what a decoder's `select` does to its tokens. */
export function selectRows(
  values: Int32Array<ArrayBuffer>,
  { rows, width }: { rows: Int32Array; width: number },
): Int32Array<ArrayBuffer> {
  const selected = new Int32Array(rows.length * width);
  rows.forEach((row, i) =>
    selected.set(values.subarray(row * width, (row + 1) * width), i * width)
  );
  return selected;
}
