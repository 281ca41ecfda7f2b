/** The same graph several times, one row a step: what an algorithm does to its nodes. */
import { dotText, graph } from "./graph.ts";
import type { HtmlFragment } from "./html.ts";
import { palette } from "./theme.ts";

/** One row. */
export interface GraphStep {
  /** What happens in it, a few words. */
  caption: string;
  /** For each node how much it still waits for. */
  open: Readonly<Record<string, number>>;
  /** The nodes that have had their turn. */
  done: readonly string[];
}

/** What `graphSteps` draws. */
export interface GraphStepsOptions {
  /** What is to be seen, one short line. */
  title: string;
  /** Arrows between named nodes, the same in each row. */
  arrows: readonly (readonly [from: string, to: string])[];
  /** The rows. */
  steps: readonly GraphStep[];
}

const looks = {
  waiting: `color="${palette.grey}" style="rounded"`,
  ready: `color="${palette.green}" fillcolor="${palette.green}33" style="rounded,filled"`,
  done: `color="${palette.blue}" fillcolor="${palette.blue}22" style="rounded,filled"`,
};

/** Draws a graph once a step: grey nodes wait, green ones are ready (0 open), blue ones are done. */
export function graphSteps({ title, arrows, steps }: GraphStepsOptions): Promise<HtmlFragment> {
  const rows = steps.map(({ caption, open, done }, row) => {
    const name = (node: string) => dotText(`${row} ${node}`);
    const boxes = Object.entries(open).map(([node, left]) => {
      const progress = done.includes(node) ? "done" : left === 0 ? "ready" : "waiting";
      return `${name(node)} [label=${dotText(`${node}: ${left}`)} ${looks[progress]}];`;
    });
    const lines = arrows.map(([from, to]) => `${name(from)} -> ${name(to)};`);
    return `subgraph cluster_${row} { label=${dotText(caption)}; labeljust=l; color=transparent; ` +
      `${boxes.join(" ")} ${lines.join(" ")} }`;
  });
  const dot = `digraph { rankdir=LR; nodesep=0.15; ranksep=0.5; fontsize=13;
node [shape=box fontsize=13 height=0.35 margin="0.12,0.04"];
${rows.toReversed().join("\n")} }`; // Graphviz stacks from the bottom up
  return graph({ dot, title });
}
