import { assertLess } from "@std/assert";
import {
  gridDataset,
  type OptimizerSettings,
  pathTolerance,
  stackNames,
  type Weights,
} from "../../lib/nn/mod.ts";
import { ready } from "../../lib/tensor/mod.ts";
import record from "./pytorch_paths.json" with { type: "json" };
import { relativeDifference, withNetwork } from "./setting.ts";

const { side, batch, ...paraboloid } = record.task;
const data = gridDataset(paraboloid, { side });
const [weight1, bias1, weight2, bias2] = record.start.map((values) => Float32Array.from(values));
const hidden = bias1!.length;
const weights: Weights = [
  { inputs: 2, outputs: hidden, weight: weight1!, bias: bias1! },
  { inputs: hidden, outputs: 1, weight: weight2!, bias: bias2! },
];
/** The batches of record_pytorch.py. */
const batches = record.paths.sgd.losses.map((_, step) =>
  Int32Array.from({ length: batch }, (_, j) => 37 * (batch * step + j) % data.rows)
);

for (const stack of stackNames) {
  for (const [name, { settings, losses }] of Object.entries(record.paths)) {
    if (stack === "layers" && name === "adamW") continue; // tfjs has none: see optimizers_test.ts
    Deno.test(`the ${stack} stack follows PyTorch with ${name} for ${losses.length} steps`, async () => {
      await ready("cpu");
      const optimizer = settings as OptimizerSettings;
      const own = await withNetwork(
        { stack, weights, data, optimizer },
        (network) => network.train(batches),
      );
      assertLess(relativeDifference(own, losses), pathTolerance);
    });
  }
}
