/** The executor with a real kernel. Run by `deno task test:notebooks`. */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { temporaryFolder } from "../browser/temporary_folder.ts";
import { differences } from "./compare.ts";
import { execute } from "./execute.ts";
import { type Cell, plotlyType, readNotebook } from "./notebook.ts";
import { normalise } from "./normalise.ts";
import { addPictures } from "./pictures.ts";

const sample = "tests/notebooks/fixtures/sample.ipynb";

/** What each code cell of the sample shows, by its id. */
const expected: Record<string, string[]> = {
  "imports": [],
  "stream-code": ["stdout"],
  "bare-code": ["text/plain"],
  "curve-code": [plotlyType],
  "live-code": [plotlyType],
  "text-code": ["text/html"],
  "map-code": [plotlyType],
  "surface-code": [plotlyType],
  "graph-code": ["image/svg+xml"],
  "time-code": ["stdout"],
};

const richest = [plotlyType, "text/html", "image/svg+xml"];

function kinds({ outputs = [] }: Cell): string[] {
  return outputs.map((output) =>
    output.output_type === "stream"
      ? output.name
      : output.output_type === "error"
      ? "error"
      : richest.find((type) => type in output.data) ?? "text/plain"
  );
}

/** Executes a notebook of these cells. */
async function run(sources: string[], cellSeconds = 60) {
  const folder = await temporaryFolder("executor");
  try {
    const cells = sources.map((source, index) => ({
      cell_type: "code",
      id: `c${index}`,
      metadata: {},
      source,
      outputs: [],
      execution_count: null,
    }));
    const path = `${folder}/made.ipynb`;
    const notebook = { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
    await Deno.writeTextFile(path, JSON.stringify(notebook));
    return (await execute(path, { cellSeconds })).notebook;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("execute() loses no output and puts each under its cell, run after run", async () => {
  const committed = normalise(await readNotebook(sample));
  for (let attempt = 0; attempt < 3; attempt++) {
    const notebook = normalise((await execute(sample)).notebook);
    const code = notebook.cells.filter((cell) => cell.cell_type === "code");
    const shown = Object.fromEntries(code.map((cell) => [cell.id, kinds(cell)]));
    assertEquals(shown, expected);
    assertEquals(differences(committed, notebook), []);
  }
});

Deno.test("execute() keeps the last drawing of a place that was redrawn", async () => {
  const show = (text: string, update: boolean) =>
    `await Deno.jupyter.display({ "text/plain": "${text}" }, ` +
    `{ raw: true, display_id: "place", update: ${update} });`;
  const { cells } = await run([show("first", false), show("second", true)]);
  const [first, second] = normalise({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }).cells;
  const [output] = first!.outputs!;
  assert(output !== undefined && "data" in output);
  assertEquals(output.data["text/plain"], ["second"]);
  assertEquals(second!.outputs, []);
});

Deno.test("execute() fails at the first cell that throws, and says which", async () => {
  const error = await assertRejects(
    () => run(["1;", 'throw new Error("as planned");', "2;"]),
    Error,
  );
  assertMatch(error.message, /cell 1: [\s\S]*as planned/);
});

Deno.test("execute() fails at a cell that takes too long", async () => {
  const forever = "await new Promise((resolve) => setTimeout(resolve, 600_000));";
  const error = await assertRejects(() => run(["1;", forever], 2), Error);
  assertMatch(error.message, /cell 1: took longer than 2 s/);
});

Deno.test("execute() fails at a cell that should show something and does not", async () => {
  const error = await assertRejects(
    () => run(["const show = async (x: number) => {};", "await show(1);"]),
    Error,
  );
  assertMatch(error.message, /cell 1 should show something/);
});

Deno.test("addPictures() draws the same bytes for the same figure, and a PNG of an SVG", async () => {
  const bundle = { data: [{ type: "scatter", x: [1, 2], y: [1, 3] }], layout: {} };
  const draw = async (data: Record<string, unknown>, type: string) => {
    const outputs = [{ output_type: "display_data" as const, data, metadata: {} }];
    const cells = [{ cell_type: "code" as const, source: "", metadata: {}, outputs }];
    await addPictures([{ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }]);
    return data[type] as string;
  };
  const drawn = await draw({ [plotlyType]: bundle }, "image/svg+xml");
  assertMatch(drawn, /^<svg[\s\S]*class="lines"[\s\S]*<\/svg>$/);
  assertEquals(await draw({ [plotlyType]: bundle }, "image/svg+xml"), drawn);
  const graph = await draw({ "image/svg+xml": [drawn] }, "image/png");
  assertMatch(graph, /^iVBOR/); // the first bytes of every PNG, in base64
});

Deno.test("check() stops an endless loop in the kernel, sees the cells' variables, and goes on", async () => {
  const door = new URL("../../lib/exercises/mod.ts", import.meta.url).href;
  const { cells } = await run([
    `import { check } from "${door}";\nconst two = 2;\n` +
    `const loops = () => { while (true) { try { while (true); } catch { /* goes on */ } } };\n` +
    `await check("central-difference", loops);`,
    `const slope = (f, x, h) => (f(x + h) - f(x - h)) / (two * h);\n` +
    `await check("central-difference", slope);`,
  ]);
  const texts = cells.map(({ outputs }) => JSON.stringify(outputs));
  assertMatch(texts[0]!, /not yet.*No answer after 2 seconds/);
  assertMatch(texts[1]!, /central-difference: right/);
});
