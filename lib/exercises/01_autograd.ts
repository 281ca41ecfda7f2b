/** Tasks of the first notebook: slopes by trial, operations, a step downhill, softmax, the engine. */
import { Value } from "../autograd/mod.ts";
import type { Random } from "../random.ts";
import { exercise } from "./exercise.ts";

type Curve = (x: number) => number;
type Slope = (f: Curve, x: number, h: number) => number;

/** A number of the notebook's first engine. */
interface Num {
  data: number;
  grad: number;
  uses: [operand: Num, slope: number][];
}

const num = (data: number, uses: Num["uses"] = []): Num => ({ data, grad: 0, uses });

type Quotient = (a: Num, b: Num) => Num;

/** Division with slopes as given, to make wrong ones. */
const quotient = (slopes: (a: number, b: number) => [number, number]): Quotient => (a, b) => {
  const [byA, byB] = slopes(a.data, b.data);
  return num(a.data / b.data, [[a, byA], [b, byB]]);
};

/** What an operation computed, and its slope by each operand however often it is listed. */
function valueAndSlopes(result: Num, operands: Num[]): unknown {
  if (!Array.isArray(result.uses)) return result;
  const slopes = operands.map((operand) =>
    result.uses.filter(([used]) => used === operand).reduce((sum, [, slope]) => sum + slope, 0)
  );
  return { data: result.data, slopes };
}

type Step = (parameters: Value[], learningRate: number) => void;

/** A step with its two halves as given. */
const stepBy =
  (change: (gradient: number) => number, forget = true): Step => (parameters, learningRate) => {
    for (const parameter of parameters) {
      parameter.data += learningRate * change(parameter.grad);
      if (forget) parameter.zeroGrad();
    }
  };

type Softmax = (logits: Value[]) => Value[];

const total = (values: Value[]) => values.reduce((sum, value) => sum.add(value));

/** The engine that the last task asks for. */
interface Engine {
  number(data: number): Num;
  add(a: Num, b: Num): Num;
  mul(a: Num, b: Num): Num;
  backward(root: Num): void;
}

const operations: Omit<Engine, "backward"> = {
  number: (data) => num(data),
  add: (a, b) => num(a.data + b.data, [[a, 1], [b, 1]]),
  mul: (a, b) => num(a.data * b.data, [[a, b.data], [b, a.data]]),
};

function engine({ waits, adds }: { waits: boolean; adds: boolean }): Engine {
  const backward = (root: Num) => {
    const order = waits ? orderOf(root) : foundOrder(root);
    for (const node of order) node.grad = 0;
    root.grad = 1;
    for (const node of order) {
      for (const [operand, slope] of node.uses) {
        operand.grad = (adds ? operand.grad : 0) + node.grad * slope;
      }
    }
  };
  return { ...operations, backward };
}

/** Every number after all of its users (Kahn, 1962). */
function orderOf(root: Num): Num[] {
  const open = new Map<Num, number>();
  for (const node of foundOrder(root)) {
    for (const [operand] of node.uses) open.set(operand, (open.get(operand) ?? 0) + 1);
  }
  const ready = [root];
  for (const node of ready) {
    for (const [operand] of node.uses) {
      open.set(operand, open.get(operand)! - 1);
      if (open.get(operand) === 0) ready.push(operand);
    }
  }
  return ready;
}

/** Every number when it is first met, too early for some. */
function foundOrder(root: Num): Num[] {
  const found = new Set([root]);
  for (const node of found) for (const [operand] of node.uses) found.add(operand);
  return [...found];
}

function recursive(root: Num): void {
  const order: Num[] = [];
  const seen = new Set<Num>();
  const visit = (node: Num) => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const [operand] of node.uses) visit(operand);
    order.unshift(node);
  };
  visit(root);
}

/** Three graphs: a small tangled one, one with 2⁶⁰ ways through it, and a long one. */
function tryEngine({ number, add, mul, backward }: Engine, [a, b, c]: number[]): unknown {
  const leaves = [number(a!), number(b!), number(c!)] as [Num, Num, Num];
  const product = mul(leaves[0], leaves[1]);
  const early = add(product, leaves[2]);
  const result = mul(early, mul(add(early, leaves[0]), leaves[0]));
  backward(result);
  const start = number(1);
  let doubled = start;
  for (let i = 0; i < 60; i++) doubled = add(doubled, doubled);
  backward(doubled);
  const one = number(1);
  let long = one;
  for (let i = 0; i < 20_000; i++) long = add(long, one);
  backward(long);
  return {
    result: result.data,
    slopes: leaves.map(({ grad }) => grad),
    sixtyDoublings: start.grad / 2 ** 60,
    longChain: one.grad,
  };
}

const between = (rng: Random, low: number, high: number) => low + (high - low) * rng.uniform();

