import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { UsageError } from "../../lib/errors.ts";
import { lessonsOf } from "../../lib/site/index_page.ts";
import { linkFaults, unlink } from "../../lib/site/links.ts";
import { writePages } from "../../lib/site/main.ts";
import { renderMarkdown } from "../../lib/site/markdown.ts";
import { notebookPage } from "../../lib/site/notebook_page.ts";
import { temporaryFolder } from "../browser/temporary_folder.ts";

Deno.test("the pages of the site hold every notebook, and no link of theirs is dead", async () => {
  const folder = await temporaryFolder("site");
  try {
    await writePages(folder, { playground: true });
    await Deno.mkdir(`${folder}/api`); // what other tasks make
    await Deno.writeTextFile(`${folder}/api/index.html`, "");
    await Deno.writeTextFile(`${folder}/playground.html`, "");
    assertEquals(await linkFaults(folder), []);
    const index = await Deno.readTextFile(`${folder}/index.html`);
    for await (const { name } of Deno.readDir("notebooks")) {
      if (name.endsWith(".ipynb")) {
        assertStringIncludes(index, `href="${name.replace(".ipynb", ".html")}"`);
      }
    }
    const page = await Deno.readTextFile(`${folder}/08_transformer.html`);
    assertStringIncludes(page, "<math");
    assertStringIncludes(page, `class="hljs-keyword"`);
    assertStringIncludes(page, `class="plot"`);
    assertStringIncludes(page, `data-program="typed-text"`);
    assert(!page.includes("<iframe"), "the box is one of the page");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("linkFaults() finds files and places that are not there, and what other hosts are asked for", async () => {
  const folder = await temporaryFolder("links");
  try {
    await Deno.writeTextFile(
      `${folder}/a.html`,
      `<h2 id="here"></h2><a href="#here"></a><a href="b.html"></a><a href="#there"></a>
       <a class="x" href="a.html#nowhere">1</a><a href="https://example.org">fine</a>
       <script src="https://example.org/x.js"></script><script>"<a href='c.html'>"</script>
       <a href=".&#x2F;a.html">fine</a><a href="./">1</a><a href="file:&#x2F;&#x2F;&#x2F;home">2</a>
       <img src="//example.org/y.png">`,
    );
    const faults = await linkFaults(folder);
    assertEquals(faults.map(({ address, problem }) => `${address} ${problem}`), [
      "b.html leads to no file",
      "#there leads to no place of a.html",
      "a.html#nowhere leads to no place of a.html",
      "./ leads to no file",
      "file:&#x2F;&#x2F;&#x2F;home leads to a machine",
      "https://example.org/x.js asks another host",
      "//example.org/y.png asks another host",
    ]);
    await unlink(folder, faults);
    assertEquals((await linkFaults(folder)).map(({ address }) => address), [
      "https://example.org/x.js",
      "//example.org/y.png",
    ]);
    assertStringIncludes(await Deno.readTextFile(`${folder}/a.html`), `<a class="x">1</a>`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("renderMarkdown() makes formulas MathML, links the site's own, and shows code as text", () => {
  const made = `${
    renderMarkdown("$e^{x}$, see [02](02_nn.ipynb#a) and [b](glossary.md)\n\n```\n<b>\n```")
  }`;
  assertMatch(made, /<math.*<\/math><\/span>\u2060, see/);
  assertStringIncludes(made, `<a href="02_nn.html#a">02</a>`);
  assertStringIncludes(made, `<a href="glossary.html">b</a>`);
  assertStringIncludes(made, "&lt;b&gt;");
});

Deno.test("notebookPage() divides at headings and escapes what code has printed", () => {
  const page = notebookPage({
    cells: [
      { cell_type: "markdown", source: "# 1 · Title\n\nBefore.\n\n## First\n\nText.\n" },
      {
        cell_type: "code",
        source: ["const a = 1;\n", "a < 2;"],
        outputs: [
          { output_type: "stream", name: "stdout", text: "<script>alert(1)</script>" },
          { output_type: "display_data", data: { "image/png": "AAAA", "text/plain": "a <graph>" } },
        ],
      },
      { cell_type: "markdown", source: "## Second" },
    ],
  }, { before: undefined, after: "02_nn" });
  assertMatch(page, /<h1>1 · Title<\/h1>/);
  const titles = [...page.matchAll(/<h2 id="h\d+">(.*?)<\/h2>/g)].map(([, title]) => title);
  assertEquals(titles, ["Beginning", "First", "Second", "Where to go on"]);
  assertStringIncludes(page, "&lt;script&gt;alert(1)&lt;/script&gt;");
  assertStringIncludes(page, `alt="a &lt;graph&gt;"`);
  assertStringIncludes(page, `<a href="02_nn.html">02_nn →</a>`);
});

Deno.test("lessonsOf() refuses a README that forgets a notebook", () => {
  const readme = "| [01_a](notebooks/01_a.ipynb) | x, `y` | z |\n";
  const lesson = { name: "01_a", title: "A", build: "x, `y`", end: "z" };
  assertEquals(lessonsOf(readme, new Map([["01_a", "A"]])), [lesson]);
  assertThrows(
    () => lessonsOf(readme, new Map([["01_a", "A"], ["02_b", "B"]])),
    UsageError,
    "01_a, 02_b, got 01_a",
  );
});
