/**
 * Language models: what they learn from, what they are, how they are trained, how they write, and
 * what their writing is worth.
 *
 * Two trips through the house, each from one file to the next without coming back.
 *
 * A training step: `run/milestone.ts` opens a task (`run/grammar_task.ts`, `run/text_task.ts`) and
 * lets each model learn (`run/learn.ts`), which `models/registry.ts` makes from its one row and
 * `training/train.ts` trains: batches from `data/batches.ts`, the model's `loss` (for the Transformer
 * `models/transformer_model.ts`, then `models/transformer.ts`), its gradients and the optimizer's
 * step in `lib/tensor`, at the rate of `training/schedule.ts`; `training/state.ts` is what a
 * checkpoint keeps of it.
 *
 * A decoded token: `sampling/sample.ts` (many strings in step; `sampling/stream.ts` one, piece by
 * piece) asks the model for a decoder (`language_model.ts`; for the Transformer
 * `models/transformer_model.ts` with its cache, then `models/transformer.ts`), is given ln P of every
 * token, draws one in `sampling/token_sampler.ts`, and at the end spells the ids by
 * `data/vocabulary.ts`; `judging/judge.ts` says what the strings are worth.
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

export * from "./checkpoint/mod.ts";
export * from "./gpt2/mod.ts";
export * from "./text/mod.ts";

export type { ExternalResult, ExternalSource } from "./run/external.ts";
export { type GrammarOptions, type GrammarTask, openGrammarTask } from "./run/grammar_task.ts";
export type { JudgedModel } from "./run/judge_model.ts";
export type { Learned, LearningHooks, LearningOptions } from "./run/learn.ts";
export {
  type GrammarMilestone,
  type Milestone,
  type MilestoneHooks,
  runMilestone,
  runTask,
  type TextMilestone,
} from "./run/milestone.ts";
export {
  type GrammarRunOptions,
  milestoneDefaults,
  textDefaults,
  type TextRunOptions,
} from "./run/options.ts";
export { formatReport, type GrammarReport, type ModelReport, type Report } from "./run/report.ts";
export type { Task } from "./run/task.ts";
export { openTextTask, type TextTask } from "./run/text_task.ts";
