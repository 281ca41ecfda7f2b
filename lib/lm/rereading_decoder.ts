/** The decoder that any architecture has: it reads the whole text again for every token. */
import { tf } from "../tensor/mod.ts";
import { forgottenWhenFull } from "./data/chunks.ts";
import type { Decoder, NeuralModel } from "./model.ts";
import { readLogSoftmax } from "./log_softmax.ts";

/**
 * Decodes by a full forward pass a token: slow, and what the decoders that remember are held to.
 * When the context is full, its older half is forgotten (see `chunks.ts`).
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
