import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { gzipSync } from "node:zlib";
import { chooser, html, lines, page, program, shownProgram } from "../../lib/plot/mod.ts";
import { jupyterDisplay } from "../../lib/plot/mod.ts";

const script = `document.title = "</script>";`;
const code = {
  name: "counter",
  packed: gzipSync(script).toString("base64"),
  style: ".counter{color:red}",
};
const hostile = `</script><img src=x onerror=alert(1)>"`;
const one = (data: unknown) =>
  program({ code, data, fallback: html`<p>${hostile}</p>`, title: hostile, height: 300 });
const sections = (...items: Parameters<typeof page>[0]["sections"][number]["items"]) => [
  { title: "Part", items },
];

Deno.test("page() carries a program once, allows it alone, and needs no Plotly for it", async () => {
  const text = page({
    title: "Two",
    sections: sections(
      one([1]),
      chooser({ label: "Choose", choices: [{ name: "a", items: [one(hostile)] }] }),
    ),
  });
  assertEquals(text.split(code.packed).length, 2);
  assertEquals(text.split(code.style).length, 2);
  assertEquals(text.match(/data-program="counter"/g)?.length, 2);
  assert(!text.includes("<img"), "hostile text stays text");
  assert(text.length < 30_000, `${text.length} characters`);
  const digest = new Uint8Array(
    await crypto.subtle.digest("SHA-256", new TextEncoder().encode(script)),
  );
  assertStringIncludes(text, `&#39;sha256-${digest.toBase64()}&#39;`);
});

Deno.test("page() carries Plotly where there is a figure", () => {
  const figure = lines({ title: "", series: [{ name: "", y: [1, 2] }] });
  assert(page({ title: "", sections: sections(figure, one(1)) }).length > 1_000_000);
});

Deno.test("a notebook shows a program as a frame that is shut off, and a fallback where markup is sanitised", () => {
  const bundle = one({ text: hostile })[jupyterDisplay]();
  const markup = bundle["text/html"] as string;
  assertMatch(markup, /<iframe [^>]*sandbox="allow-scripts"[^>]*srcdoc="&lt;!doctype html&gt;/);
  assert(!markup.includes("<img") && !markup.includes("<script"), "all markup is in the frame");
  assertEquals(bundle["text/plain"], hostile);
  const shown = shownProgram(markup);
  assertEquals(shown?.name, "counter");
  assertEquals(shown?.data, { text: hostile });
  assertEquals(`${shown?.fallback}`, `${html`<p>${hostile}</p>`}`);
  assertEquals(shownProgram("<p>no program</p>"), undefined);
});
