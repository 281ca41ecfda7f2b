/** tfjs, on a backend that is fast in Deno, and the fused operations that the models use. */
export * as tf from "@tensorflow/tfjs";
export { type BackendName, ready } from "./backend.ts";
export {
  type Activation,
  causalSelfAttention,
  embedding,
  gelu,
  gruSequence,
  layerNorm,
  linear,
  rnnSequence,
  softmaxCrossEntropy,
} from "./reference.ts";
export { type AttentionCache, createAttentionCache } from "./attention_cache.ts";
export { dropout } from "./dropout.ts";
export { valueAndGradients } from "./gradients.ts";
export { type Optimizer, type OptimizerState } from "./optimizer.ts";
export { type AdamWOptions, createAdamW } from "./optimizer_adamw.ts";
export { createSgd, type SgdOptions } from "./optimizer_sgd.ts";
