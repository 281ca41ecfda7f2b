/** One picture of a model: what it computes in which order, with the shapes on the arrows. */
import { dotText, graph } from "./graph.ts";
import type { HtmlFragment } from "./html.ts";
import { palette } from "./theme.ts";

/**
 * What a block is: `data` goes in or comes out, a `layer` has weights that are learned, an
 * `operation` has none, and `join` is a small circle where two arrows meet, a sum or a product.
 */
export type BlockKind = "data" | "layer" | "operation" | "join";

/** One box. */
export interface Block {
  /** What arrows call it. */
  name: string;
  /** What stands in it, its name by default. */
  label?: string;
  /** A smaller second line, such as the shape of its weights. */
  detail?: string;
  /** `operation` by default. */
  kind?: BlockKind;
  /** The shape of what flows to the next block, when no `flows` are given. */
  shape?: string;
  /** The name of the dashed frame around it, such as `block, L times`. */
  group?: string;
}

/** One arrow. */
export interface Flow {
  /** The block that it leaves. */
  from: string;
  /** The block that it enters. */
  to: string;
  /** The shape of what flows, such as `[B, T, C]`. */
  shape?: string;
  /** A way around others, drawn dashed, such as a residual stream or a state carried over. */
  around?: boolean;
}

/** What `architecture` draws. */
export interface ArchitectureOptions {
  /** What is to be seen, one short line. */
  title: string;
  /** The boxes in the order of the computation. */
  blocks: readonly Block[];
  /** The arrows; from each block to the next when left out. */
  flows?: readonly Flow[];
  /** Where the computation goes; `right` suits up to six blocks in a row. */
  direction?: "right" | "up" | "down";
}

const looks: Record<BlockKind, string> = {
  data: `shape=box style="rounded,filled" color="${palette.blue}" fillcolor="${palette.blue}22"`,
  layer: `shape=box style="filled" color="${palette.orange}" fillcolor="${palette.orange}33"`,
  operation: `shape=box style="rounded"`,
  join: `shape=circle fixedsize=true width=0.32 margin=0`,
};

const directions = { right: "LR", up: "BT", down: "TB" } as const;

/**
 * Draws a model as boxes and arrows: blue what goes in and out, orange what has weights, grey what
 * has none.
 *
 * @throws RangeError when an arrow names a block that is not there
 *
 * @example
 * ```ts
 * import { assertMatch } from "@std/assert";
 * import { architecture } from "./mod.ts";
 * const drawn = await architecture({
 *   title: "A neuron",
 *   blocks: [
 *     { name: "x", kind: "data", shape: "[B, 2]" },
 *     { name: "linear", detail: "W [2, 1]", kind: "layer", shape: "[B, 1]" },
 *     { name: "y", kind: "data" },
 *   ],
 * });
 * assertMatch(`${drawn}`, /\[B, 2\]/);
 * ```
 */
export function architecture(options: ArchitectureOptions): Promise<HtmlFragment> {
  return graph({ dot: architectureDot(options), title: options.title });
}

/** The graph in Graphviz's language. */
export function architectureDot(
  { blocks, flows = chain(blocks), direction = "right" }: ArchitectureOptions,
): string {
  const names = new Set(blocks.map(({ name }) => name));
  for (const end of flows.flatMap(({ from, to }) => [from, to])) {
    if (!names.has(end)) {
      throw new RangeError(`Expected an arrow between blocks ${[...names].join(", ")}, got ${end}`);
    }
  }
  const groups = Map.groupBy(blocks, ({ group }) => group);
  const boxes = [...groups].map(([group, members], index) =>
    group === undefined ? members.map(box).join("\n") : framed(group, { members, index })
  );
  return `digraph {
rankdir=${directions[direction]}; nodesep=0.3; ranksep=0.4;
node [fontsize=13 height=0.4 margin="0.14,0.06"];
${boxes.join("\n")}
${flows.map(arrow).join("\n")}
}`;
}

function chain(blocks: readonly Block[]): Flow[] {
  return blocks.slice(1).map(({ name }, index) => {
    const { name: from, shape } = blocks[index]!;
    return { from, to: name, ...(shape === undefined ? {} : { shape }) };
  });
}

function box({ name, label = name, detail, kind = "operation" }: Block): string {
  const text = detail === undefined ? label : `${label}\n${detail}`;
  return `${dotText(name)} [label=${dotText(text)} ${looks[kind]}];`;
}

function framed(
  group: string,
  { members, index }: { members: readonly Block[]; index: number },
): string {
  return `subgraph cluster_${index} { label=${dotText(group)}; labeljust=l; fontsize=12; ` +
    `color="${palette.grey}"; style=dashed; ${members.map(box).join(" ")} }`;
}

function arrow({ from, to, shape, around }: Flow): string {
  const label = shape === undefined ? "" : `label=${dotText(` ${shape} `)}`;
  return `${dotText(from)} -> ${dotText(to)} [${label}${around ? " style=dashed" : ""}];`;
}
