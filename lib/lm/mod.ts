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
export * from "./core.ts";
export * from "./checkpoint/mod.ts";
export * from "./gpt2/mod.ts";
export * from "./text/mod.ts";

export {
  type InContextCurve,
  type InContextPoint,
  type InContextSetting,
  referenceCurves,
  servedCurve,
} from "./judging/in_context.ts";
export { createServedModel, type ServedOptions } from "./judging/served.ts";
export type { AskedReport } from "./run/asked_report.ts";
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
