/** An epoch of scalar autograd: the network of milestone 2, every number a node of the graph. */
import { Value } from "../../lib/autograd/mod.ts";
import { type Layer, mlpOutput } from "../../lib/nn/mod.ts";
import { createRandom, type Random } from "../../lib/random.ts";

/** Samples in an epoch. */
export const samples = 8000;

/**
 * Prepares an epoch: forward and backward of a 2-8-1 ReLU MLP with mean squared error over 8,000
 * samples, 59 nodes each, one graph a batch. A bigger batch keeps more of its graph alive at once,
 * which the garbage collector has to move.
 */
export function mlpEpoch({ batch = 256 }: { batch?: number } = {}): () => void {
  const rng = createRandom(0, "mlpEpoch");
  const layers = [createLayer([2, 8], rng), createLayer([8, 1], rng)];
  const inputs = Array.from({ length: samples }, () => [rng.normal(), rng.normal()]);
  return () => {
    for (let start = 0; start < samples; start += batch) {
      const squares = inputs.slice(start, start + batch).map(([x, y]) => {
        const [output] = mlpOutput(layers, [x!, y!]);
        const error = output!.sub(x! * x! + y! * y!);
        return error.mul(error);
      });
      squares.reduce((sum, square) => sum.add(square)).div(squares.length).backward();
    }
  };
}

function createLayer([inputs, outputs]: [number, number], rng: Random): Layer {
  const values = (length: number) => Array.from({ length }, () => new Value(rng.normal()));
  return values(outputs).map((bias) => ({ weights: values(inputs), bias }));
}

if (import.meta.main) {
  for (const batch of [1, 32, 256, samples]) {
    const epoch = mlpEpoch({ batch });
    const milliseconds = Array.from({ length: 30 }, () => {
      const begin = performance.now();
      epoch();
      return performance.now() - begin;
    }).sort((a, b) => a - b);
    const [tenth, median] = [0.1, 0.5].map((share) => milliseconds[30 * share]!.toFixed(0));
    console.log(`batches of ${batch}: 10th percentile ${tenth} ms, median ${median} ms`);
  }
}
