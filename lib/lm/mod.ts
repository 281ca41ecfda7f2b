/**
 * Language models: what they learn from, what they are, how they are trained, how they write, and
 * what their writing is worth.
 */
export { type BatchOptions, shuffledBatches, sortedBatches } from "./data/batches.ts";
export { createBigram } from "./models/bigram.ts";
export * from "./checkpoint/mod.ts";
export type { ChoiceOptions } from "./sampling/choose.ts";
export { type Corpus, createGrammarCorpus, encodeTexts, type Texts } from "./data/corpus.ts";
export { type CountOptions, createCountModel } from "./models/count.ts";
export { evaluateAgainstGrammar, evaluateLoss, type Losses } from "./judging/evaluate.ts";
export { createGrammarModel } from "./models/grammar.ts";
export * from "./gpt2/mod.ts";
export { createGru, gruCell, type GruConfig, type GruWeights } from "./models/gru.ts";
export {
  type Failure,
  type Generated,
  judgeSamples,
  measuredOrder,
  wilsonInterval,
} from "./judging/judge.ts";
export type { JudgedModel } from "./run/judge_model.ts";
export type { Learned, LearningHooks } from "./run/learn.ts";
export { type Milestone, type MilestoneHooks, runMilestone } from "./run/milestone.ts";
export { milestoneDefaults, type MilestoneOptions } from "./run/options.ts";
export { createMlp, type MlpConfig } from "./models/mlp.ts";
export type {
  Decoder,
  ForwardOptions,
  LanguageModel,
  NeuralModel,
  Observe,
  TokenBatch,
} from "./model.ts";
export { createModel, isNeural, modelNames, usualModels } from "./models/registry.ts";
export { type Architecture, createNeuralModel } from "./models/neural.ts";
export { createNgramCounts, type NgramCounts } from "./models/ngram_counts.ts";
export { createRandomModel } from "./models/random.ts";
export { formatReport, type GrammarReport, type ModelReport, type Report } from "./run/report.ts";
export { createRnn, rnnCell, type RnnConfig, type RnnWeights } from "./models/rnn.ts";
export { type Sample, sample, type SampleOptions } from "./sampling/sample.ts";
export { learningRateAt, type ScheduleOptions } from "./training/schedule.ts";
export { createStateModel, type StateArchitecture } from "./models/automaton.ts";
export { type BatchSource, train, type TrainingOptions } from "./training/train.ts";
export { TrainingError } from "./train_epoch.ts";
export type { PlainTensor, TrainingHistory, TrainingState } from "./training/state.ts";
export {
  type TransformerConfig,
  transformerConfig,
  transformerFeatures,
  transformerHead,
  transformerLogits,
  type TransformerOptions,
  type TransformerReading,
} from "./models/transformer.ts";
export { createTransformer, transformerFrom } from "./models/transformer_model.ts";
export { initialTransformer, transformerShapes } from "./transformer_parameters.ts";
export { createVocabulary, type Vocabulary } from "./data/vocabulary.ts";
export { createWindowModel, type WindowArchitecture } from "./models/window.ts";
