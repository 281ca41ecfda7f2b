/** One long text, cut into windows: how the snapshots learn from it and are measured on it. */
import { createVocabulary, type NeuralModel, type TokenBatch } from "../../../lib/lm/mod.ts";
import { collection } from "../../../lib/lm/text/mod.ts";
import type { Random } from "../../../lib/random.ts";
import { tf } from "../../../lib/tensor/mod.ts";

/** Moby Dick as character ids: nine tenths to learn, a twentieth to choose by, the last to judge. */
export function readNovel() {
  const text = collection["moby-dick.txt"]!();
  const vocabulary = createVocabulary([...new Set(text)].sort());
  const ids = vocabulary.encode(text);
  const trainEnd = Math.floor(0.9 * ids.length);
  return { vocabulary, ids, trainEnd, validEnd: Math.floor(0.95 * ids.length) };
}

/** Windows of `length` tokens that begin at these places, each to be predicted one token ahead. */
export function windowsAt(ids: Int32Array, starts: number[], length: number): TokenBatch {
  const inputs = new Int32Array(starts.length * length);
  const targets = new Int32Array(starts.length * length);
  starts.forEach((start, row) => {
    inputs.set(ids.subarray(start, start + length), row * length);
    targets.set(ids.subarray(start + 1, start + 1 + length), row * length);
  });
  return { size: starts.length, length, inputs, targets, tokens: inputs.length };
}

/** Batches of windows from anywhere in the text. */
export function randomWindows(
  ids: Int32Array,
  { batch, length, rng }: { batch: number; length: number; rng: Random },
): () => TokenBatch {
  return () => {
    const starts = Array.from({ length: batch }, () => rng.integer(ids.length - length));
    return windowsAt(ids, starts, length);
  };
}

/** Which tokens are judged, and how much each may see. */
export interface Judged {
  /** Length of the windows. */
  length: number;
  /** First token that is predicted. */
  from: number;
  /** Tokens to be predicted. */
  count: number;
  /** How far each window lies behind the one before: tokens that are not its last `stride` are not judged. */
  stride: number;
}

/**
 * Mean loss over `count` tokens in nats, 40 windows at a time. With a stride of the window's length
 * windows lie side by side, and the first token of each is predicted from one before it; with half of
 * it every judged token has at least half a window before it.
 */
export function lossOver(
  model: NeuralModel,
  ids: Int32Array,
  { length, from, count, stride }: Judged,
): number {
  const starts = Array.from(
    { length: Math.floor(count / stride) },
    (_, i) => from + i * stride - (length - stride) - 1,
  );
  let sum = 0;
  for (let at = 0; at < starts.length; at += 40) {
    const part = windowsAt(ids, starts.slice(at, at + 40), length);
    part.targets.forEach((_, i) => {
      if (i % length < length - stride) part.targets[i] = -1;
    });
    const tokens = part.size * stride;
    sum += tokens * tf.tidy(() => model.loss({ ...part, tokens }).dataSync()[0]!);
  }
  return sum / (starts.length * stride);
}
