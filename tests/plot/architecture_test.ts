import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { architecture, type ArchitectureOptions } from "../../lib/plot/mod.ts";
import { architectureDot } from "../../lib/plot/architecture.ts";

const residual: ArchitectureOptions = {
  title: "A residual <b>",
  blocks: [
    { name: "x", kind: "data" },
    { name: "linear", detail: "W [C, C]", kind: "layer", group: "block, L times" },
    { name: "sum", label: "+", kind: "join", group: "block, L times" },
  ],
  flows: [
    { from: "x", to: "linear", shape: "[B, C]" },
    { from: "linear", to: "sum" },
    { from: "x", to: "sum", around: true },
  ],
};

Deno.test("architecture() writes shapes on arrows, details in boxes, and text as text", async () => {
  const drawn = `${await architecture(residual)}`;
  for (const text of ["[B, C]", "W [C, C]", "block, L times", "A residual &lt;b&gt;"]) {
    assertEquals(drawn.includes(text), true, text);
  }
  assertMatch(drawn, /stroke-dasharray/);
});

Deno.test("architecture() refuses an arrow to nowhere", () => {
  const flows = [{ from: "x", to: "y" }];
  assertThrows(() => architectureDot({ ...residual, flows }), RangeError, "got y");
});
