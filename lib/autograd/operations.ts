/**
 * The operations: what each computes, and its derivatives. The engine knows nothing else about
 * them, so an entry here is a whole new operation: method, function, gradient and drawing.
 *
 * Everything is IEEE arithmetic, as in every library of the field: `log(-1)` and `0 / 0` are NaN,
 * `1 / 0` is Infinity, and the derivatives at the kinks are those of PyTorch.
 */

/** y = f(x) and its derivative. */
export interface Unary {
  /** What the drawing shows. */
  symbol: string;
  /** y */
  forward: (x: number) => number;
  /** dy/dx from x and y. */
  gradient: (x: number, y: number) => number;
}

/** y = f(a, b) and its two derivatives. */
export interface Binary {
  /** What the drawing shows. */
  symbol: string;
  /** y */
  forward: (a: number, b: number) => number;
  /** ∂y/∂a and ∂y/∂b from a, b and y. */
  gradients: [
    byLeft: (a: number, b: number, y: number) => number,
    byRight: (a: number, b: number, y: number) => number,
  ];
}

/** The operations on two operands. */
export const binary: Readonly<Record<"add" | "sub" | "mul" | "div" | "pow", Binary>> = {
  /** a + b */
  add: {
    symbol: "+",
    forward: (a, b) => a + b,
    gradients: [() => 1, () => 1],
  },
  /** a − b */
  sub: {
    symbol: "−",
    forward: (a, b) => a - b,
    gradients: [() => 1, () => -1],
  },
  /** a · b */
  mul: {
    symbol: "×",
    forward: (a, b) => a * b,
    gradients: [(_a, b) => b, (a) => a],
  },
  /** a / b */
  div: {
    symbol: "÷",
    forward: (a, b) => a / b,
    gradients: [(_a, b) => 1 / b, (_a, b, y) => -y / b],
  },
  /** aᵇ; where a or b is 0 the derivatives are limits, so that 0⁰ does not make them NaN. */
  pow: {
    symbol: "^",
    forward: (a, b) => a ** b,
    gradients: [
      (a, b) => b === 0 ? 0 : b * a ** (b - 1),
      (a, b, y) => a === 0 && b >= 0 ? 0 : y * Math.log(a),
    ],
  },
};

/** The operations on one operand. */
export const unary: Readonly<
  Record<"neg" | "exp" | "log" | "relu" | "tanh" | "sigmoid", Unary>
> = {
  /** −x */
  neg: { symbol: "−", forward: (x) => -x, gradient: () => -1 },
  /** eˣ */
  exp: { symbol: "exp", forward: Math.exp, gradient: (_x, y) => y },
  /** The natural logarithm. */
  log: { symbol: "log", forward: Math.log, gradient: (x) => 1 / x },
  /** max(x, 0); its derivative at the kink is taken to be 0. */
  relu: { symbol: "relu", forward: (x) => Math.max(x, 0), gradient: (x) => x > 0 ? 1 : 0 },
  /** The hyperbolic tangent, between −1 and 1. */
  tanh: { symbol: "tanh", forward: Math.tanh, gradient: (_x, y) => 1 - y * y },
  /** 1 / (1 + e⁻ˣ), between 0 and 1. */
  sigmoid: {
    symbol: "sigmoid",
    forward: (x) => 1 / (1 + Math.exp(-x)),
    gradient: (_x, y) => y * (1 - y),
  },
};
