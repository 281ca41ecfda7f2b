/** The order in which gradients flow. */
import type { Value } from "./value.ts";

/**
 * All nodes that `root` was computed from, itself first, each after everything that uses it
 * (Kahn, 1962). Without recursion, so that a graph may be millions of nodes deep.
 */
export function topologicalOrder(root: Value): Value[] {
  const found = [root];
  for (const node of found) { // grows while it is walked
    for (const operand of operandsOf(node)) if (operand.uses++ === 0) found.push(operand);
  }
  const order = [root];
  for (const node of order) {
    for (const operand of operandsOf(node)) if (--operand.uses === 0) order.push(operand);
  }
  return order;
}

/** The values among a node's operands; `x + x` has x twice. */
export function operandsOf(node: Value): Value[] {
  return [node.left, node.right].filter((o) => typeof o === "object");
}
