import { assertEquals } from "@std/assert";
import { normalise } from "./normalise.ts";
import type { Cell, Notebook } from "./notebook.ts";
import { withStableIds } from "./stable_ids.ts";

function withCell(cell: Partial<Cell>): Notebook {
  return {
    cells: [{ cell_type: "code", id: "a", source: "", metadata: {}, ...cell }],
    metadata: { language_info: { version: "5.9.2" }, widgets: {} },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

Deno.test("normalise() makes one text of a stream that arrived in pieces", () => {
  const pieces = ["a", "b\n", "c\n"].map((text) =>
    ({ output_type: "stream", name: "stdout", text }) as const
  );
  const error = { output_type: "stream", name: "stderr", text: "x" } as const;
  assertEquals(normalise(withCell({ outputs: [...pieces, error] })).cells[0]!.outputs, [
    { output_type: "stream", name: "stdout", text: ["ab\n", "c\n"] },
    { output_type: "stream", name: "stderr", text: ["x"] },
  ]);
});

Deno.test("normalise() drops timings, versions and colour codes, and keeps tags", () => {
  const { cells, metadata } = normalise(withCell({
    metadata: { tags: ["timing"], execution: { "iopub.status.busy": "2026-01-01" } },
    outputs: [{
      output_type: "execute_result",
      data: { "text/plain": "\x1b[33m1\x1b[39m" },
      metadata: { volatile: 1 },
      execution_count: 1,
    }],
  }));
  assertEquals(cells[0]!.metadata, { tags: ["timing"] });
  assertEquals(cells[0]!.outputs, [{
    output_type: "execute_result",
    data: { "text/plain": ["1"] },
    metadata: {},
    execution_count: 1,
  }]);
  assertEquals(JSON.stringify(metadata).includes("5.9.2"), false);
});

Deno.test("normalise() changes nothing the second time", () => {
  const once = normalise(withCell({ outputs: [], source: "a\nb" }));
  assertEquals(normalise(once), once);
});

Deno.test("withStableIds() gives a figure the same ids each time, and another figure others", () => {
  const drawn = (random: string) =>
    `<svg><defs id="defs-${random}"/><g clip="clip${random}x"/></svg>`;
  const first = withStableIds(drawn("0a1b2c"), { data: [1] });
  assertEquals(withStableIds(drawn("ffeedd"), { data: [1] }), first);
  assertEquals(withStableIds(drawn("0a1b2c"), { data: [2] }) === first, false);
});
