/**
 * A number that remembers how it was computed, and so knows its derivatives: reverse-mode
 * automatic differentiation on scalars (Linnainmaa, 1970).
 *
 * A graph is made of plain objects of about a hundred bytes, which go when nobody holds its result.
 * Typed arrays as a tape would take a quarter of the memory and a tenth of the time, but somebody
 * would have to say when a graph is over. Left out on purpose: tensors, second derivatives.
 */
import { type Binary, binary, type Unary, unary } from "./operations.ts";

/** What an operation works on. A plain number is a constant: it gets no gradient. */
export type Operand = Value | number;

/** Every operation of the tables as a function: `ops.sub(2, x)`. */
export type Functions =
  & { [Name in keyof typeof binary]: (left: Operand, right: Operand) => Value }
  & { [Name in keyof typeof unary]: (operand: Operand) => Value };

/** Every operation of the tables as a method: `x.sub(2)`. */
export type Methods =
  & { [Name in keyof typeof binary]: (right: Operand) => Value }
  & { [Name in keyof typeof unary]: () => Value };

/** The name of an operation. */
export type OperationName = keyof Functions;

/** The operations are methods of every value; they join the class at the end of the file. */
export interface Value extends Methods {}

/**
 * A node of the graph: a leaf, made with `new Value(3)`, or the result of an operation.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Value } from "./mod.ts";
 *
 * const x = new Value(3);
 * const y = x.mul(x).add(1); // x² + 1
 * y.backward();
 * assertEquals([y.data, x.grad], [10, 6]); // dy/dx = 2x
 * ```
 */
export class Value {
  /** The derivative, with respect to this value, of the one that `backward()` was called on. */
  grad = 0;
  /** Scratch space of {@linkcode topologicalOrder}, 0 outside of it: a Map would be ten times slower. */
  uses = 0;

  /**
   * A leaf that holds `data`; the further parameters are for the operations.
   *
   * @throws {TypeError} when `data` is NaN or not a number
   */
  constructor(
    /** The number; a leaf's may be assigned, between one `backward()` and the next computation. */
    public data: number,
    /** The operation that it is the result of; none for a leaf. */
    readonly op?: OperationName,
    /** The first operand. */
    readonly left?: Operand,
    /** The second operand, where the operation has two. */
    readonly right?: Operand,
  ) {
    if (op === undefined) numberOf(data, "new Value()");
  }

  /**
   * Computes the derivative of this value with respect to every value that it was computed from,
   * and leaves it in their `grad`.
   *
   * ∂this/∂x = Σ over the nodes n that use x of ∂this/∂n · ∂n/∂x
   *
   * Called again, leaves add up, as in PyTorch, until `zeroGrad()`; nodes between start anew.
   *
   * @throws {Error} on a leaf: nothing was computed, so most likely the graph was lost on the way
   */
  backward(): void {
    if (this.op === undefined) {
      throw new Error(`Expected a computed value for backward(), got the leaf ${this}`);
    }
    const order = topologicalOrder(this);
    for (const node of order) if (node.op !== undefined) node.grad = 0;
    this.grad = 1;
    for (const node of order) if (node.op !== undefined) passGradientOn(node);
  }

  /** Forgets the gradient: before each step of a descent, on every parameter. */
  zeroGrad(): void {
    this.grad = 0;
  }

  /** The number and its gradient to six digits, as text. */
  toString(): string {
    const [data, grad] = [this.data, this.grad].map((x) => Number(x.toPrecision(6)));
    return `Value(${data}, grad ${grad})`;
  }

  /** `console.log` would otherwise show the whole graph. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }

  /** JavaScript would make `x + 1` a text and `x * 2` NaN, both in silence. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    throw new TypeError("Expected x.add(y), x.mul(y) … or x.data, got a Value beside an operator");
  }
}

/**
 * All nodes that `root` was computed from, itself first, each after everything that uses it
 * (Kahn, 1962): the first walk counts the uses of each node, the second counts them down again.
 * Without recursion, so that a graph may be millions of nodes deep.
 *
 * @throws {Error} when a value was made to depend on itself, by writing into its operands
 */
export function topologicalOrder(root: Value): Value[] {
  const found = [root];
  for (const { left, right } of found) { // grows while it is walked
    if (typeof left === "object" && left.uses++ === 0) found.push(left);
    if (typeof right === "object" && right.uses++ === 0) found.push(right);
  }
  const order = [root];
  for (const { left, right } of order) {
    if (typeof left === "object" && --left.uses === 0) order.push(left);
    if (typeof right === "object" && --right.uses === 0) order.push(right);
  }
  if (order.length < found.length) refuseCycle(found);
  return order;
}

function refuseCycle(found: Value[]): never {
  for (const node of found) node.uses = 0;
  throw new Error("Expected a graph without cycles, got a value that is computed from itself");
}

/** The chain rule: each operand receives the node's gradient times its local derivative. */
function passGradientOn({ op, left, right, data, grad }: Value): void {
  const a = left instanceof Value ? left.data : left!;
  if (right === undefined) {
    const { gradient }: Unary = unary[op as keyof typeof unary];
    if (left instanceof Value) left.grad += grad * gradient(a, data);
  } else {
    const b = right instanceof Value ? right.data : right;
    const { gradients: [byLeft, byRight] }: Binary = binary[op as keyof typeof binary];
    if (left instanceof Value) left.grad += grad * byLeft(a, b, data);
    if (right instanceof Value) right.grad += grad * byRight(a, b, data);
  }
}

/** The number in an operand; what is none is refused here, since notebooks check no types. */
function numberOf(operand: Operand | undefined, user: string): number {
  if (operand instanceof Value) return operand.data;
  if (typeof operand === "number" && !Number.isNaN(operand)) return operand;
  throw new TypeError(
    `Expected a Value or a number for ${user}, got ${String(operand)} (${typeof operand})`,
  );
}

const functions: Record<string, (left: Operand, right?: Operand) => Value> = {};
for (const [name, { forward }] of Object.entries<Binary>(binary)) {
  const op = name as OperationName;
  functions[op] = (left, right) =>
    new Value(forward(numberOf(left, op), numberOf(right, op)), op, left, right);
}
for (const [name, { forward }] of Object.entries<Unary>(unary)) {
  const op = name as OperationName;
  functions[op] = (operand) => new Value(forward(numberOf(operand, op)), op, operand);
}

/** The operations as functions, for where a number stands on the left: `ops.sub(2, x)`. */
export const ops = functions as Functions;

for (const [name, apply] of Object.entries(functions)) {
  Object.defineProperty(Value.prototype, name, {
    value(this: Value, right?: Operand) {
      return apply(this, right);
    },
  });
}
