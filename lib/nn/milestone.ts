/** The milestone: six runs, three stacks with SGD and with Adam, and whether they agree. */
import { orUsageError, type Progress, silentProgress, UsageError } from "../command/mod.ts";
import { createRandom } from "../random.ts";
import { type BackendName, ready } from "../tensor/mod.ts";
import { comparePaths, pathTolerance } from "./agreement.ts";
import { weightsByHand } from "./by_hand.ts";
import { type Dataset, defaultParaboloid, gridDataset, splitDataset } from "./data.ts";
import { hinges } from "./hinges.ts";
import type { Network, StackName } from "./network.ts";
import { checkOptimizer, type OptimizerSettings } from "./optimizer.ts";
import { layersOf, type NnReport, type NnRun } from "./report.ts";
import { createNetwork, stackNames } from "./stacks.ts";
import { checkTraining, trainNetwork } from "./training.ts";
import {
  countParameters,
  forward,
  kaimingWeights,
  meanSquaredError,
  type Weights,
} from "./weights.ts";

/** What the milestone can be told; everything has a default. */
export interface NnOptions {
  /** Hidden units. */
  readonly hidden?: number;
  /** Examples a step. */
  readonly batch?: number;
  /** Epochs of the tensor and layers stacks. */
  readonly epochs?: number;
  /** Epochs of the autograd stack, at most `epochs`: it is the slowest. */
  readonly autogradEpochs?: number;
  /** Adam's learning rate. */
  readonly learningRate?: number;
  /** SGD's: where the surface is steep its steps grow with it, so it must be smaller. */
  readonly sgdLearningRate?: number;
  /** Points along each side of the grid. */
  readonly grid?: number;
  /** Draws the split, the start and the batches. */
  readonly seed?: number;
  /** What tfjs computes on. */
  readonly backend?: BackendName;
}

/** Who wants to be told how far the work is. */
export interface NnHooks {
  /** Starts the progress of one run. */
  readonly startProgress?: (run: string, epochs: number) => Progress;
}

/** The defaults: the setting in which the milestone's target is stated. */
export const nnDefaults = {
  hidden: 8,
  batch: 256,
  epochs: 1000,
  autogradEpochs: 200, // 1,000 steps, enough to compare paths and speeds
  learningRate: 0.03, // the inputs are fed as they are, up to 10, and the hinges have far to go
  sgdLearningRate: 0.0002, // from 0.0005 on some seeds diverge
  grid: 40, // 1,280 examples to learn from: 5 steps an epoch
  seed: 0,
  backend: "auto",
} as const;

/** Points a side: a million in all take minutes an epoch. */
const LARGEST_GRID = 1000;

/**
 * Trains the same network six times from the same start on the same batches.
 *
 * @throws RangeError on settings that cannot work, before anything is done
 * @throws UsageError on a grid with more points than anybody would wait for
 * @throws DivergedError when a loss explodes
 */
export async function nnMilestone(options: NnOptions = {}, hooks: NnHooks = {}): Promise<NnReport> {
  const settings = { ...nnDefaults, ...options };
  const { hidden, batch, grid, seed } = settings;
  if (grid > LARGEST_GRID) {
    throw new UsageError(`Expected a grid of at most ${LARGEST_GRID} points a side, got ${grid}`);
  }
  optimizersOf(settings).forEach(checkOptimizer);
  for (const epochs of [settings.epochs, settings.autogradEpochs]) checkTraining({ batch, epochs });
  const start = kaimingWeights([2, hidden, 1], { rng: createRandom(seed, "weights") });
  const all = gridDataset(defaultParaboloid, { side: grid });
  const data = splitDataset(all, { share: 0.8, rng: createRandom(seed, "split") });
  const backend = await orUsageError(
    ready(settings.backend),
    `Expected a backend that works here, got ${settings.backend}`,
  );
  const runs: (NnRun & { path: number[] })[] = [];
  for (const optimizer of optimizersOf(settings)) {
    for (const stack of stackNames) {
      runs.push(await trainAndMeasure({ stack, optimizer, start, data, settings, hooks }));
    }
  }
  const byHand = weightsByHand(defaultParaboloid, { hidden });
  return {
    seed,
    backend,
    task: { ...defaultParaboloid, grid, train: data.train.rows, test: data.test.rows },
    hidden,
    batch,
    byHand: {
      trainLoss: meanSquaredError(forward(byHand, data.train.inputs), data.train.targets),
      testLoss: meanSquaredError(forward(byHand, data.test.inputs), data.test.targets),
    },
    tolerance: pathTolerance,
    agreement: (["sgd", "adam"] as const).map((optimizer) => ({
      optimizer,
      ...comparePaths(runs.filter((run) => run.optimizer === optimizer).map(({ path }) => path)),
    })),
    runs: runs.map(({ path: _, ...run }) => run),
  };
}

function optimizersOf({ learningRate, sgdLearningRate }: Required<NnOptions>): OptimizerSettings[] {
  return [{ name: "sgd", learningRate: sgdLearningRate }, { name: "adam", learningRate }];
}

async function trainAndMeasure({ stack, optimizer, start, data, settings, hooks }: {
  stack: StackName;
  optimizer: OptimizerSettings;
  start: Weights;
  data: { train: Dataset; test: Dataset };
  settings: Required<NnOptions>;
  hooks: NnHooks;
}): Promise<NnRun & { path: number[] }> {
  const { batch, seed, autogradEpochs } = settings;
  const epochs = stack === "autograd" ? Math.min(autogradEpochs, settings.epochs) : settings.epochs;
  const network = createNetwork(stack, { weights: start, data: data.train, optimizer });
  const progress = hooks.startProgress?.(`${stack} ${optimizer.name}`, epochs) ?? silentProgress;
  try {
    const epochLosses: number[] = [];
    const began = performance.now();
    const path = await trainNetwork(network, {
      rows: data.train.rows,
      batch,
      epochs,
      rng: createRandom(seed, "batches"),
      onEpoch: (epoch, loss) => {
        epochLosses.push(loss);
        progress.update(epoch, `loss ${loss.toPrecision(4)}`);
      },
    });
    const seconds = (performance.now() - began) / 1000;
    const weights = await network.weights();
    const trainLoss = await lossOn(network, data.train);
    const testLoss = await lossOn(network, data.test);
    progress.stop(`train loss ${trainLoss.toPrecision(4)}, test loss ${testLoss.toPrecision(4)}`);
    return {
      stack,
      optimizer: optimizer.name,
      learningRate: optimizer.learningRate,
      parameters: countParameters(weights),
      epochs,
      steps: path.length,
      trainLoss,
      testLoss,
      seconds,
      stepsPerSecond: path.length / seconds,
      epochLosses,
      hinges: hinges(weights),
      layers: layersOf(weights),
      path,
    };
  } finally {
    network.dispose();
  }
}

async function lossOn(network: Network, { inputs, targets }: Dataset): Promise<number> {
  return meanSquaredError(await network.predict(inputs), targets);
}
