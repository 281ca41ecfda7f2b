import { assertEquals, assertMatch } from "@std/assert";
import { cellModule, checkCells, inNotebook } from "./cells.ts";
import type { Cell, Notebook } from "./notebook.ts";

const code = (source: string): Cell => ({ cell_type: "code", source, metadata: {} });
const prose: Cell = { cell_type: "markdown", source: "text", metadata: {} };
const notebook = (...cells: Cell[]): Notebook => ({
  cells,
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
});

Deno.test("cellModule() joins the code cells and remembers where each line is from", () => {
  const { text, places } = cellModule(
    notebook(prose, code(`import { a } from "../lib/a.ts";\na;`), prose, code("const b = 1;")),
    { up: "../x/" },
  );
  assertEquals(text.split("\n").slice(0, 3), [
    `import { a } from "../x/../lib/a.ts";`,
    "a;",
    "const b = 1;",
  ]);
  assertEquals(places, [{ cell: 2, line: 1 }, { cell: 2, line: 2 }, { cell: 4, line: 1 }]);
});

Deno.test("inNotebook() names the cell in place of the module", () => {
  const message = inNotebook("at file:///x/1_a.cells.ts:2:7", {
    path: "notebooks/1_a.ipynb",
    places: [{ cell: 2, line: 1 }, { cell: 4, line: 1 }],
  });
  assertEquals(message, "at notebooks/1_a.ipynb, cell 4, line 1");
});

Deno.test("checkCells() finds what the kernel runs and TypeScript refuses", async () => {
  const folder = `tests/.tmp/notebook-${crypto.randomUUID().slice(0, 8)}`;
  await Deno.mkdir(folder, { recursive: true });
  try {
    const path = `${folder}/bad.ipynb`;
    await Deno.writeTextFile(
      path,
      JSON.stringify(notebook(prose, code("const good = 1;"), code("const bad: string = good;"))),
    );
    assertMatch(await checkCells([path]), /TS2322[\s\S]*bad\.ipynb, cell 3, line 1/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
