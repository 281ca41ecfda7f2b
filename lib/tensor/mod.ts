/**
 * tfjs, on a backend that is fast in Deno and in browsers, and the fused operations that the models use.
 *
 * This one door serves both: nothing that it imports needs more than a JavaScript engine with WebAssembly. What
 * only Deno has (the system's BLAS, tfjs's wasm and webgpu) is in `deno_backends.ts`, which `ready` imports when
 * it is asked for, by a path that a bundler does not follow. The kernels are text inside the code. A bundle with
 * `@tensorflow/tfjs` mapped to `browser_tfjs.ts` is half as large, without `tf.layers`.
 */
import { displayTensors } from "./display.ts";

/** tfjs itself, whole. */
export * as tf from "@tensorflow/tfjs";
export { type BackendName, ready, type ReadyOptions, unusedBlas } from "./backend.ts";
export { type Activation, gelu } from "./reference.ts";
export { causalSelfAttention } from "./ops/attention.ts";
export { softmaxCrossEntropy } from "./ops/cross_entropy.ts";
export { embedding } from "./ops/embedding.ts";
export { gruSequence } from "./ops/gru.ts";
export { layerNorm } from "./ops/layer_norm.ts";
export { linear } from "./ops/linear.ts";
export { type PackedKind, packedMatrix, type Packing } from "./ops/packed_matrix.ts";
export { rnnSequence } from "./ops/rnn.ts";
export { type AttentionCache, createAttentionCache } from "./attention_cache.ts";
export {
  batchNorm,
  type BatchNormOptions,
  createRunningStatistics,
  type RunningStatistics,
} from "./batch_norm.ts";
export { dropout } from "./dropout.ts";
export { valueAndGradients } from "./gradients.ts";
export { type Optimizer, type OptimizerState } from "./optimizer.ts";
export { type AdamWOptions, createAdamW } from "./optimizer_adamw.ts";
export { createSgd, type SgdOptions } from "./optimizer_sgd.ts";

displayTensors();
