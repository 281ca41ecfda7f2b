/**
 * Each experiment of the page, clicked in a real browser with several seeds: what its sentence says has
 * to be seen. Run by `deno task test:playground`; it takes minutes and wants a quiet machine.
 */
import { assert, assertEquals } from "@std/assert";
import { buildPlayground, experiments, toHash } from "../../lib/playground/mod.ts";
import type { Report } from "../../lib/playground/protocol.ts";
import { withChromium } from "./chromium.ts";
import { claims } from "./playground_claims.ts";
import { looksIn, openPlayground } from "./playground.ts";
import { temporaryFolder } from "./temporary_folder.ts";

const SEEDS = [0, 1, 2];

function seenIn(told: readonly Report[]) {
  const opened = told.flatMap((one) => one.kind === "opened" ? [one.opened] : [])[0]!;
  return { opened, looks: looksIn(told) };
}

Deno.test("every experiment has a claim", () => {
  assertEquals(experiments.map(({ id }) => id), Object.keys(claims));
});

Deno.test("what an experiment says is seen, with every seed", async (t) => {
  const folder = await temporaryFolder("experiments");
  const url = `file://${folder}/playground.html`;
  await Deno.writeTextFile(`${folder}/playground.html`, await buildPlayground());
  try {
    await withChromium(async (browser) => {
      for (const { id, settings } of experiments) {
        for (const seed of SEEDS) {
          await t.step(`${id}, seed ${seed}`, async () => {
            const hash = `#experiment=${id}&${toHash({ ...settings, seed })}`;
            const { page, press, says, told, complaints } = await openPlayground(browser, {
              url: url + hash,
            });
            const start = performance.now();
            await press("go");
            await says("Done");
            const seconds = (performance.now() - start) / 1000;
            const models = await Promise.all(settings.models.map((_, i) => told(i)));
            const seen = models.map(seenIn);
            const standing = seen.map(({ looks }) => {
              const { excess, order, generated } = looks.at(-1)!;
              return `excess ${excess.toFixed(4)}, order ${order}, accuracy ${generated.accuracy}`;
            });
            console.log(`${id}, seed ${seed}: ${seconds.toFixed(1)} s; ${standing.join("; ")}`);
            assertEquals(complaints, []);
            claims[id]!(seen);
            await page.close();
          });
        }
      }
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("one click starts an experiment, and its address brings it back", async () => {
  const folder = await temporaryFolder("experiments");
  const url = `file://${folder}/playground.html`;
  await Deno.writeTextFile(`${folder}/playground.html`, await buildPlayground());
  try {
    await withChromium(async (browser) => {
      const { page, press, says } = await openPlayground(browser, { url });
      await press("experiment-wall");
      await says("Pause");
      const address = page.url();
      assert(address.includes("experiment=wall"), address);
      await page.close();
      const again = await openPlayground(browser, { url: address });
      const words = await again.page.evaluate(`document.querySelector(".words").innerText`);
      assert(`${words}`.includes(experiments[0]!.before), `${words}`);
      const kinds = await again.page.evaluate(
        `[...document.querySelectorAll("[id^=architecture]")].map(({ value }) => value)`,
      );
      assertEquals(kinds, ["bigram", "gru"]);
      await again.page.close();
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
