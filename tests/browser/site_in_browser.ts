/** The site's pages in a real browser. Run by `deno task test:browser`. */
import { assert, assertEquals } from "@std/assert";
import type { Page } from "puppeteer-core";
import { writePages } from "../../lib/site/main.ts";
import { withChromium } from "./chromium.ts";
import { inspect } from "./inspect.ts";

const folder = new URL("../.tmp/browser/site", import.meta.url).pathname;

Deno.test("the site in a browser", async (t) => {
  await writePages(folder, { playground: false });
  await withChromium(async (browser) => {
    const views = [
      { name: "index", width: 1200, dark: false },
      { name: "index", width: 390, dark: true },
      { name: "glossary", width: 390, dark: false },
      { name: "08_transformer", width: 390, dark: true },
    ];
    for (const { name, width, dark } of views) {
      await t.step(`${name} at ${width} px asks for nothing and fits`, async () => {
        const file = `${folder}/${name}.html`;
        const screenshot = `${folder}/${name}_${width}.png`;
        const found = await inspect(browser, { file, width, dark, screenshot });
        assertEquals([found.complaints, found.requests], [[], []]);
        assertEquals(found.figures.filter(({ drawn }) => !drawn), []);
        assert(found.overflow <= 0, `${found.overflow} px wider than the window`);
      });
    }

    await t.step("a notebook's box answers, without the notebook", async () => {
      const act = async (page: Page) => {
        await page.waitForSelector(".typed ol button", { timeout: 60_000 });
        await page.type(".typed input", "Z");
        await page.waitForFunction(
          `[...document.querySelectorAll(".typed ol b")].at(-2).textContent === "Z"`,
        );
      };
      const file = `${folder}/08_transformer.html`;
      const { complaints, requests } = await inspect(browser, { file, width: 1200, act });
      assertEquals([complaints, requests], [[], []]);
    });
  });
});
