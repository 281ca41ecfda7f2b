import { assertEquals } from "@std/assert";
import { putBackLateLines } from "./late_streams.ts";
import type { Cell, Notebook } from "./notebook.ts";

function notebook(...texts: string[]): Notebook {
  const cells = texts.map((text): Cell => ({
    cell_type: "code",
    source: "",
    metadata: {},
    outputs: text === "" ? [] : [{ output_type: "stream", name: "stdout", text }],
  }));
  return { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
}

Deno.test("putBackLateLines() gives a cell the lines that the next one shows too many", () => {
  const committed = notebook("a 1\nb 2\n", "c\n", "d\n");
  assertEquals(putBackLateLines(committed, notebook("a 1\n", "b 2\nc\n", "d\n")), {
    notebook: notebook("a 1\nb 2\n", "c\n", "d\n"),
    late: 1,
  });
  assertEquals(putBackLateLines(notebook("a\n", ""), notebook("", "a\n")), {
    notebook: notebook("a\n", ""),
    late: 1,
  });
});

Deno.test("putBackLateLines() leaves lost lines lost and further ones where they are", () => {
  const committed = notebook("a\nb\n", "c\n");
  for (const fresh of [notebook("a\n", "c\n"), notebook("a\nb\n", "c\nd\n")]) {
    assertEquals(putBackLateLines(committed, fresh), { notebook: fresh, late: 0 });
  }
});
