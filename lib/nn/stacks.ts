/** The three stacks by name. */
import { createAutogradNetwork } from "./autograd_network.ts";
import { createLayersNetwork } from "./layers_network.ts";
import type { Network, NetworkOptions, StackName } from "./network.ts";
import { createTensorNetwork } from "./tensor_network.ts";

const stacks: Readonly<Record<StackName, (options: NetworkOptions) => Network>> = {
  autograd: createAutogradNetwork,
  tensor: createTensorNetwork,
  layers: createLayersNetwork,
};

/** The stacks in the order in which pieces are replaced. */
export const stackNames = Object.keys(stacks) as readonly StackName[];

/**
 * The network on a stack.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createRandom } from "../random.ts";
 * import { createNetwork, kaimingWeights } from "./mod.ts";
 *
 * const weights = kaimingWeights([2, 8, 1], { rng: createRandom(0) });
 * const data = { rows: 1, inputs: Float32Array.of(1, 2), targets: Float32Array.of(3) };
 * const optimizer = { name: "sgd", learningRate: 0.01 } as const;
 * const network = createNetwork("autograd", { weights, data, optimizer });
 * const losses = await network.train([Int32Array.of(0), Int32Array.of(0)]);
 * assertEquals(losses[1]! < losses[0]!, true);
 * ```
 */
export function createNetwork(stack: StackName, options: NetworkOptions): Network {
  return stacks[stack](options);
}
