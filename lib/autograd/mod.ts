/** Scalar reverse-mode automatic differentiation from scratch. */
export { type Binary, binary, type Unary, unary } from "./operations.ts";
export {
  type Functions,
  type Methods,
  type Operand,
  type OperationName,
  ops,
  Value,
} from "./value.ts";
