/** The page of `lib/plot` in a real browser. Run by `deno task test:browser`. */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { Page } from "puppeteer-core";
import { withChromium } from "./chromium.ts";
import { type Findings, inspect } from "./inspect.ts";
import { hostile, samplePage } from "./sample_page.ts";

const folder = new URL("../.tmp/browser/", import.meta.url).pathname;
const figuresOfSample = 8;

function assertSound({ complaints, requests, figures, overflow }: Findings): void {
  assertEquals(complaints, []);
  assertEquals(requests, []);
  assertEquals(figures.filter((one) => !one.drawn), []);
  assertEquals(figures.length, figuresOfSample);
  assert(overflow <= 0, `Expected a page no wider than its window, it is ${overflow} px wider`);
}

const colourOfTitle = (page: Page) =>
  page.evaluate(`getComputedStyle(document.querySelector("h1")).color`) as Promise<string>;
const colourOfTicks = (page: Page) =>
  page.evaluate(`getComputedStyle(document.querySelector(".xtick text")).fill`) as Promise<string>;

Deno.test("page() in a browser", async (t) => {
  await Deno.mkdir(folder, { recursive: true });
  const file = `${folder}sample.html`;
  const sample = await samplePage();
  assert(sample.length < 3_000_000, `${sample.length} bytes`); // the library alone is 10 MB
  await Deno.writeTextFile(file, sample);
  await withChromium(async (browser) => {
    for (const dark of [false, true]) {
      for (const width of [1200, 390]) {
        const name = `${dark ? "dark" : "light"} at ${width} px`;
        await t.step(`draws all and asks for nothing: ${name}`, async () => {
          const screenshot = `${folder}${name.replaceAll(" ", "_")}.png`;
          assertSound(await inspect(browser, { file, width, dark, screenshot }));
        });
      }
    }

    await t.step("tells what is wrong when its library cannot be unpacked", async () => {
      const broken = `${folder}broken.html`;
      const text = await Deno.readTextFile(file);
      await Deno.writeTextFile(broken, text.replace(/id="plotly">.{9}/, `id="plotly">AAAAAAAAA`));
      const page = await browser.newPage();
      await page.goto(`file://${broken}`);
      const note = await page.waitForSelector("[role=alert]", { timeout: 20_000 });
      const said = await note!.evaluate((one) => one.textContent);
      assert(said?.startsWith("The figures cannot be drawn"), `${said}`);
      await page.close();
    });

    await t.step("shows hostile text as it is", async () => {
      const act = async (page: Page) => {
        const text = await page.evaluate(`document.body.innerText`) as string;
        for (const one of hostile) assert(text.includes(one), `Expected ${one} in the page`);
      };
      assertSound(await inspect(browser, { file, width: 1200, act }));
    });

    await t.step("changes its theme, figures included, by the keyboard", async () => {
      const act = async (page: Page) => {
        const before = [await colourOfTitle(page), await colourOfTicks(page)];
        await page.focus("#theme");
        await page.keyboard.press("Enter");
        await page.waitForFunction(`document.documentElement.dataset.theme === "dark"`);
        await page.waitForFunction(
          `getComputedStyle(document.querySelector(".xtick text")).fill !== "${before[1]}"`,
        );
        assertNotEquals(await colourOfTitle(page), before[0]);
      };
      assertSound(await inspect(browser, { file, width: 1200, act }));
    });

    await t.step("tells the values of coloured text by the arrow keys", async () => {
      const act = async (page: Page) => {
        await page.focus(".coloured-text");
        for (const key of ["ArrowRight", "ArrowRight", "ArrowLeft", "ArrowRight"] as const) {
          await page.keyboard.press(key);
        }
        const said = await page.evaluate(`document.querySelector("output").textContent`);
        assertEquals(said, "/  0.37");
      };
      assertSound(await inspect(browser, { file, width: 1200, act }));
    });

    await t.step("shows the chosen panel, its figure drawn", async () => {
      const act = async (page: Page) => {
        await page.focus(".chooser select");
        await page.keyboard.press("ArrowDown");
        await page.waitForSelector(".panel:nth-of-type(2) .main-svg", { visible: true });
        const shown = await page.evaluate(
          `[...document.querySelectorAll(".panel")].map((panel) => !panel.hidden)`,
        ) as boolean[];
        assertEquals(shown.map((one, i) => one ? i : -1).filter((i) => i >= 0), [1]);
      };
      assertSound(await inspect(browser, { file, width: 1200, act }));
    });
  });
});
