/** A perceptron as a picture: a circle for each number, an arrow for each weight. */
import { largestOf } from "../extremes.ts";
import { graph, type HtmlFragment, palette } from "../plot/mod.ts";
import type { LayerWeights, Weights } from "./weights.ts";

/** Draws the network from left to right: thicker arrows for larger weights, blue ones add, orange ones subtract. */
export function networkGraph(weights: Weights): Promise<HtmlFragment> {
  const sizes = [weights[0]!.inputs, ...weights.map(({ outputs }) => outputs)];
  const label = (layer: number, unit: number) =>
    layer === 0 ? `x${unit + 1}` : layer < sizes.length - 1 ? "relu" : "y";
  const nodes = sizes.flatMap((size, layer) =>
    Array.from(
      { length: size },
      (_, unit) => `${node(layer, unit)} [label="${label(layer, unit)}"];`,
    )
  );
  return graph({
    dot:
      `digraph { rankdir=LR; ranksep=2; nodesep=0.08; node [shape=circle fixedsize=true width=0.45 fontsize=11];
      ${nodes.join(" ")} ${weights.flatMap(arrows).join(" ")} }`,
    title: `${sizes.join(" → ")}: ${weights.flatMap(({ weight }) => [...weight]).length} weights`,
  });
}

function node(layer: number, unit: number): string {
  return `n${layer}_${unit}`;
}

function arrows({ inputs, outputs, weight }: LayerWeights, layer: number): string[] {
  const largest = Math.max(largestOf(weight.map(Math.abs)), Number.MIN_VALUE);
  return Array.from({ length: inputs * outputs }, (_, i) => {
    const value = weight[i]!;
    const [from, to] = [node(layer, Math.floor(i / outputs)), node(layer + 1, i % outputs)];
    const width = 0.3 + 2.7 * Math.abs(value) / largest;
    const colour = value < 0 ? palette.vermillion : palette.blue;
    return `${from} -> ${to} [arrowhead=none penwidth=${width.toFixed(2)} color="${colour}"];`;
  });
}
