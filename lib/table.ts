/** Tables for the terminal, without colours or boxes, so that they also read well when piped. */
import Table from "cli-table3";

const plain = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/** Lays out rows under a head; the first column to the left, the others to the right. */
export function formatTable(
  head: string[],
  rows: (string | number)[][],
): string {
  const table = new Table({
    head,
    chars: plain,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    colAligns: head.map((_, column) => column === 0 ? "left" : "right"),
  });
  for (const row of rows) table.push(row.map(String));
  return table.toString().split("\n").map((line) => line.trimEnd()).join("\n");
}
