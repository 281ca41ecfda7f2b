/** Everything that the WebAssembly module exports. A kernel is given addresses and counts, nothing else. */
export { gemm, gemmScratch } from "./matmul";
export { add, divide, equal, greater, greaterEqual, less, lessEqual, maximum, minimum, multiply, notEqual, reluGradient, sigmoidGradient, squaredDifference, subtract, tanhGradient } from "./binary";
export { abs, addScaled, clip, clipGradient, exp, fill, log, neg, power, reciprocal, relu, relu6, rsqrt, sigmoid, sqrt, square, step, tanh } from "./unary";
export { boolToFloat, boolToInt, floatToBool, intToFloat, select } from "./convert";
export { copy, copyNested } from "./copy";
export { gatherRows, oneHot, sumSegments } from "./gather";
export { max, min, sum } from "./reduce";
export { softmax } from "./softmax";
export { adamW, gradientNorm } from "./adamw";
export { attention, attentionGradient, attentionScratch } from "./attention";
export { cachedAttention, cachedAttentionScratch } from "./cached_attention";
export { normalise } from "./batch_norm";
export { fold, unfold } from "./convolution";
export { countedRows, crossEntropy, firstBadLabel, meanLoss, scaleBy } from "./cross_entropy";
export { depthwise, depthwiseFilterGradient, depthwiseInputGradient } from "./depthwise";
export { embedding, embeddingGradient, firstBadIndex } from "./embedding";
export { gru, gruGradient, gruScratch } from "./gru";
export { layerNorm, layerNormGradient } from "./layer_norm";
export { activationGradient, biasActivation, columnSums } from "./linear";
export { arrangeRows, dotRows, packRows, unpackRows } from "./packed";
export { averagePool, averagePoolGradient, maxPool, maxPoolGradient } from "./pooling";
export { rnn, rnnGradient, rnnScratch } from "./rnn";

/** The first address that is free for tensors: everything below is the module's own. */
export function heapStart(): usize {
  return __heap_base;
}
