/** What a model's predictions and strings are worth, measured and proved. */
export { type KnownAccuracy, knownAccuracy } from "./accuracy.ts";
export { type AskedStrings, describeAsked, FEWEST_NEW, type LengthGroup } from "./asked_strings.ts";
export { type AccuracyBounds, accuracyBounds } from "./bounds.ts";
export {
  evaluateByPosition,
  type PositionCurve,
  type PositionLosses,
  type PositionOptions,
} from "./by_position.ts";
export { type AccuracyEstimate, estimateAccuracy, type EstimateOptions } from "./estimate.ts";
export {
  evaluateAgainstGrammar,
  evaluateLoss,
  type Losses,
  stringLogProbabilities,
} from "./evaluate.ts";
export { boundedAccuracy, type ExactAccuracy, exactAccuracy } from "./exact.ts";
export {
  type InContextCurve,
  type InContextPoint,
  type InContextSetting,
  referenceCurves,
  servedCurve,
  usualExamples,
} from "./in_context.ts";
export {
  type Failure,
  type Generated,
  judgeSamples,
  measuredOrder,
  wilsonInterval,
} from "./judge.ts";
export { type LinesOnStrings, linesOnStrings } from "./lines.ts";
export {
  describeMistake,
  frequentMembers,
  likeliestMistake,
  type Member,
  type Mistake,
  mostNeglected,
  type NeglectedString,
  onceIn,
  tooRareBy,
} from "./mistake.ts";
export { predictNext } from "./predict.ts";
export { createServedModel, type ServedOptions } from "./served.ts";
