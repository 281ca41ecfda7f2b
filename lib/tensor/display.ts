/** How a tensor shows itself at the end of a notebook cell: its shape, and a table of its numbers. */
import * as tf from "@tensorflow/tfjs";

const jupyterDisplay = Symbol.for("Jupyter.display");

/** More rows or columns than this are cut, with a sign for the rest. */
const MOST_SHOWN = 12;

/**
 * Teaches all tensors to show themselves in a notebook. Tensors of more than two dimensions show
 * their first matrix. Disposed tensors say so instead of failing.
 */
export function displayTensors(): void {
  Object.defineProperty(tf.Tensor.prototype, jupyterDisplay, {
    configurable: true,
    value(this: tf.Tensor) {
      return display(this);
    },
  });
}

async function display(tensor: tf.Tensor): Promise<Record<string, string>> {
  const name = `Tensor ${tensor.dtype} [${tensor.shape.join(", ")}]`;
  if (tensor.isDisposed) return { "text/plain": `${name}, disposed` };
  const values = await tensor.data();
  const columns = tensor.shape.at(-1) ?? 1;
  const rows = tensor.shape.at(-2) ?? 1;
  const cell = (row: number, column: number) => format(values[row * columns + column]);
  const first = tensor.rank > 2 ? ", the first matrix" : "";
  const table = layOut({ rows, columns, cell });
  return {
    "text/html": `<table><caption>${escape(name + first)}</caption>${
      table.map((row) => `<tr>${row.map((text) => `<td>${escape(text)}</td>`).join("")}</tr>`)
        .join("")
    }</table>`,
    "text/plain": [name + first, ...table.map((row) => row.join("  "))].join("\n"),
  };
}

/** The cells that are shown, an ellipsis for those that are not. */
function layOut(
  { rows, columns, cell }: {
    rows: number;
    columns: number;
    cell: (row: number, column: number) => string;
  },
): string[][] {
  const shown = (count: number) => Array.from({ length: Math.min(count, MOST_SHOWN) }, (_, i) => i);
  const table = shown(rows).map((row) => [
    ...shown(columns).map((column) => cell(row, column)),
    ...(columns > MOST_SHOWN ? ["…"] : []),
  ]);
  return rows > MOST_SHOWN ? [...table, ["…"]] : table;
}

function format(value: unknown): string {
  return typeof value === "number" ? `${+value.toPrecision(4)}` : String(value);
}

/** Strings of a string tensor come from outside. */
function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
