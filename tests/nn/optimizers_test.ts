import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Value } from "../../lib/autograd/mod.ts";
import {
  createNetwork,
  frameworkOptimizer,
  type OptimizerSettings,
  stackNames,
  tensorAdam,
  tensorSgd,
  valueAdam,
  valueSgd,
} from "../../lib/nn/mod.ts";
import { ready, tf } from "../../lib/tensor/mod.ts";
import { smallTask, startWeights } from "./setting.ts";

type Descend = (settings: OptimizerSettings, gradients: number[][]) => number[];

/** Where parameters that start at 1 end when they are given these gradients, a list each step. */
const descents: Record<string, Descend> = {
  autograd: (settings, gradients) => {
    const parameters = gradients[0]!.map(() => new Value(1));
    const { step } = settings.name === "sgd"
      ? valueSgd(parameters, settings)
      : valueAdam(parameters, settings);
    for (const list of gradients) {
      parameters.forEach((parameter, i) => parameter.grad = list[i]!);
      step();
    }
    return parameters.map(({ data }) => data);
  },
  tensor: (settings, gradients) =>
    tf.tidy(() => {
      const parameters = gradients[0]!.map(() => tf.variable(tf.scalar(1)));
      const { step } = settings.name === "sgd"
        ? tensorSgd(parameters, settings)
        : tensorAdam(parameters, settings);
      for (const list of gradients) step(list.map((gradient) => tf.scalar(gradient)));
      return parameters.map((parameter) => parameter.dataSync()[0]!);
    }),
  layers: (settings, gradients) =>
    tf.tidy(() => {
      const parameters = gradients[0]!.map((_, i) => tf.variable(tf.scalar(1), true, `p${i}`));
      const optimizer = frameworkOptimizer(settings);
      for (const list of gradients) {
        optimizer.applyGradients(
          list.map((gradient, i) => ({ name: `p${i}`, tensor: tf.scalar(gradient) })),
        );
      }
      const ends = parameters.map((parameter) => parameter.dataSync()[0]!);
      tf.dispose(parameters);
      return ends;
    }),
};
const learningRate = 0.1;

await ready("cpu");
for (const [stack, descend] of Object.entries(descents)) {
  Deno.test(`${stack} SGD steps against the gradient, worked by hand`, () => {
    const [end] = descend({ name: "sgd", learningRate }, [[2], [-1]]);
    assertAlmostEquals(end!, 1 - 0.1 * 2 + 0.1 * 1, 1e-6);
  });

  Deno.test(`${stack} SGD with momentum rolls on, worked by hand`, () => {
    const [end] = descend({ name: "sgd", learningRate, momentum: 0.5 }, [[2], [0], [0]]);
    assertAlmostEquals(end!, 1 - 0.1 * (2 + 1 + 0.5), 1e-6);
  });

  Deno.test(`${stack} Adam's first step has the length of the learning rate`, () => {
    const ends = descend({ name: "adam", learningRate }, [[1000, -0.001]]);
    assertAlmostEquals(ends[0]!, 0.9, 2e-6);
    assertAlmostEquals(ends[1]!, 1.1, 2e-6);
  });

  Deno.test(`${stack} Adam corrects its bias by the step, alike for every parameter`, () => {
    const steps = [[1, 1, 1], [3, 3, 3], [-2, -2, -2]];
    const ends = descend({ name: "adam", learningRate, beta1: 0.5, beta2: 0.5 }, steps);
    // m: 0.5, 1.75, −0.125 over 1/2, 3/4, 7/8; v: 0.5, 4.75, 4.375 over the same.
    const [m, v, corrections] = [[0.5, 1.75, -0.125], [0.5, 4.75, 4.375], [0.5, 0.75, 0.875]];
    const wanted = m.reduce((at, mean, i) => {
      const corrected = Math.sqrt(v[i]! / corrections[i]!);
      return at - learningRate * mean / corrections[i]! / corrected;
    }, 1);
    for (const end of ends) assertAlmostEquals(end, wanted, 1e-6);
  });
}

for (const stack of ["autograd", "tensor"]) {
  Deno.test(`${stack} AdamW shrinks a parameter without gradient, and Adam does not`, () => {
    const settings = { name: "adam", learningRate } as const;
    const [shrunk] = descents[stack]!({ ...settings, weightDecay: 0.5 }, [[0], [0]]);
    assertAlmostEquals(shrunk!, 0.95 ** 2, 1e-6);
    assertEquals(descents[stack]!(settings, [[0], [0]]), [1]);
  });
}

Deno.test("the layers stack refuses weight decay, which tfjs's Adam does not have", () => {
  const settings = { name: "adam", learningRate, weightDecay: 0.1 } as const;
  const message = "Expected no weight decay for the layers stack";
  assertThrows(() => frameworkOptimizer(settings), RangeError, message);
});

Deno.test("tfjs's Adam has an epsilon of 1e-7 by default, ten times ours and PyTorch's", () => {
  const gradient = 1e-7; // as large as the one and ten times the other, so that they show
  const step = (optimizer: tf.Optimizer) =>
    tf.tidy(() => {
      const parameter = tf.variable(tf.scalar(0), true, "p");
      optimizer.applyGradients([{ name: "p", tensor: tf.scalar(gradient) }]);
      const end = parameter.dataSync()[0]!;
      parameter.dispose();
      return -end / learningRate;
    });
  assertAlmostEquals(step(tf.train.adam(learningRate)), 1 / (1 + 1), 1e-4);
  assertAlmostEquals(step(frameworkOptimizer({ name: "adam", learningRate })), 1 / 1.1, 1e-4);
  const [ours] = descents.autograd!({ name: "adam", learningRate }, [[gradient]]);
  assertAlmostEquals((1 - ours!) / learningRate, 1 / 1.1, 1e-9);
});

Deno.test("tfjs's Adam keeps its powers of beta in float32, so its first step is 6e-6 too short", () => {
  // From 1 by a step of 1: what is left is what the step falls short.
  const left = (stack: string) => descents[stack]!({ name: "adam", learningRate: 1 }, [[1]])[0]!;
  const wanted = Math.sqrt(0.001 / (1 - Math.fround(0.999))) - 1;
  assertAlmostEquals(wanted, 6.4e-6, 1e-7);
  assertAlmostEquals(left("layers"), wanted, 5e-7);
  assertAlmostEquals(left("tensor"), 0, 2e-7);
  assertAlmostEquals(left("autograd"), 0, 2e-8);
});

Deno.test("optimizers refuse numbers that no descent can work with", () => {
  const options = { weights: startWeights(), data: smallTask().train };
  const cases: [OptimizerSettings, string][] = [
    [{ name: "sgd", learningRate: 0 }, "Expected a learning rate above 0, got 0"],
    [{ name: "adam", learningRate: NaN }, "Expected a learning rate above 0, got NaN"],
    [{ name: "sgd", learningRate, momentum: 1 }, "Expected a momentum of at least 0"],
    [{ name: "adam", learningRate, beta2: 1 }, "Expected beta2 of at least 0 and below 1, got 1"],
    [{ name: "adam", learningRate, weightDecay: -1 }, "Expected a weight decay of at least 0"],
  ];
  for (const [optimizer, message] of cases) {
    for (const stack of stackNames) {
      assertThrows(() => createNetwork(stack, { ...options, optimizer }), RangeError, message);
    }
  }
});
