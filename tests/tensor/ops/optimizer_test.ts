import { assertEquals, assertThrows } from "@std/assert";
import {
  createAdamW,
  createSgd,
  linear,
  type Optimizer,
  ready,
  softmaxCrossEntropy,
  tf,
  valueAndGradients,
} from "../../../lib/tensor/mod.ts";
import { assertClose, BACKENDS, normal } from "./check.ts";

/** Two parameters, and a loss of both that changes with the step. */
function createProblem() {
  const a = tf.variable(tf.tensor2d([[1, -2, 3], [0.5, 0, -0.25]]));
  const b = tf.variable(tf.tensor1d([0.1, -0.1]));
  const loss = (step: number) =>
    a.square().sum().mul(0.5 + step).add(b.mul([3, -2]).sum().mul(a.sum())) as tf.Scalar;
  return { parameters: new Map<string, tf.Variable>([["a", a], ["b", b]]), loss };
}

type Problem = ReturnType<typeof createProblem>;

function run(optimizer: Optimizer, { parameters, loss }: Problem, steps: number[]): number[] {
  return steps.map((step) => {
    const variables = [...parameters.values()];
    const { value, gradients } = valueAndGradients(() => loss(step), variables);
    optimizer.step(gradients);
    const [number] = value.dataSync();
    tf.dispose([value, ...gradients]);
    return number!;
  });
}

function values(tensors: Iterable<tf.Tensor>): number[][] {
  return Array.from(tensors, (tensor) => [...tensor.dataSync()]);
}

const options = {
  learningRate: 0.05,
  beta1: 0.8,
  beta2: 0.95,
  epsilon: 1e-6,
  weightDecay: 0.1,
  decays: (name: string) => name === "a",
  clipNorm: 4,
};

/** From torch.optim.AdamW after torch.nn.utils.clip_grad_norm_ (PyTorch 2.13), same problem and options. */
const recorded = {
  losses: [8.28125, 20.853975, 32.074375, 41.92537, 50.45621],
  a: [0.7267527, -1.7056136, 2.6774511, 0.24406527, -0.063328035, -0.15146634],
  b: [-0.12220277, 0.12220273],
};

for (const backend of BACKENDS) {
  Deno.test(`createAdamW() takes the steps of PyTorch on ${backend}`, async () => {
    await ready(backend);
    const problem = createProblem();
    const losses = run(createAdamW(problem.parameters, options), problem, [0, 1, 2, 3, 4]);
    assertClose(losses, recorded.losses, "losses", 1e-6);
    assertClose(problem.parameters.get("a")!.dataSync(), recorded.a, "a", 1e-6);
    assertClose(problem.parameters.get("b")!.dataSync(), recorded.b, "b", 1e-6);
  });

  Deno.test(`createAdamW() goes on from its state bit by bit on ${backend}`, async () => {
    await ready(backend);
    const problem = createProblem();
    const first = createAdamW(problem.parameters, options);
    run(first, problem, [0, 1]);
    const { step, tensors } = first.state();
    const stored = new Map(
      Array.from(tensors, ([name, tensor]) => [name, tf.tensor(tensor.dataSync(), tensor.shape)]),
    );
    const start = values(problem.parameters.values());
    run(first, problem, [2, 3]);
    const expected = values(problem.parameters.values());

    [...problem.parameters.values()].forEach((parameter, i) =>
      parameter.assign(tf.tensor(start[i]!, parameter.shape))
    );
    const second = createAdamW(problem.parameters, options);
    second.restore({ step, tensors: stored });
    run(second, problem, [2, 3]);
    assertEquals(values(problem.parameters.values()), expected);
    assertEquals(second.state().step, 4);
    assertEquals(stored.get("a.firstMoment")!.isDisposed, false);
  });

  Deno.test(`createAdamW() makes no gradient longer than it is on ${backend}`, async () => {
    await ready(backend);
    const end = (clipNorm?: number) => {
      const x = tf.variable(tf.tensor1d([1, 1]));
      const optimizer = createAdamW(new Map([["x", x]]), { learningRate: 0.1, clipNorm });
      for (const gradient of [[1, 0], [0.1, 2]]) optimizer.step([tf.tensor1d(gradient)]);
      return [...x.dataSync()];
    };
    assertEquals(end(100), end());
  });

  Deno.test(`createSgd() with momentum takes steps worked by hand on ${backend}`, async () => {
    await ready(backend);
    const x = tf.variable(tf.scalar(1));
    const optimizer = createSgd(new Map([["x", x]]), { learningRate: 0.5, momentum: 0.5 });
    optimizer.step([tf.scalar(1)]);
    optimizer.step([tf.scalar(2)], { learningRate: 1 });
    assertEquals(x.dataSync()[0], 1 - 0.5 * 1 - (0.5 * 1 + 2));
    assertEquals(optimizer.state().tensors.get("x.velocity")!.dataSync()[0], 2.5);
  });
}

