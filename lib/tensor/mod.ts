/** tfjs, on a backend that is fast in Deno, and the fused operations that the models use. */
export * as tf from "@tensorflow/tfjs";
export { type BackendName, ready } from "./backend.ts";
export {
  type Activation,
  causalSelfAttention,
  embedding,
  gruSequence,
  layerNorm,
  linear,
  rnnSequence,
  softmaxCrossEntropy,
} from "./reference.ts";
