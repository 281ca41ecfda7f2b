/** The graph as text and as a picture. */
import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import { drawGraph, type Drawing, toDot, Value } from "../../lib/autograd/mod.ts";
import { drawing, jupyterDisplay } from "../../lib/plot/mod.ts";

const bundleOf = (thing: unknown) => drawing(thing as Drawing)[jupyterDisplay]();
const svgOf = async (thing: unknown) => `${(await bundleOf(thing))["image/svg+xml"]}`;

Deno.test("toDot() of a product with a name and a constant, in full", () => {
  const x = new Value(3);
  const y = x.mul(2);
  y.backward();
  const box = (fill: string, title: string, data: string) =>
    `label=<<table border="0" cellborder="0" cellspacing="0" cellpadding="4" style="rounded" ` +
    `bgcolor="${fill}"><tr>${title}<td align="left">${data}</td></tr>`;
  const dot = toDot(y, { names: { x } });
  assertStringIncludes(
    dot,
    `v0 [${box("#f4f4f4", '<td rowspan="2"><b>×</b></td>', "6")}` +
      `<tr><td align="left">grad 1</td></tr></table>>]`,
  );
  assertStringIncludes(
    dot,
    `v1 [${box("#cfe3f5", '<td rowspan="2"><b>x</b></td>', "3")}` +
      `<tr><td align="left">grad 2</td></tr></table>>]`,
  );
  const edges = dot.split("\n").map((line) => line.trim()).filter((line) => line.includes("->"));
  assertEquals(edges, ["v1 -> v0", "v0_1 -> v0"]);
  assertMatch(dot, /v0_1 \[label="2"/);
});

Deno.test("toDot() draws a shared value once, with an edge for each use", () => {
  const x = new Value(3);
  const dot = toDot(x.mul(x));
  assertEquals(dot.match(/^ *v\d+ \[/gm)?.length, 2);
  assertEquals(dot.match(/v1 -> v0/g)?.length, 2);
});

Deno.test("toDot() marks what is not a number", () => {
  const y = new Value(-1).log();
  assertMatch(toDot(y), /v0 .*#f7c9a3.*NaN/);
});

Deno.test("toDot() draws the nodes nearest to the result of a large graph, and says so", () => {
  const x = new Value(0.5);
  let y = x.add(1);
  for (let i = 0; i < 100_000; i++) y = y.add(1);
  const dot = toDot(y, { limit: 10 });
  assertEquals(dot.match(/^ *v\d+ \[/gm)?.length, 10);
  assertStringIncludes(dot, `label="… and 99992 more nodes to the left"`);
  assertStringIncludes(dot, `v9_0 [label="…"`);
});

Deno.test("a value is drawn with its numbers, and is a line of text elsewhere", async () => {
  const y = new Value(0.25).add(0.5);
  y.backward();
  const svg = await svgOf(y);
  for (const text of ["+", "0.75", "grad 1", "0.25", "0.5"]) {
    assertStringIncludes(svg, `>${text}</text>`);
  }
  assertEquals((await bundleOf(y))["text/plain"], "Value(0.75, grad 1)");
});

Deno.test("drawGraph() keeps names text, whatever they hold", async () => {
  const x = new Value(1);
  const names = [
    "<script>alert(1)</script>",
    `"]; evil [label="`,
    "a&amp;b",
    "\\N\\l",
    "]]>",
    "--><b>",
    "\u0000\n\t",
    "slope ∂ 日本",
  ];
  for (const name of names) {
    const svg = await svgOf(drawGraph(x.neg(), { names: { [name]: x } }));
    assertFalse(/<(script|b)\b/.test(svg), name);
    assertEquals(svg.match(/class="node"/g)?.length, 2, name);
    const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!);
    assert(texts.map(unescape).includes(name.replace(/\p{Cc}/gu, " ")), `${name}: ${texts}`);
  }
});

function unescape(text: string): string {
  const signs: Record<string, string> = { lt: "<", gt: ">", quot: '"', "#45": "-", "#160": " " };
  return text.replaceAll(/&([#\w]+);/g, (whole, name) => signs[name] ?? whole)
    .replaceAll("&amp;", "&");
}
