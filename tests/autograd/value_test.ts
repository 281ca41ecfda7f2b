/** The graph: sharing, depth, accumulation, identities, and graphs that nobody thought of. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { checkGradient, ops, Value } from "../../lib/autograd/mod.ts";
import { createRandom } from "../../lib/random.ts";
import recorded from "./pytorch.json" with { type: "json" };

Deno.test("backward() of x·y + x, worked by hand", () => {
  const [x, y] = [new Value(3), new Value(-2)];
  const product = x.mul(y);
  const sum = product.add(x);
  sum.backward();
  assertEquals([sum.data, product.data], [-3, -6]);
  assertEquals([sum.grad, product.grad, x.grad, y.grad], [1, 1, -1, 3]); // y + 1 and x
});

Deno.test("backward() adds up over shared sub-expressions", () => {
  const a = new Value(1);
  const b = a.add(a);
  const c = b.add(b);
  c.backward();
  assertEquals([c.data, b.grad, a.grad], [4, 2, 4]);
});

Deno.test("backward() waits for every use of a node before it passes its gradient on", () => {
  const x = new Value(3);
  const square = x.mul(x);
  const late = square.mul(square).add(square); // x⁴ + x², a short and a long way to the square
  late.backward();
  assertEquals(square.grad, 2 * 9 + 1);
  assertEquals(x.grad, 4 * 27 + 2 * 3);
});

Deno.test("backward() doubles through sixty doublings, with 2⁶⁰ paths", () => {
  const x = new Value(1);
  let y = x.add(x);
  for (let i = 1; i < 60; i++) y = y.add(y);
  y.backward();
  assertEquals(x.grad, 2 ** 60);
});

Deno.test("backward() goes a million nodes deep", () => {
  const x = new Value(2);
  let sum = x.mul(0);
  for (let i = 0; i < 1_000_000; i++) sum = sum.add(x);
  sum.backward();
  assertEquals([sum.data, x.grad], [2_000_000, 1_000_000]);
});

Deno.test("backward() twice adds up in leaves, and starts anew in between", () => {
  const x = new Value(3);
  const square = x.mul(x);
  const y = square.mul(2);
  y.backward();
  y.backward();
  assertEquals([y.grad, square.grad, x.grad], [1, 2, 24]);
});

Deno.test("backward() of two results that share a part adds up to that of their sum", () => {
  const gradient = (together: boolean) => {
    const x = new Value(0.7);
    const shared = x.exp();
    const [first, second] = [shared.mul(x), shared.tanh()];
    if (together) first.add(second).backward();
    else for (const result of [first, second]) result.backward();
    return x.grad;
  };
  assertAlmostEquals(gradient(false), gradient(true), 1e-15);
});

Deno.test("zeroGrad() forgets what the last backward() left", () => {
  const x = new Value(3);
  const y = x.mul(x);
  y.backward();
  x.zeroGrad();
  assertEquals(x.grad, 0);
  y.backward();
  assertEquals(x.grad, 6);
});

Deno.test("backward() takes a leaf's new number once it is computed with again", () => {
  const x = new Value(3);
  x.mul(x).backward();
  x.data -= 0.5 * x.grad;
  x.zeroGrad();
  x.mul(x).backward();
  assertEquals([x.data, x.grad], [0, 0]);
});

const identities: Record<string, [(x: Value) => Value, derivative: (x: number) => number]> = {
  "log(exp(x)) = x": [(x) => x.exp().log(), () => 1],
  "exp(log(x)) = x": [(x) => x.log().exp(), () => 1],
  "x − x = 0": [(x) => x.sub(x), () => 0],
  "x ÷ x = 1": [(x) => x.div(x), () => 0],
  "x · x⁻¹ = 1": [(x) => x.mul(x.pow(-1)), () => 0],
  "−(−x) = x": [(x) => x.neg().neg(), () => 1],
  "exp(2 log x) = x²": [(x) => x.log().mul(2).exp(), (x) => 2 * x],
  "2 sigmoid(2x) − 1 = tanh x": [
    (x) => x.mul(2).sigmoid().mul(2).sub(1).sub(x.tanh()),
    () => 0,
  ],
  "relu(x) − relu(−x) = x": [(x) => x.relu().sub(x.neg().relu()), () => 1],
  "2ˣ = exp(x log 2)": [(x) => ops.pow(2, x), (x) => 2 ** x * Math.LN2],
  "xˣ = exp(x log x)": [(x) => x.pow(x), (x) => x ** x * (Math.log(x) + 1)],
};
for (const [name, [f, derivative]] of Object.entries(identities)) {
  Deno.test(`${name}, and so are the derivatives`, () => {
    for (const at of [0.1, 0.5, 1, 2.5, 7]) {
      const x = new Value(at);
      f(x).backward();
      assertAlmostEquals(x.grad, derivative(at), 1e-9 * Math.max(1, derivative(at)), `at ${at}`);
    }
  });
}

Deno.test("an expression of every operation has PyTorch's value and gradients", () => {
  for (const { inputs, data, grads } of recorded.composite) {
    const leaves = inputs.map((x) => new Value(x));
    const result = composite(leaves);
    result.backward();
    assertAlmostEquals(result.data, data, 1e-12);
    leaves.forEach(({ grad }, i) => assertAlmostEquals(grad, grads[i]!, 1e-12 * Math.abs(grad)));
  }
});

/** As `composite` in record_pytorch.py. */
function composite([a, b, c]: Value[]): Value {
  const d = a!.mul(b!).add(c!);
  const e = d.tanh().sub(a!.sigmoid());
  const f = e.pow(2).add(1).div(b!.pow(a!));
  const g = d.add(f).relu().add(f.log().mul(e.neg().exp()));
  return g.mul(d).add(g);
}

Deno.test("random graphs with shared parts have the gradients that differences estimate", () => {
  for (let seed = 0; seed < 200; seed++) {
    const rng = createRandom(seed, "graph");
    const start = rng.state();
    const inputs = [rng.normal(), rng.normal(), rng.normal()];
    const { error } = checkGradient((leaves) => randomGraph(leaves, seed), inputs);
    assert(error < 1e-7, `seed ${seed}, state ${JSON.stringify(start)}: off by ${error}`);
  }
});

/** Twenty operations on values drawn from all before; bounded ones, so that nothing explodes. */
function randomGraph(leaves: Value[], seed: number): Value {
  const rng = createRandom(seed, "operations");
  const values = [...leaves];
  const draw = () => rng.choice(values);
  for (let i = 0; i < 20; i++) {
    values.push(
      rng.choice([
        () => draw().add(draw()).mul(0.5),
        () => draw().sub(draw()).mul(0.5),
        () => draw().tanh().mul(draw()),
        () => draw().div(draw().sigmoid().add(1)),
        () => draw().tanh().exp(),
        () => draw().sigmoid().add(0.5).log(),
        () => draw().sigmoid().pow(draw().tanh()),
        () => ops.sub(1, draw()),
      ])(),
    );
  }
  return values.slice(-5).reduce((sum, value) => sum.add(value.tanh()), values[0]!.mul(0));
}
