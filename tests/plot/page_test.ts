import { assert, assertEquals, assertFalse } from "@std/assert";
import { chooser, figure, html, lines, page } from "../../lib/plot/mod.ts";
import { hostile, samplePage } from "../browser/sample_page.ts";

/** The scripts of a page, as a browser finds them. */
function scripts(text: string): { attributes: string; content: string }[] {
  return [...text.matchAll(/<script([^>]*)>([\s\S]*?)<\/script/gi)]
    .map(([, attributes, content]) => ({ attributes: attributes!, content: content! }));
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`;
}

const small = () =>
  page({
    title: "t",
    sections: [{ title: "s", items: [lines({ title: "f", series: [{ name: "n", y: [1, 2] }] })] }],
  });

/** What a browser unpacks. */
function unpack(base64: string): Promise<string> {
  const stream = new Blob([Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))]).stream();
  return new Response(stream.pipeThrough(new DecompressionStream("gzip"))).text();
}

Deno.test("page() lets only its own script and the library that it carries run, by their hashes", async () => {
  const text = await samplePage();
  const found = scripts(text);
  const running = found.filter(({ attributes }) => attributes === "");
  assertEquals(running.length, 1);
  const packed = found.filter(({ attributes }) => attributes.includes("gzip"));
  assertEquals(packed.length, 1);
  const library = await unpack(packed[0]!.content);
  assert(library.includes("plotly.js v4"));
  const policy = text.match(/Content-Security-Policy" content="([^"]*)"/)![1]!;
  for (const content of [library, running[0]!.content]) {
    assert(policy.includes((await sha256(content)).slice(0, 50)));
  }
  assertEquals(policy.match(/sha256-/g)?.length, 2);
  assert(policy.startsWith("default-src &#39;none&#39;"));
  assertFalse(/script-src[^;]*unsafe/.test(policy));
  for (const rule of ["base-uri", "form-action"]) {
    assert(policy.includes(`; ${rule} &#39;none&#39;`));
  }
});

Deno.test("page() keeps hostile text out of markup, attributes and scripts", async () => {
  const text = await samplePage();
  const data = scripts(text).filter(({ attributes }) => attributes.includes("json"));
  for (const { content } of data) JSON.parse(content);
  const markup = text.replace(/<script[^>]*>[\s\S]*?<\/script>/gi, "");
  assertFalse(/<script|<img|onerror=alert\(3\)>[^&]*<\/(?!t)|<a href="javascript/i.test(markup));
  for (const one of hostile.slice(0, 4)) assertFalse(markup.includes(one), one);
});

Deno.test("page() lets no text of a figure that was made by hand end its script", () => {
  const name = "</script><script>alert(1)</script><!--<script>";
  const item = figure([{ type: "scatter", name, y: [1] }]);
  const text = page({ title: "t", sections: [{ title: "s", items: [item] }] });
  const [data] = scripts(text).filter(({ attributes }) =>
    attributes === ' type="application/json"'
  );
  assertEquals(JSON.parse(data!.content).data[0].name, name);
  assertFalse(data!.content.includes("<"));
});

Deno.test("page() keeps the signs that change how a browser reads a script out of its own", () => {
  const running = scripts(small()).filter(({ attributes }) => attributes === "");
  for (const { content } of running) assertFalse(content.includes("<!--"));
});

Deno.test("page() names its figures with the text that was given", () => {
  const figure = lines({ title: "a <b> & %{x}", series: [] });
  const text = page({ title: "t", sections: [{ title: "s", items: [figure] }] });
  assert(text.includes(`<figcaption>a &lt;b&gt; &amp; %{x}</figcaption>`));
  assert(text.includes(`aria-label="a &lt;b&gt; &amp; %{x}"`));
});

Deno.test("page() asks for nothing: no element of it loads anything", () => {
  const markup = small().replace(/<script[^>]*>[\s\S]*?<\/script>/gi, "");
  assertFalse(/<link|<iframe|\bsrc=|url\(|@import/i.test(markup));
});

Deno.test("page() gives the same bytes for the same figures", () => {
  assertEquals(small(), small());
});

Deno.test("page() splits text into paragraphs and links every section", () => {
  const text = page({
    title: "t",
    intro: "one\n\ntwo",
    sections: [{ title: "A & B", text: "three", items: [html`<p>${"four"}</p>`] }],
  });
  assert(text.includes("<p>one</p><p>two</p>"));
  assert(text.includes(`<a href="#s0">A &amp; B</a>`));
  assert(text.includes(`<section id="s0" aria-labelledby="h0">`));
});

Deno.test("page() shows the first panel of a chooser and labels its list", () => {
  const choices = ["x", "<y>"].map((name) => ({ name, items: [html`<p>${name}</p>`] }));
  const item = chooser({ label: "Sample", choices });
  const text = page({ title: "t", sections: [{ title: "s", items: [item] }] });
  assert(text.includes(`<label for="c0-0">Sample</label>`));
  assert(text.includes(`<option value="1">&lt;y&gt;</option>`));
  assertEquals(text.match(/<div class="panel"( hidden)?>/g), [
    `<div class="panel">`,
    `<div class="panel" hidden>`,
  ]);
});
