/** What is refused, with the operation and the value named, and what follows IEEE arithmetic. */
import { assertEquals, assertThrows } from "@std/assert";
import { checkGradient, type Operand, ops, Value } from "../../lib/autograd/mod.ts";
import { topologicalOrder } from "../../lib/autograd/value.ts";

const wrong = (thing: unknown) => thing as Operand; // what a notebook lets through

Deno.test("an operation refuses what is no number, and names both", () => {
  const x = new Value(1);
  const refused: [() => unknown, string][] = [
    [() => x.add(wrong("2")), "Expected a Value or a number for add, got 2 (string)"],
    [() => x.mul(NaN), "Expected a Value or a number for mul, got NaN (number)"],
    [() => x.pow(wrong(undefined)), "for pow, got undefined (undefined)"],
    [() => ops.sub(wrong(null), x), "for sub, got null (object)"],
    [() => ops.exp(wrong([1])), "for exp, got 1 (object)"],
    [() => new Value(NaN), "for new Value(), got NaN (number)"],
    [() => new Value("3" as unknown as number), "for new Value(), got 3 (string)"],
  ];
  for (const [misuse, message] of refused) assertThrows(misuse, TypeError, message);
});

Deno.test("a Value beside an operator of the language is refused", () => {
  const x = new Value(1) as unknown as number;
  const operators = [() => x + 1, () => 2 * x, () => x < 1, () => `${-x}`];
  for (const misuse of operators) assertThrows(misuse, TypeError, "got a Value beside an operator");
  assertEquals(`${x}`, "Value(1, grad 0)");
});

Deno.test("backward() on a leaf is refused: its graph was lost", () => {
  const message = "Expected a computed value for backward(), got the leaf Value(3, grad 0)";
  assertThrows(() => new Value(3).backward(), Error, message);
  assertThrows(() => checkGradient(([x]) => x!, [3]), Error, message);
});

Deno.test("backward() refuses a value that is computed from itself, and can go on after", () => {
  const x = new Value(1);
  const y = x.add(1);
  const z = y.mul(2);
  const left = y.left;
  Object.assign(y, { left: z });
  for (const inCycle of [y, z]) {
    assertThrows(() => inCycle.backward(), Error, "Expected a graph without cycles");
  }
  Object.assign(y, { left });
  z.backward();
  assertEquals(x.grad, 2);
});

Deno.test("what IEEE arithmetic defines is computed, as in PyTorch", () => {
  assertEquals(new Value(-1).log().data, NaN);
  assertEquals(new Value(0).log().data, -Infinity);
  assertEquals(new Value(1).div(0).data, Infinity);
  assertEquals(new Value(0).div(0).data, NaN);
  assertEquals(new Value(-8).pow(1 / 3).data, NaN);
  assertEquals(new Value(1000).exp().data, Infinity);
  for (const apply of Object.values(ops)) {
    assertEquals(apply(new Value(-1).log(), 2).data, NaN, "a computed NaN flows on");
  }
});

Deno.test("topologicalOrder() has each node after all its users, once, and leaves no trace", () => {
  const [a, b] = [new Value(1), new Value(2)];
  const c = a.mul(b);
  const d = c.add(a);
  const e = d.sub(c);
  const order = topologicalOrder(e);
  assertEquals(order.length, 5);
  const place = new Map(order.map((node, index) => [node, index]));
  for (const user of order) {
    for (const operand of [user.left, user.right]) {
      if (operand instanceof Value) assertEquals(place.get(user)! < place.get(operand)!, true);
    }
  }
  assertEquals(order.map(({ uses }) => uses), [0, 0, 0, 0, 0]);
});
