/** The order in which gradients flow. */
import type { Value } from "./value.ts";

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
