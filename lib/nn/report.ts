/** What the milestone finds: plain JSON. */
import type { Paraboloid } from "./data.ts";
import type { Hinge } from "./hinges.ts";
import type { StackName } from "./network.ts";
import type { OptimizerSettings } from "./optimizer.ts";
import type { LayerWeights } from "./weights.ts";

/** One network, trained. */
export interface NnRun {
  /** What computed it. */
  stack: StackName;
  /** How it descended. */
  optimizer: OptimizerSettings["name"];
  /** The optimizer's. */
  learningRate: number;
  /** How many numbers were learned. */
  parameters: number;
  /** How often every example was seen. */
  epochs: number;
  /** How often the parameters were changed. */
  steps: number;
  /** Mean squared error on the training examples, after the last step. */
  trainLoss: number;
  /** Mean squared error on examples never trained on. */
  testLoss: number;
  /** Time of training. */
  seconds: number;
  /** Steps over seconds. */
  stepsPerSecond: number;
  /** Each epoch's mean loss, every example as it was when it was its turn. */
  epochLosses: number[];
  /** Where the hidden units bend the learned surface. */
  hinges: Hinge[];
  /** The learned weights, from input to output. */
  layers: { inputs: number; outputs: number; weight: number[]; bias: number[] }[];
}

/** Whether the stacks, given the same start and batches, took the same path. */
export interface Agreement {
  /** With which optimizer the stacks descended. */
  optimizer: OptimizerSettings["name"];
  /** How many first steps were compared. */
  steps: number;
  /** Largest relative difference between two stacks' losses at the same step. */
  largestDifference: number;
}

/** The whole milestone. */
export interface NnReport {
  /** What the split, the start and the batches were drawn with. */
  seed: number;
  /** What tfjs computed on. */
  backend: string;
  /** What was learned, the points along each side of the grid, and the examples on each side of the split. */
  task: Paraboloid & { grid: number; train: number; test: number };
  /** Hidden units. */
  hidden: number;
  /** Examples a step. */
  batch: number;
  /** The mean squared error of a network of this size built by hand. */
  byHand: { trainLoss: number; testLoss: number };
  /** Largest difference at which two paths count as the same. */
  tolerance: number;
  /** How far the stacks agree, for each optimizer. */
  agreement: Agreement[];
  /** The six runs. */
  runs: NnRun[];
}

/** The weights as the stacks take them. */
export function weightsOf({ layers }: Pick<NnRun, "layers">): LayerWeights[] {
  return layers.map(({ inputs, outputs, weight, bias }) => ({
    inputs,
    outputs,
    weight: Float32Array.from(weight),
    bias: Float32Array.from(bias),
  }));
}

/** The weights as plain JSON. */
export function layersOf(weights: readonly LayerWeights[]): NnRun["layers"] {
  return weights.map(({ inputs, outputs, weight, bias }) => ({
    inputs,
    outputs,
    weight: Array.from(weight),
    bias: Array.from(bias),
  }));
}
