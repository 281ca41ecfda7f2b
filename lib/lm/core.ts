/**
 * The part of language models that needs no machine under it: no files, no terminal, no pictures. It
 * runs in a browser as it does in Deno; `mod.ts` adds what does not.
 */
export {
  type BatchOptions,
  type BatchSource,
  shuffledBatches,
  sortedBatches,
  stringBatches,
} from "./data/batches.ts";
export { type BpeVocabularyOptions, createBpeVocabulary } from "./data/bpe_vocabulary.ts";
export {
  type Corpus,
  type CorpusOptions,
  createGrammarCorpus,
  encodeTexts,
  type Texts,
} from "./data/corpus.ts";
export { createVocabulary, type Vocabulary } from "./data/vocabulary.ts";

export {
  type Decoder,
  type ForwardOptions,
  isNeural,
  type LanguageModel,
  type NeuralModel,
  type Observe,
  type TokenBatch,
} from "./language_model.ts";
export { type AutomatonArchitecture, createAutomatonModel } from "./models/automaton.ts";
export { createBigram } from "./models/bigram.ts";
export {
  type CountModel,
  type CountOptions,
  createCountModel,
  isCounted,
} from "./models/count_ngram.ts";
export { createGrammarModel } from "./models/grammar.ts";
export { createGru, gruCell, type GruConfig, type GruWeights } from "./models/gru.ts";
export {
  createKneserNey,
  type KneserNeyModel,
  type KneserNeyOptions,
} from "./models/kneser_ney.ts";
export { createIdealLearner } from "./models/learner.ts";
export { createMlp, type MlpConfig } from "./models/mlp.ts";
export { type Architecture, createNeuralModel } from "./models/neural.ts";
export { createNgramCounts, type NgramCounts } from "./models/ngram_counts.ts";
export { createRandomModel } from "./models/random.ts";
export { createRecurrentModel, type RecurrentArchitecture } from "./models/recurrent.ts";
export {
  createModel,
  type Ingredients,
  modelNames,
  type SizeOptions,
  usualModels,
} from "./models/registry.ts";
export { createRnn, rnnCell, type RnnConfig, type RnnWeights } from "./models/rnn.ts";
export {
  initialTransformer,
  type TransformerConfig,
  transformerConfig,
  transformerFeatures,
  transformerHead,
  transformerLogits,
  type TransformerOptions,
  type TransformerReading,
  transformerShapes,
} from "./models/transformer.ts";
export { createTransformer, transformerFrom } from "./models/transformer_model.ts";
export { createWindowModel, type WindowArchitecture } from "./models/window.ts";

export { learningRateAt, type ScheduleOptions } from "./training/schedule.ts";
export type { PlainTensor, TrainingHistory, TrainingState } from "./training/state.ts";
export { train, TrainingError, type TrainingOptions } from "./training/train.ts";

export { type Sample, sample, type SampleOptions } from "./sampling/sample.ts";
export { printable, type StreamOptions, streamText } from "./sampling/stream.ts";
export type { DecodingOptions } from "./sampling/token_sampler.ts";

export {
  type BatchLosses,
  evaluateAgainstGrammar,
  evaluateBatches,
  evaluateLoss,
  type Losses,
} from "./judging/evaluate.ts";
export {
  type Failure,
  type Generated,
  judgeSamples,
  measuredOrder,
  wilsonInterval,
} from "./judging/judge.ts";
