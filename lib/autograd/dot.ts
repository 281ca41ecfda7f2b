/** The expression graph in Graphviz's language, https://graphviz.org/doc/info/lang.html. */
import { binary, unary } from "./operations.ts";
import { type Operand, topologicalOrder, type Value } from "./value.ts";

/** What a drawing shows. */
export interface DrawingOptions {
  /** Names for values: `{ a, b, loss }`. */
  names?: Readonly<Record<string, Value>>;
  /** At most so many nodes, the nearest to the result; more than 150 nobody can read. */
  limit?: number;
}

// Dark text on pale fills reads on a light page and on a dark one; blue and orange can be told
// apart by the colour-blind.
const fills = { leaf: "#cfe3f5", computed: "#f4f4f4", notANumber: "#f7c9a3" };

/** The graph below `root` as text: leaves on the left, the result on the right. */
export function toDot(root: Value, { names = {}, limit = 150 }: DrawingOptions = {}): string {
  const order = topologicalOrder(root);
  const shown = new Map(order.slice(0, limit).map((node, index) => [node, `v${index}`]));
  const nameOf = new Map(Object.entries(names).map(([name, value]) => [value, name]));
  const lines: string[] = [];
  for (const [node, id] of shown) {
    lines.push(`${id} [${attributes(node, nameOf.get(node))}]`);
    for (const [side, operand] of [node.left, node.right].entries()) {
      if (operand === undefined) continue;
      for (const line of edge(operand, `${id}`, { side, shown })) lines.push(line);
    }
  }
  const hidden = order.length - shown.size;
  const note = hidden > 0 ? `label="… and ${hidden} more nodes to the left"` : "";
  return `digraph {
  graph [rankdir=LR, bgcolor=transparent, ranksep=0.35, nodesep=0.15, fontcolor="#808080", ${font}, ${note}]
  node [shape=plain, ${font}, fontcolor="#202020"]
  edge [color="#808080", arrowsize=0.6]
  ${lines.join("\n  ")}
}
`;
}

const font = `fontname="Arial", fontsize=11`; // Graphviz knows its widths

interface EdgeContext {
  side: number;
  shown: Map<Value, string>;
}

/** A value's own node, or one for the constant or for all that the limit hides. */
function edge(operand: Operand, to: string, { side, shown }: EdgeContext): string[] {
  const known = typeof operand === "object" ? shown.get(operand) : undefined;
  if (known !== undefined) return [`${known} -> ${to}`];
  const id = `${to}_${side}`;
  const text = typeof operand === "number" ? formatNumber(operand) : "…";
  return [`${id} [label="${text}", fontcolor="#808080"]`, `${id} -> ${to}`];
}

/** A box: the name and the operation on the left, data above gradient on the right. */
function attributes(node: Value, name?: string): string {
  const fill = Number.isNaN(node.data) ? fills.notANumber : fills[node.op ? "computed" : "leaf"];
  const title = [name && escapeLabel(name), node.op && symbolOf(node)].filter(Boolean).join(" = ");
  const head = title && `<td rowspan="2"><b>${title}</b></td>`;
  const rows = [head + cell(formatNumber(node.data)), cell(`grad ${formatNumber(node.grad)}`)];
  return `label=<<table border="0" cellborder="0" cellspacing="0" cellpadding="4" ` +
    `style="rounded" bgcolor="${fill}"><tr>${rows.join("</tr><tr>")}</tr></table>>`;
}

function cell(text: string): string {
  return `<td align="left">${text}</td>`;
}

function symbolOf({ op }: Value): string {
  return { ...unary, ...binary }[op!].symbol;
}

/** Four digits tell a value; all of them would hide the graph. */
function formatNumber(value: number): string {
  const size = Math.abs(value);
  const plain = size === 0 || (size >= 0.001 && size < 1e6) || !Number.isFinite(value);
  return (plain ? `${Number(value.toPrecision(4))}` : value.toExponential(2)).replaceAll("-", "−");
}

/** Graphviz reads labels as HTML, and `\N` in them as a node's name; a name comes from outside. */
function escapeLabel(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, " ").replaceAll("\\", "\\\\")
    .replaceAll(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
