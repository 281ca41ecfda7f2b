/** The milestone of the engine: a line recovered by gradient descent, beside tfjs and PyTorch. */
export { formatAutogradReport } from "./format.ts";
export {
  autogradDefaults,
  autogradMilestone,
  type AutogradReport,
  type AutogradSettings,
  type Comparison,
} from "./milestone.ts";
export { autogradPage, fit, lossCurves } from "./page.ts";
export { descend, type Line, meanSquaredError, type Problem, type Step } from "./regression.ts";
