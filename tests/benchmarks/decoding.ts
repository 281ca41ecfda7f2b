/** One position through one block of a GPT, keys and values of the past being kept. */
import { createAttentionCache, tf } from "../../lib/tensor/mod.ts";
import { createRandom } from "../../lib/random.ts";
import type { Operations } from "./models.ts";
import type { DecodingStep } from "./rows.ts";

/** Prepares the step; it starts from the same past each time. */
export function decodingStep(
  { batch, width, heads, past }: DecodingStep,
  operations: Operations,
): { once: () => void; dispose: () => void } {
  const random = createRandom(0, "decoding");
  const kept: tf.Tensor[] = [];
  const tensor = (...shape: number[]) => {
    const size = shape.reduce((a, b) => a * b, 1);
    kept.push(tf.tensor(Float32Array.from({ length: size }, () => random.normal() * 0.1), shape));
    return kept.at(-1)!;
  };
  const dense = (inputs: number, outputs: number) => ({
    weight: tensor(inputs, outputs) as tf.Tensor2D,
    bias: tensor(outputs) as tf.Tensor1D,
  });
  const norm = () => ({ gain: tensor(width) as tf.Tensor1D, bias: tensor(width) as tf.Tensor1D });
  const [packed, mixed] = [dense(width, 3 * width), dense(width, width)];
  const [expand, contract] = [dense(width, 4 * width), dense(4 * width, width)];
  const [before, between] = [norm(), norm()];
  const x = tensor(batch, 1, width) as tf.Tensor3D;
  const cache = createAttentionCache({ batch, heads, width, capacity: past + 1 });
  cache.attend(tensor(batch, past, 3 * width) as tf.Tensor3D).dispose();
  const { layerNorm, linear } = operations;
  const step = () => {
    const attended = cache.attend(linear(layerNorm(x, before), packed)); // [B, 1, C]
    const y = x.add(linear(attended, mixed)) as tf.Tensor3D; // [B, 1, C]
    const expanded = linear(layerNorm(y, between), { ...expand, activation: "gelu" });
    y.add(linear(expanded, contract)); // [B, 1, C]
  };
  return {
    once: () => {
      tf.tidy(step);
      cache.truncate(past);
    },
    dispose: () => {
      cache.dispose();
      tf.dispose(kept);
    },
  };
}
