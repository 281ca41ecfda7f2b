/**
 * A number that remembers how it was computed, and so knows its derivatives: reverse-mode
 * automatic differentiation on scalars (Linnainmaa, 1970).
 *
 * Left out on purpose: tensors, higher derivatives, in-place operations.
 */
import { type Binary, binary, type Unary, unary } from "./operations.ts";
import { topologicalOrder } from "./order.ts";

/** What an operation works on: plain numbers are constants and get no gradient. */
export type Operand = Value | number;

/** Every operation as a function, `ops.sub(2, x)`, made from the tables. */
export type Functions =
  & { [Name in keyof typeof binary]: (left: Operand, right: Operand) => Value }
  & { [Name in keyof typeof unary]: (operand: Operand) => Value };

/** Every operation as a method, `x.sub(2)`, made from the tables. */
export type Methods =
  & { [Name in keyof typeof binary]: (right: Operand) => Value }
  & { [Name in keyof typeof unary]: () => Value };

/** The name of an operation. */
export type OperationName = keyof Functions;

// The class below and the operations of the tables are one type; they join at the end of the file.
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
  /** The derivative with respect to this value of what `backward()` was called on. */
  grad = 0;
  /** For {@linkcode topologicalOrder}; 0 outside of it. */
  uses = 0;

  constructor(
    /** The number. */
    public data: number,
    /** The operation that computed it; none for a leaf. */
    readonly op?: OperationName,
    /** What it was computed from. */
    readonly left?: Operand,
    readonly right?: Operand,
  ) {
    if (op === undefined) numberOf(data, "new Value()");
  }

  /**
   * Computes the derivative of this value with respect to every value that it was computed from.
   *
   * ∂root/∂operand = Σ over the nodes that use the operand of ∂root/∂node · ∂node/∂operand
   *
   * Leaves accumulate over calls, until `zeroGrad()`; what lies between starts anew each time.
   */
  backward(): void {
    if (this.op === undefined) {
      throw new Error(`Expected a computed value for backward(), got the leaf ${this}`);
    }
    const order = topologicalOrder(this);
    for (const node of order) if (node.op !== undefined) node.grad = 0;
    this.grad = 1;
    for (const node of order) node.passGradientOn();
  }

  private passGradientOn(): void {
    const { op, left, right, data, grad } = this;
    if (op === undefined) return;
    if (right === undefined) {
      const { gradient }: Unary = unary[op as keyof typeof unary];
      if (left instanceof Value) left.grad += grad * gradient(left.data, data);
      return;
    }
    const { gradients: [byLeft, byRight] }: Binary = binary[op as keyof typeof binary];
    const a = left instanceof Value ? left.data : left as number;
    const b = right instanceof Value ? right.data : right;
    if (left instanceof Value) left.grad += grad * byLeft(a, b, data);
    if (right instanceof Value) right.grad += grad * byRight(a, b, data);
  }

  /** Forgets the gradient, before the next step of a descent. */
  zeroGrad(): void {
    this.grad = 0;
  }

  /** `Value(3)`. */
  toString(): string {
    return `Value(${this.data})`;
  }
}

/** The number in an operand; refuses what is none, since the notebooks' kernel checks no types. */
function numberOf(operand: Operand, user: string): number {
  if (operand instanceof Value) return operand.data;
  if (typeof operand === "number" && !Number.isNaN(operand)) return operand;
  throw new TypeError(`Expected a Value or a number for ${user}, got ${operand}`);
}

const functions: Record<string, (...operands: Operand[]) => Value> = {};
for (const [name, { forward }] of Object.entries(binary)) {
  const op = name as OperationName;
  functions[op] = (left, right) =>
    new Value(forward(numberOf(left!, op), numberOf(right!, op)), op, left, right);
}
for (const [name, { forward }] of Object.entries(unary)) {
  const op = name as OperationName;
  functions[op] = (operand) => new Value(forward(numberOf(operand!, op)), op, operand);
}
for (const [name, apply] of Object.entries(functions)) {
  Object.defineProperty(Value.prototype, name, {
    value(this: Value, right: Operand) {
      return apply(this, right);
    },
  });
}

/** The operations as functions, for where a number stands on the left: `ops.sub(2, x)`. */
export const ops = functions as Functions;
