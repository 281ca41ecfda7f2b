/** The same multi-layer perceptron on three stacks, replaced piece by piece by the framework's. */
export {
  type Dataset,
  defaultParaboloid,
  gridDataset,
  gridPositions,
  type Paraboloid,
  paraboloidAt,
  reach,
  selectRows,
  splitDataset,
} from "./data.ts";
export { epochBatches } from "./batches.ts";
export {
  countParameters,
  forward,
  kaimingWeights,
  type LayerWeights,
  meanSquaredError,
  type Weights,
} from "./weights.ts";
export { type AdamSettings, type OptimizerSettings, type SgdSettings } from "./optimizer.ts";
export { type Network, type NetworkOptions, type StackName } from "./network.ts";
export {
  createAutogradNetwork,
  type Layer,
  layerOutput,
  mlpOutput,
  type Neuron,
  neuronOutput,
} from "./autograd_network.ts";
export { valueAdam, type ValueOptimizer, valueSgd } from "./autograd_optimizers.ts";
export { createTensorNetwork, type TensorLayer, tensorMlp } from "./tensor_network.ts";
export { tensorAdam, type TensorOptimizer, tensorSgd } from "./tensor_optimizers.ts";
export { createLayersNetwork, frameworkOptimizer, layersMlp } from "./layers_network.ts";
export { createNetwork, stackNames } from "./stacks.ts";
export { DivergedError, type TrainingOptions, trainNetwork } from "./training.ts";
export { type Hinge, hinges, type Point } from "./hinges.ts";
export { weightsByHand } from "./by_hand.ts";
export { comparedSteps, comparePaths, pathTolerance } from "./agreement.ts";
export { type Agreement, type NnReport, type NnRun, weightsOf } from "./report.ts";
export { nnDefaults, type NnHooks, nnMilestone, type NnOptions } from "./milestone.ts";
export { formatNnReport } from "./format.ts";
export { lossCurves, nnPage } from "./page.ts";
export { type Compared, crossSection, landscapes, residualMap, surfaceMaps } from "./figures.ts";
export { networkGraph } from "./drawing.ts";
