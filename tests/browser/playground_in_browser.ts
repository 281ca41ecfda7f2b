/** The page on which models train, in a real browser. Run by `deno task test:browser`. */
import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { openGrammarTask } from "../../lib/lm/run/grammar_task.ts";
import { learn } from "../../lib/lm/run/learn.ts";
import { milestoneDefaults } from "../../lib/lm/run/options.ts";
import { buildPlayground, servePage } from "../../lib/playground/mod.ts";
import { ready } from "../../lib/tensor/mod.ts";
import { withChromium } from "./chromium.ts";
import { looksIn, lossesIn, openPlayground } from "./playground.ts";

const folder = new URL("../.tmp/browser/", import.meta.url).pathname;
const small = { train: 3_000, epochs: 10 };
const hash = `#train=${small.train}&epochs=${small.epochs}`;
const tiny = "#train=1000&epochs=5";

/** What `milestone:lm` has for the same settings. */
async function lossesInDeno(): Promise<readonly { step: number; loss: number }[]> {
  await ready("simd");
  const options = { ...milestoneDefaults, ...small };
  const { model, history } = await learn("gru", {
    task: openGrammarTask(options),
    options,
    hooks: {},
  });
  model.dispose();
  return history!.steps;
}

Deno.test("playground.html in a browser", async (t) => {
  await Deno.mkdir(folder, { recursive: true });
  const file = `${folder}playground.html`;
  const built = await buildPlayground();
  assertLess(built.length, 2_000_000);
  await Deno.writeTextFile(file, built);
  const url = `file://${file}`;

  await withChromium(async (browser) => {
    await t.step(
      "trains a GRU through the 2-gram line, with the losses of milestone:lm",
      async () => {
        const { press, says, told, complaints, requests, page } = await openPlayground(browser, {
          url: url + hash,
        });
        await press("go");
        await says("Done");
        const reports = await told();
        const [losses, expected] = [lossesIn(reports), await lossesInDeno()];
        assertEquals(losses.map(({ step }) => step), expected.map(({ step }) => step));
        losses.forEach(({ loss }, i) => assertAlmostEquals(loss, expected[i]!.loss, 1e-4));
        const opened = reports.flatMap((one) => one.kind === "opened" ? [one.opened] : [])[0]!;
        const last = looksIn(reports).at(-1)!;
        assertLess(last.loss, opened.idealLoss[1]!);
        assertEquals(last.order, 3);
        const shown = await page.evaluate(`document.querySelector(".scores").dataset.order`);
        assertEquals(shown, "3");
        assertEquals([complaints, requests], [[], []]);
        await page.close();
      },
    );

    for (const [dark, width] of [[false, 1280], [true, 390]] as const) {
      await t.step(`fits, ${dark ? "dark" : "light"} at ${width} px`, async () => {
        const two = `${url}${tiny}&b.architecture=transformer`;
        const { press, says, page, complaints, requests } = await openPlayground(browser, {
          url: two,
          width,
          dark,
        });
        await press("go");
        await says("Done");
        const overflow = await page.evaluate(
          `document.documentElement.scrollWidth - innerWidth`,
        ) as number;
        assert(
          overflow <= 0,
          `Expected a page no wider than its window, it is ${overflow} px wider`,
        );
        const path = `${folder}playground_${width}.png` as const;
        await page.screenshot({ path, fullPage: true });
        assertEquals([complaints, requests], [[], []]);
        await page.close();
      });
    }

    await t.step(
      "pauses, takes one step, goes back, and begins anew, by the keyboard",
      async () => {
        const { page, says, told, complaints } = await openPlayground(browser, { url });
        const key = async (id: string, key: "Enter" | "ArrowLeft" | "Home") => {
          await page.focus(`#${id}`);
          await page.keyboard.press(key);
        };
        await key("step", "Enter");
        await says("Go on");
        await page.waitForFunction(`document.querySelector(".scores").dataset.step === "1"`);
        assertEquals(lossesIn(await told()).map(({ step }) => step), [1]);
        await key("go", "Enter");
        await says("Pause");
        await page.waitForFunction(`told.at(-1).filter(({ kind }) => kind === "look").length > 5`);
        await key("go", "Enter");
        await says("Go on");
        const paused = lossesIn(await told()).at(-1)!.step;
        await key("moment", "Home");
        await page.waitForFunction(`document.querySelector(".scores").dataset.step === "0"`);
        assertEquals(lossesIn(await told()).at(-1)!.step, paused);
        await key("reset", "Enter");
        await says("Start");
        assertEquals(complaints, []);
        await page.close();
      },
    );

    await t.step("takes whatever is typed for a text, and says what is wrong with it", async () => {
      const { page, complaints, requests } = await openPlayground(browser, { url: url + tiny });
      const hostile = `aa</script><img src=x onerror=alert(1)>`;
      const field = ".typed input";
      await page.waitForSelector(".typed ol button");
      await page.evaluate(`document.querySelector("${field}").value = ""`);
      await page.type(field, hostile);
      await page.waitForFunction(`document.querySelector(".verdict.wrong") !== null`);
      const said = await page.evaluate(`document.querySelector(".typed .verdict").textContent`);
      assert(`${said}`.startsWith("Breaks the rule at character 3, “<”"), `${said}`);
      assertEquals(await page.evaluate(`document.querySelectorAll("img").length`), 0);
      assertEquals([complaints, requests], [[], []]);
      await page.close();
    });

    await t.step(
      "served, it is alone in its process, so that threads may share memory",
      async () => {
        const server = servePage(built, { port: 0 });
        try {
          const address = `http://127.0.0.1:${server.addr.port}/`;
          const { page, press, says, complaints } = await openPlayground(browser, {
            url: address + tiny,
          });
          assertEquals(await page.evaluate("crossOriginIsolated"), true);
          await press("step");
          await says("Go on");
          assertEquals(complaints, []);
          await page.close();
        } finally {
          await server.shutdown();
        }
      },
    );
  });
});