Deno.test("createAdamW() leaves a clone of a parameter as it was", async () => {
  await ready("simd");
  const x = tf.tidy(() => tf.variable(tf.tensor1d([1, 2, 3]))); // nobody but the clone shares it
  const clone = x.clone();
  createAdamW(new Map([["x", x]]), { learningRate: 0.1 }).step([tf.tensor1d([1, 1, 1])]);
  assertEquals([...clone.dataSync()], [1, 2, 3]);
  assertClose(x.dataSync(), [0.9, 1.9, 2.9], "parameter");
});

Deno.test("createAdamW() names gradients and states that do not fit", async () => {
  await ready("simd");
  const optimizer = createAdamW(new Map([["x", tf.variable(tf.zeros([2]))]]), {
    learningRate: 0.1,
  });
  assertThrows(() => optimizer.step([]), RangeError, "Expected 1 gradients, got 0");
  assertThrows(
    () => optimizer.step([tf.zeros([3])]),
    RangeError,
    "Expected the gradient of x to have the shape [2], got [3]",
  );
  assertThrows(
    () => optimizer.restore({ step: 1, tensors: new Map() }),
    RangeError,
    "Expected x.firstMoment in the optimizer's state, got none",
  );
});

Deno.test("valueAndGradients() gives zeros for a parameter that the loss does not use", async () => {
  await ready("simd");
  const [used, unused] = [tf.variable(tf.scalar(3)), tf.variable(tf.ones([2]))];
  const { value, gradients } = valueAndGradients(
    () => used.square() as unknown as tf.Scalar,
    [unused, used],
  );
  assertEquals(value.dataSync()[0], 9);
  assertEquals(gradients.map((gradient) => [...gradient.dataSync()]), [[0, 0], [6]]);
});

Deno.test("a thousand training steps leave no tensor behind, and end in the same bits", async () => {
  await ready("simd");
  const ends = [0, 1].map(() => {
    const weight = tf.variable(tf.tensor2d(normal([5, 3], 0), [5, 3]));
    const x = tf.tensor2d(normal([4, 5], 1), [4, 5]);
    const labels = tf.tensor1d([0, 2, -1, 1], "int32");
    const optimizer = createAdamW(new Map([["weight", weight]]), {
      ...{ learningRate: 0.01, clipNorm: 1 },
    });
    const before = tf.memory().numTensors;
    for (let step = 0; step < 1000; step++) {
      const { value, gradients } = valueAndGradients(
        () => softmaxCrossEntropy(linear(x, { weight: weight as tf.Tensor2D }), labels),
        [weight],
      );
      optimizer.step(gradients);
      tf.dispose([value, ...gradients]);
    }
    assertEquals(tf.memory().numTensors, before);
    return [...weight.dataSync()];
  });
  assertEquals(ends[0], ends[1]);
});

Deno.test("valueAndGradients() adds up a tensor that is used twice, in stock ops and in ours", async () => {
  await ready("simd");
  const x = tf.variable(tf.tensor2d([[1, 2], [3, 4]]));
  const before = tf.memory().numTensors;
  const { value, gradients } = valueAndGradients(() => {
    const same = x.mul(x).add(x).sub(x) as tf.Tensor2D; // x²
    return linear(same, { weight: same }).sum() as tf.Scalar; // the sum of x²·x²
  }, [x]);
  // with S = x²: the sums of S's columns times those of its rows, and (both sums)·2x
  assertClose(value.dataSync(), [10 * 5 + 20 * 25], "value");
  assertClose(gradients[0]!.dataSync(), [30, 140, 150, 360], "gradient");
  tf.dispose([value, ...gradients]);
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("valueAndGradients() leaves nothing behind when the loss fails", async () => {
  await ready("simd");
  const x = tf.variable(tf.tensor2d([[1, 2]]));
  const before = tf.memory().numTensors;
  assertThrows(
    () => valueAndGradients(() => x.square().tanh() as unknown as tf.Scalar, [x]),
    RangeError,
    "Expected the loss to be a scalar, got the shape [1,2]",
  );
  assertEquals(tf.memory().numTensors, before);
  assertEquals(tf.grad((y) => y.square())(tf.scalar(3)).dataSync()[0], 6);
});

Deno.test("createAdamW() lets weights decay by the rate of the step, not by the one it began with", async () => {
  await ready("cpu");
  const a = tf.variable(tf.tensor2d([[2]]));
  const parameters = new Map([["a", a]]);
  const optimizer = createAdamW(parameters, { learningRate: 0.05, weightDecay: 0.1 });
  optimizer.step([tf.zeros([1, 1])], { learningRate: 0.5 });
  assertClose(a.dataSync(), [2 * (1 - 0.5 * 0.1)], "a", 1e-6);
});
