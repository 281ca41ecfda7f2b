/** Scalar reverse-mode automatic differentiation from scratch. */
import { drawValues } from "./drawing.ts";

export { checkGradient, type GradientCheck } from "./check_gradient.ts";
export { type DrawingOptions, toDot } from "./dot.ts";
export { drawGraph, type Drawing } from "./drawing.ts";
export { type Binary, binary, type Unary, unary } from "./operations.ts";
export {
  type Functions,
  type Methods,
  type Operand,
  type OperationName,
  ops,
  Value,
} from "./value.ts";

drawValues();
