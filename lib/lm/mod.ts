/**
 * Language models: what they learn from, what they are, how they are trained, how they write, and
 * what their writing is worth.
 */
export { type BatchOptions, shuffledBatches, sortedBatches } from "./batches.ts";
export { createBigram } from "./bigram.ts";
export * from "./checkpoint/mod.ts";
export type { ChoiceOptions } from "./choose.ts";
export { type Corpus, createGrammarCorpus, encodeTexts, type Texts } from "./corpus.ts";
export { type CountOptions, createCountModel } from "./count.ts";
export { evaluateAgainstGrammar, evaluateLoss, type Losses } from "./evaluate.ts";
export { createGrammarModel } from "./grammar_model.ts";
export * from "./gpt2/mod.ts";
export { createGru, gruCell, type GruConfig, type GruWeights } from "./gru.ts";
export {
  type Failure,
  type Generated,
  judgeSamples,
  measuredOrder,
  wilsonInterval,
} from "./judge.ts";
export type { JudgedModel } from "./judge_model.ts";
export type { Learned, LearningHooks } from "./learn.ts";
export { type Milestone, type MilestoneHooks, runMilestone } from "./milestone.ts";
export { milestoneDefaults, type MilestoneOptions } from "./milestone_options.ts";
export { createMlp, type MlpConfig } from "./mlp.ts";
export type {
  Decoder,
  ForwardOptions,
  LanguageModel,
  NeuralModel,
  Observe,
  TokenBatch,
} from "./model.ts";
export { createModel, isNeural, modelNames, usualModels } from "./models.ts";
export { type Architecture, createNeuralModel } from "./neural.ts";
export { createNgramCounts, type NgramCounts } from "./ngram_counts.ts";
export { createRandomModel } from "./random_model.ts";
export { formatReport, type GrammarReport, type ModelReport, type Report } from "./report.ts";
export { createRnn, rnnCell, type RnnConfig, type RnnWeights } from "./rnn.ts";
export { type Sample, sample, type SampleOptions } from "./sample.ts";
export { learningRateAt, type ScheduleOptions } from "./schedule.ts";
export { createStateModel, type StateArchitecture } from "./state_model.ts";
export { type BatchSource, train, type TrainingOptions } from "./train.ts";
export { TrainingError } from "./train_epoch.ts";
export type { PlainTensor, TrainingHistory, TrainingState } from "./training_state.ts";
export {
  type TransformerConfig,
  transformerConfig,
  transformerFeatures,
  transformerHead,
  transformerLogits,
  type TransformerOptions,
  type TransformerReading,
} from "./transformer.ts";
export { createTransformer, transformerFrom } from "./transformer_model.ts";
export { initialTransformer, transformerShapes } from "./transformer_parameters.ts";
export { createVocabulary, type Vocabulary } from "./vocabulary.ts";
export { createWindowModel, type WindowArchitecture } from "./window_model.ts";
