/** The page of a run of `lib/lm` in a real browser. Run by `deno task test:browser`. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Page } from "puppeteer-core";
import { runMilestone } from "../../lib/lm/mod.ts";
import { buildPage } from "../../lib/lm/page/mod.ts";
import type { ExternalSource } from "../../lib/lm/run/external.ts";
import { runCell } from "../../lib/lm/study/cell.ts";
import { buildStudyPage } from "../../lib/lm/study/page.ts";
import { summarise } from "../../lib/lm/study/summary.ts";
import { withChromium } from "./chromium.ts";
import { inspect } from "./inspect.ts";

const folder = new URL("../.tmp/browser/", import.meta.url).pathname;
const hostile = `</script><script>alert("1")</script><img src=x onerror=alert(2)>`;
const sample = `</script><svg/onload>&lt;b`; // nothing that would be taken for chatter or code
const source: ExternalSource = {
  kind: "text",
  name: hostile,
  text: [sample, "aaBB", "ccDD11", "a%{y}&lt;b", "22eeee", "FFgg"].join("\n"),
};

const textOf = (page: Page, selector: string) =>
  page.$eval(selector, (one) => one.textContent ?? "");

Deno.test("report.html in a browser", async (t) => {
  await Deno.mkdir(folder, { recursive: true });
  const file = `${folder}report.html`;
  const milestone = await runMilestone({
    ...{ train: 400, valid: 100, generate: 60, epochs: 3, sources: [source] },
    models: ["random", "count-3", "bigram", "mlp-2", "gru", "transformer", "grammar"],
  });
  await Deno.writeTextFile(file, await buildPage(milestone));
  milestone.dispose();
  await withChromium(async (browser) => {
    for (const [dark, width] of [[false, 1200], [true, 390]] as const) {
      const name = `report ${dark ? "dark" : "light"} at ${width} px`;
      await t.step(`draws every figure, asks for nothing, fits: ${name}`, async () => {
        const screenshot = `${folder}${name.replaceAll(" ", "_")}.png`;
        const found = await inspect(browser, { file, width, dark, screenshot });
        assertEquals([found.complaints, found.requests], [[], []]);
        assertEquals(found.figures.filter(({ drawn }) => !drawn), []);
        assert(found.figures.length >= 12, `${found.figures.length} figures`);
        assert(found.overflow <= 0, `${found.overflow} px wider than the window`);
      });
    }

    await t.step("shows hostile names and samples as text, by the keyboard", async () => {
      const act = async (page: Page) => {
        await page.focus(".chooser select");
        await page.keyboard.press("End");
        await page.waitForFunction(
          `[...document.querySelectorAll(".panel")].at(-1).offsetParent !== null`,
        );
        const text = await page.evaluate(`document.body.innerText`) as string;
        assert(text.includes(hostile), "the name in the table");
        const samples = await page.evaluate(
          `[...document.querySelectorAll(".panel")].at(-1).textContent`,
        ) as string;
        assert(samples.includes(sample), "the sample");
      };
      const { complaints } = await inspect(browser, { file, width: 1200, act });
      assertEquals(complaints, []);
    });

    await t.step("answers what is typed, model by model, and hostile text stays text", async () => {
      const act = async (page: Page) => {
        await page.waitForSelector(".typed ol button");
        await page.focus(".typed input");
        const type = async (text: string) => {
          await page.$eval(".typed input", (input) => (input as HTMLInputElement).select());
          await page.keyboard.type(text);
          const shown = text.replaceAll(" ", "␣") + "⏎";
          await page.waitForFunction(
            `[...document.querySelectorAll(".typed ol b")].map((b) => b.textContent).join("") === ${
              JSON.stringify(shown)
            }`,
          );
        };
        await type("aaBc");
        assertMatch(await textOf(page, ".typed .verdict"), /^Breaks the rule at character 4, “c”/);
        assertMatch(await textOf(page, ".typed .attention"), /1\.1/); // the Transformer comes first
        assertMatch(await textOf(page, ".typed h3"), /“aaBc”/);
        await page.focus(".typed ol button[aria-pressed=true]");
        await page.keyboard.press("ArrowLeft");
        assertMatch(await textOf(page, ".typed h3"), /“aaB”/); // what comes after three characters
        const model = await textOf(page, ".typed ol .bar.model");
        await page.focus(".typed select");
        await page.keyboard.press("End");
        await page.waitForFunction(
          `document.querySelector(".typed ol .bar.model").textContent !== ${JSON.stringify(model)}`,
        );
        await page.focus(".typed input");
        await type("aa<img src=x onerror=alert(9)>");
      };
      const { complaints, requests } = await inspect(browser, { file, width: 1200, act });
      assertEquals([complaints, requests], [[], []]);
    });
  });
});

Deno.test("study.html in a browser", async () => {
  const out = `${folder}study`;
  const options = {
    grammar: "parity",
    train: 200,
    epochs: 2,
    scale: 1,
    models: ["bigram", "mlp-1"],
  };
  const cells = [];
  for (const n of [2, 3]) {
    for (const seed of [0, 1]) cells.push(await runCell({ ...options, n, seed }, { out }));
  }
  const file = `${out}/study.html`;
  await Deno.writeTextFile(file, buildStudyPage(summarise(cells)));
  await withChromium(async (browser) => {
    for (const [dark, width] of [[false, 1200], [true, 390]] as const) {
      const screenshot = `${folder}study_${width}.png`;
      const found = await inspect(browser, { file, width, dark, screenshot });
      assertEquals([found.complaints, found.requests], [[], []]);
      assertEquals(found.figures.map(({ drawn }) => drawn), Array(found.figures.length).fill(true));
      assert(found.figures.length >= 6, `${found.figures.length} figures`);
      assert(found.overflow <= 0, `${found.overflow} px wider than the window`);
    }
  });
});
