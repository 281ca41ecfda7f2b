import { assert, assertEquals, assertMatch } from "@std/assert";
import { differences, figureDifference, textDifference } from "./compare.ts";
import type { Cell, Notebook } from "./notebook.ts";

const figure = (y: number[], { name = "loss", ...trace }: Record<string, unknown> = {}) => ({
  data: [{ type: "scatter", name, x: [0, 1, 2], y, ...trace }],
  layout: { title: { text: "Loss" } },
});

function showing(data: Record<string, unknown>, metadata: Cell["metadata"] = {}): Notebook {
  return {
    cells: [{
      cell_type: "code",
      source: "",
      metadata,
      outputs: [{ output_type: "display_data", data, metadata: {} }],
    }],
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  };
}

const plot = (y: number[], metadata?: Cell["metadata"]) =>
  showing({ "application/vnd.plotly.v1+json": figure(y), "image/svg+xml": `${y}` }, metadata);

Deno.test("figureDifference() accepts what the tolerance allows and nothing more", () => {
  assertEquals(figureDifference(figure([3, 2, 1]), { fresh: figure([3, 2.002, 1]) }), undefined);
  assertMatch(
    figureDifference(figure([3, 2, 1]), { fresh: figure([3, 2.004, 1]) }) ?? "",
    /figure\.data\.0\.y\.1: 2 is committed, a fresh run gives 2\.004/,
  );
});

Deno.test("figureDifference() sees another name, another length and a lost trace", () => {
  const committed = figure([3, 2, 1]);
  assert(figureDifference(committed, { fresh: figure([3, 2, 1], { name: "other" }) }));
  assert(figureDifference(committed, { fresh: figure([3, 2]) }));
  assert(figureDifference(committed, { fresh: { ...committed, data: [] } }));
});

Deno.test("figureDifference() leaves out traces and figures that are marked volatile", () => {
  const volatile = { meta: { volatile: true } };
  const trace = (y: number[]) => figure(y, volatile);
  assertEquals(figureDifference(trace([1, 2, 3]), { fresh: trace([9, 9, 9]) }), undefined);
  const whole = (y: number[]) => ({ ...figure(y), layout: volatile });
  assertEquals(figureDifference(whole([1, 2, 3]), { fresh: whole([9, 9, 9]) }), undefined);
});

Deno.test("figureDifference() compares what figures say, not the theme they wear", () => {
  const wearing = (template: object) => ({ ...figure([1, 2]), layout: { template } });
  assertEquals(
    figureDifference(wearing({ layout: { font: {} } }), { fresh: wearing({}) }),
    undefined,
  );
});

Deno.test("textDifference() compares numbers by value, words exactly, and no times", () => {
  assertEquals(textDifference("loss 1.2345", { fresh: "loss  1.2346" }), undefined);
  assertEquals(textDifference("took 12 ms", { fresh: "took 3,451.5 ms" }), undefined);
  assert(textDifference("loss 1.23", { fresh: "loss 1.25" }));
  assert(textDifference("loss 1.23", { fresh: "gain 1.23" }));
});

Deno.test("differences() names the cell, and leaves out pictures and cells tagged timing", () => {
  assertEquals(differences(plot([3, 2, 1]), plot([3, 2, 1.001])), []);
  assertMatch(differences(plot([3, 2, 1]), plot([3, 2, 1.1])).join(), /^cell 0: output 0: figure/);
  assertEquals(
    differences(plot([3, 2, 1], { tags: ["timing"] }), plot([9, 9, 9], { tags: ["timing"] })),
    [],
  );
  assertEquals(differences(plot([1, 1, 1], { tolerance: 0.5 }), plot([1.4, 1, 1])), []);
});

Deno.test("differences() sees an output that is missing and one of another kind", () => {
  const silent = plot([1]);
  silent.cells[0]!.outputs = [];
  assertEquals(differences(plot([1]), silent).length, 1);
  assertEquals(differences(plot([1]), showing({ "text/plain": "1" })).length, 1);
});

Deno.test("differences() does not look into a page within an output, only at what stands beside it", () => {
  const framed = (page: string, beside: string) =>
    showing({ "text/html": `<iframe srcdoc="${page}"></iframe><p>${beside}</p>` });
  assertEquals(differences(framed("AbC1", "3 %"), framed("xYz2", "3 %")), []);
  assertEquals(differences(framed("AbC1", "3 %"), framed("AbC1", "4 %")).length, 1);
});
