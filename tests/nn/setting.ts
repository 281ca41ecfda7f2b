/** What the tests of this room share: a small task, a start, and all stacks. */
import {
  createNetwork,
  type Dataset,
  defaultParaboloid,
  gridDataset,
  kaimingWeights,
  type Network,
  type OptimizerSettings,
  splitDataset,
  type StackName,
  type Weights,
} from "../../lib/nn/mod.ts";
import { createRandom } from "../../lib/random.ts";

export const sgd = { name: "sgd", learningRate: 2e-4 } as const;
export const adam = { name: "adam", learningRate: 0.03 } as const;

/** A grid of `side`² points, 80 % for training. */
export function smallTask(side = 12, seed = 0): { train: Dataset; test: Dataset } {
  const all = gridDataset(defaultParaboloid, { side });
  return splitDataset(all, { share: 0.8, rng: createRandom(seed, "split") });
}

/** Kaiming weights of a network with these layers. */
export function startWeights(sizes = [2, 8, 1], seed = 0): Weights {
  return kaimingWeights(sizes, { rng: createRandom(seed, "weights") });
}

/** Gives `use` a network, and frees it. */
export async function withNetwork<T>(
  { stack, weights = startWeights(), data = smallTask().train, optimizer = sgd }: {
    stack: StackName;
    weights?: Weights;
    data?: Dataset;
    optimizer?: OptimizerSettings;
  },
  use: (network: Network) => Promise<T>,
): Promise<T> {
  const network = createNetwork(stack, { weights, data, optimizer });
  try {
    return await use(network);
  } finally {
    network.dispose();
  }
}

/** The largest relative difference between two lists of numbers. */
export function relativeDifference(actual: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (actual.length !== wanted.length) throw new Error(`${actual.length} and ${wanted.length}`);
  return Math.max(
    ...Array.from(wanted, (value, i) => Math.abs(actual[i]! - value) / Math.abs(value)),
  );
}
