import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import {
  colouredText,
  dotText,
  escapeHtml,
  graph,
  html,
  htmlTable,
  isHtml,
  jupyterDisplay,
} from "../../lib/plot/mod.ts";

const hostile = `<script>alert("1")</script>`;

Deno.test("escapeHtml() leaves no character that could open a tag or end an attribute", () => {
  assertEquals(escapeHtml(`a&b<c>"d"'e'`), "a&amp;b&lt;c&gt;&quot;d&quot;&#39;e&#39;");
  assertEquals(escapeHtml("&lt;"), "&amp;lt;");
});

Deno.test("html escapes strings, keeps fragments, joins lists, shows nothing for nothing", () => {
  assertEquals(
    `${html`<p class="${'"'}">${hostile}${[html`<b>${1}</b>`, "<"]}${null}${false}</p>`}`,
    `<p class="&quot;">&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;<b>1</b>&lt;</p>`,
  );
});

Deno.test("html escapes an object that only looks like a fragment", () => {
  const forged = { toString: () => hostile } as unknown as string;
  assertFalse(isHtml(forged));
  assertFalse(`${html`${forged}`}`.includes("<script"));
});

Deno.test("a fragment shows itself as HTML and as the text in it", () => {
  assertEquals(html`<b>${"a < b"}</b><style>x{}</style>`[jupyterDisplay](), {
    "text/html": "<b>a &lt; b</b><style>x{}</style>",
    "text/plain": "a < b",
  });
});

Deno.test("a graph shows itself as SVG with its title, which an untrusted notebook does not drop", async () => {
  const shown = (await graph({ dot: "digraph { a -> b }", title: hostile }))[jupyterDisplay]();
  assertEquals(Object.keys(shown).sort(), ["image/svg+xml", "text/plain"]);
  assert(`${shown["image/svg+xml"]}`.includes("&lt;script&gt;"));
  assertFalse(/<script/.test(`${shown["image/svg+xml"]}`));
  assertEquals(shown["text/plain"], `Graph: ${hostile}`);
});

Deno.test("a graph is no wider than a notebook's column", async () => {
  const dot = `digraph { rankdir=LR; ${
    Array.from({ length: 30 }, (_, i) => `n${i}`).join(" -> ")
  } }`;
  const width = `${await graph({ dot })}`.match(/<svg width="(\d+)pt"/)?.[1];
  assertEquals(width, "696"); // 928 pixels
});

Deno.test("htmlTable() escapes every cell, and puts columns of numbers to the right", () => {
  const table = `${
    htmlTable({
      head: [hostile, "n", "mixed"],
      rows: [[hostile, 1 / 3, 1], ["b", 2, hostile]],
      caption: hostile,
    })
  }`;
  assertFalse(table.includes("<script"));
  assert(table.includes(`<td style="text-align:right">0.3333</td>`));
  assert(table.includes(`<td style="text-align:left">1</td>`));
});

Deno.test("colouredText() gives each character its colour, its value and its mark", () => {
  const shown = `${
    colouredText({ text: "a<", values: [0, 1], marked: [false, true], hover: ["first", hostile] })
  }`;
  assert(shown.includes(
    `title="first" style="padding:1px 2px;border-radius:2px;` +
      `background:#440154;color:#ffffff">a</span>`,
  ));
  assert(shown.includes("background:#fde725;color:#000000;box-shadow"));
  assert(shown.includes("&lt;</span>"));
  assertFalse(shown.includes("<script"));
});

Deno.test("colouredText() makes spaces visible and leaves a value that is not finite uncoloured", () => {
  const shown = `${colouredText({ text: [" ", "b"], values: [NaN, 1] })}`;
  assert(shown.includes(`style="padding:1px 2px">␣</span>`));
});

Deno.test("colouredText() takes characters whole, as they are seen", () => {
  assertEquals(`${colouredText({ text: "a😀", values: [0, 1] })}`.match(/<span/g)?.length, 2);
});

Deno.test("colouredText() wants a value for each piece", () => {
  assertThrows(
    () => colouredText({ text: "abc", values: [1, 2] }),
    RangeError,
    "Expected a value for each of 3 pieces of text, got 2 values",
  );
});

Deno.test("graph() draws its nodes and shows labels as they are", async () => {
  const label = `"><img src=x onerror=alert(1)> \\N {a|b} &lt;`;
  const dot = `digraph { a [label=${dotText(label)}]; a -> b }`;
  const drawn = `${await graph({ dot, title: hostile })}`;
  assert(drawn.includes("&quot;&gt;&lt;img src=x onerror=alert(1)&gt; \\N {a|b} &amp;lt;</text>"));
  assertEquals(drawn.match(/class="node"/g)?.length, 2);
  assertFalse(drawn.includes("<script"));
});

Deno.test("graph() leaves out links and pictures, from attributes and from HTML labels", async () => {
  const dot = `digraph { a [URL="javascript:alert(1)" tooltip="x"]; ` +
    `b [label=<<TABLE><TR><TD HREF="javascript:alert(2)">cell</TD></TR></TABLE>>]; ` +
    `c [image="http://example.org/x.png"]; a -> b [edgeURL="javascript:alert(3)"] }`;
  const drawn = `${await graph({ dot })}`;
  assertFalse(/href|javascript:|<image|example\.org/.test(drawn));
  assert(drawn.includes("cell"));
});

Deno.test("graph() says what is wrong with text that is not DOT", async () => {
  let message = "";
  await graph({ dot: "digraph { a -> " }).catch((error) => message = String(error));
  assert(message.includes("syntax error"), message);
});