export const exercises = [
  exercise<Slope, [Curve, number, number]>({
    name: "central-difference",
    task: "the slope of a curve from a step of length h to both sides",
    inputs: (rng) => {
      const [a, b] = [between(rng, 0.5, 2), between(rng, -2, 2)];
      return [(x) => a * x ** 3 + b * x, between(rng, 0.5, 2), between(rng, 0.05, 0.5)];
    },
    describe: ([f, x, h]) =>
      `a curve with f(x) = ${f(x).toFixed(4)}, x = ${x.toFixed(4)}, ` +
      `h = ${h.toFixed(4)}`,
    reference: (f, x, h) => (f(x + h) - f(x - h)) / (2 * h),
    hints: [
      {
        whenever: (f, x, h) => (f(x + h) - f(x)) / h,
        say: "That is a step to one side only: start from x − h instead of x, and mind how far " +
          "the two places are then apart",
      },
      {
        whenever: (f, x, h) => (f(x + h) - f(x - h)) / h,
        say: "From x − h to x + h is a way of 2h, not of h",
      },
      {
        whenever: (f, x, h) => (f(x) - f(x - h)) / h,
        say: "That is a step to one side only, the left one: go from x − h to x + h",
      },
      {
        whenever: (f, x, h) => f(x + h) - f(x - h),
        say: "That is how much f rises: divide by how far x has moved, 2h",
      },
      {
        whenever: (f, x, h) => (f(x + h) + f(x - h)) / (2 * h),
        say: "A slope comes from the difference of the two heights, not from their sum",
      },
      {
        whenever: (f, x, h) => (f(x + h / 2) - f(x - h / 2)) / h,
        say: "A fair slope, but with half the step: go a whole h to each side",
      },
      {
        whenever: (f, x, h) => f(x + h) - f(x - h) / (2 * h),
        say: "A division binds more tightly than a minus: put the difference in parentheses",
      },
      {
        whenever: (f, x, h) => (f(x + h) - f(x - h)) / 2 * h,
        say: "`… / 2 * h` divides by 2 and then multiplies by h: write `/ (2 * h)`",
      },
    ],
  }),
  exercise<Quotient, [Num, Num]>({
    name: "division",
    task: "a division for `Num`: the value, and the slope by each operand",
    inputs: (rng) => [num(between(rng, -3, 3)), num(between(rng, 1.2, 3))],
    describe: ([a, b]) => `${a.data.toFixed(4)} / ${b.data.toFixed(4)}`,
    use: (mine, [a, b]) => valueAndSlopes(mine(a, b), [a, b]),
    reference: quotient((a, b) => [1 / b, -a / b ** 2]),
    hints: [
      {
        whenever: quotient((a, b) => [1 / b, a / b ** 2]),
        say: "Turn b up and a/b comes nearer to 0: the slope by b has the other sign",
      },
      {
        whenever: quotient((a, b) => [1 / b, -a / b]),
        say: "The slope by a is right. By b it is that of a · b⁻¹, and the slope of b⁻¹ is −b⁻²",
      },
      {
        whenever: quotient((_a, b) => [1 / b, -1 / b ** 2]),
        say: "The slope by a is right. By b, the factor a is still there: a · (−1/b²)",
      },
      {
        whenever: quotient((a, b) => [-a / b ** 2, 1 / b]),
        say: "The two slopes are right, but each stands beside the other operand",
      },
      {
        whenever: quotient((a, b) => [b, a]),
        say: "Those are the slopes of a product",
      },
      {
        whenever: (a, b) => num(a.data / b.data),
        say: "The value is right, but nothing is remembered: give `new Num` its list of uses",
      },
    ],
  }),
  exercise<Step, { data: number[]; grads: number[]; learningRate: number }>({
    name: "descent-step",
    task: "one step of gradient descent: move each parameter, then forget its slope",
    inputs: (rng) => ({
      data: [rng.normal(), rng.normal(), rng.normal()],
      grads: [between(rng, 0.5, 2), between(rng, -2, -0.5), between(rng, 2, 4)],
      learningRate: between(rng, 0.05, 0.5),
    }),
    use: (mine, { data, grads, learningRate }) => {
      const parameters = data.map((x) => new Value(x));
      parameters.forEach((parameter, i) => parameter.grad = grads[i]!);
      mine(parameters, learningRate);
      return {
        data: parameters.map((parameter) => parameter.data),
        grads: parameters.map((parameter) => parameter.grad),
      };
    },
    reference: stepBy((gradient) => -gradient),
    hints: [
      {
        whenever: stepBy((gradient) => gradient),
        say: "That walks uphill: the slope says where the result rises, so go the other way",
      },
      {
        whenever: stepBy((gradient) => -gradient, false),
        say: "The parameters are right, but their slopes are still there, and the next " +
          "`backward()` adds to them: call `zeroGrad()`",
      },
      {
        whenever: (parameters, learningRate) => {
          for (const parameter of parameters) parameter.zeroGrad();
          stepBy((gradient) => -gradient)(parameters, learningRate);
        },
        say: "Nothing moved: the slope is forgotten before it is used",
      },
      {
        whenever: (parameters, learningRate) =>
          stepBy((gradient) => -gradient)(parameters.slice(0, 1), learningRate),
        say: "Only the first parameter moves: go through all of them",
      },
      {
        whenever: () => 0,
        say: "The parameters are what they were: assign to their `data`, nothing need be returned",
      },
      {
        whenever: (parameters) => stepBy((gradient) => -gradient)(parameters, 1),
        say: "The learning rate is not used: multiply the slope by it",
      },
      {
        whenever: stepBy((gradient) => -Math.sign(gradient)),
        say: "Every parameter moves equally far: the step is the learning rate times the slope",
      },
    ],
  }),
  exercise<Softmax, [Value[]]>({
    name: "softmax-of-values",
    task: "softmax: positive shares that add up to 1, from any numbers",
    inputs: (rng) => [Array.from({ length: 3 }, () => new Value(rng.normal()))],
    describe: ([logits]) => `logits ${logits.map(({ data }) => data.toFixed(4)).join(", ")}`,
    use: (mine, [logits]) => {
      const shares = mine(logits);
      if (!Array.isArray(shares)) return "one share";
      if (typeof shares[0] === "number") return { shares };
      shares[0]!.backward();
      return {
        shares: shares.map(({ data }) => data),
        slopesOfTheFirst: logits.map(({ grad }) => grad),
      };
    },
    reference: (logits) => {
      const weights = logits.map((logit) => logit.exp());
      const sum = total(weights);
      return weights.map((weight) => weight.div(sum));
    },
    hints: [
      {
        whenever: (logits) => logits.map((logit) => logit.exp()),
        say: "They are positive now, but do not add up to 1: divide each by their sum",
      },
      {
        whenever: (logits) => {
          const weights = logits.map((logit) => logit.neg().exp());
          return weights.map((weight) => weight.div(total(weights)));
        },
        say: "The largest logit gets the smallest share: no minus in front of the logits",
      },
      {
        whenever: (logits) => logits.map((logit) => logit.div(total(logits)).exp()),
        say: "First e to the power of each, then divide by the sum of those",
      },
      {
        whenever: (logits) => logits.map((logit) => logit.div(total(logits))),
        say: "They add up to 1, but some may be negative: take `exp()` of each first",
      },
      {
        whenever: (logits) => {
          const sum = logits.reduce((all, { data }) => all + Math.exp(data), 0);
          return logits.map((logit) => logit.exp().div(sum));
        },
        say: "The shares are right and the slopes are not: the sum must be a `Value` too, since " +
          "turning one logit changes it",
      },
      {
        whenever: (logits) => {
          const sum = logits.reduce((all, { data }) => all + Math.exp(data), 0);
          return logits.map(({ data }) => new Value(Math.exp(data) / sum));
        },
        say:
          "The shares are right, but computed with plain numbers: no graph, so nothing to walk " +
          "back along",
      },
      {
        whenever: (logits) => {
          const weights = logits.map((logit) => logit.exp());
          return weights.map((weight) => weight.div(weights.length));
        },
        say: "You divide by how many there are: divide by the sum of the exponentials",
      },
    ],
  }),
  exercise<Engine, number[]>({
    name: "autograd-from-memory",
    task: "an engine `{ number, add, mul, backward }` whose numbers have `data` and `grad`",
    inputs: (rng) => [rng.normal(), rng.normal(), rng.normal()],
    describe: ([a, b, c]) =>
      `e = ab + c, result = e · ((e + a) · a) at ${
        [a, b, c].map((x) => x!.toFixed(3)).join(", ")
      }; sixty doublings; a sum of 20,001`,
    use: tryEngine,
    trials: 3,
    reference: engine({ waits: true, adds: true }),
    hints: [
      {
        whenever: engine({ waits: true, adds: false }),
        say: "A number that is used twice keeps only its last report: `+=` instead of `=`",
      },
      {
        whenever: engine({ waits: false, adds: true }),
        say: "A number passes its slope on before all of its users have reported: it must wait " +
          "until the last one has",
      },
      {
        whenever: "slow",
        say: "Sixty doublings have 2⁶⁰ ways back, and the walk takes them all: add up what comes " +
          "in, and pass it on once",
      },
      {
        whenever: { ...operations, backward: recursive },
        say:
          "The order is found by a function that calls itself for every number behind a number; " +
          "20,000 in a row are too deep for that: use a loop and a list",
      },
      {
        whenever: {
          ...engine({ waits: true, adds: true }),
          mul: (a, b) => num(a.data * b.data, [[a, a.data], [b, b.data]]),
        },
        say: "The slope of a product by one factor is the other factor",
      },
    ],
  }),
];
