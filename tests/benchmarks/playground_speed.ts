/**
 * How fast the page trains, beside Deno on the same lesson, in turns: `deno task bench:playground`.
 *
 * It wants a quiet machine. Seconds of training are those of the worker's own clock, without looks.
 */
import { openGrammarTask } from "../../lib/lm/run/grammar_task.ts";
import { learn } from "../../lib/lm/run/learn.ts";
import { milestoneDefaults } from "../../lib/lm/run/options.ts";
import { buildPlayground } from "../../lib/playground/mod.ts";
import { ready } from "../../lib/tensor/mod.ts";
import { withChromium } from "../browser/chromium.ts";
import { looksIn, openPlayground } from "../browser/playground.ts";
import { temporaryFolder } from "../browser/temporary_folder.ts";

const ROUNDS = 3;
const models = ["gru", "transformer"];

async function secondsInDeno(name: string): Promise<number> {
  const task = openGrammarTask(milestoneDefaults);
  const { model, seconds } = await learn(name, { task, options: milestoneDefaults, hooks: {} });
  model.dispose();
  return seconds;
}

await ready("simd");
const folder = await temporaryFolder("playground");
const url = `file://${folder}/playground.html`;
await Deno.writeTextFile(`${folder}/playground.html`, await buildPlayground());
try {
  await withChromium(async (browser) => {
    for (const name of models) {
      for (let round = 0; round < ROUNDS; round++) {
        const opening = performance.now();
        const { page, press, says, told } = await openPlayground(browser, {
          url: `${url}#a.architecture=${name}`,
        });
        const opened = performance.now() - opening;
        await page.evaluate(`longTasks.length = 0`);
        const start = performance.now();
        await press("go");
        await page.waitForFunction(`told.at(-1).some(({ kind, look }) =>
          kind === "look" && look.generated.accuracy > 0.95)`);
        const good = performance.now() - start;
        await says("Done");
        const whole = performance.now() - start;
        const long = await page.evaluate(`longTasks.filter((time) => time > 50)`) as number[];
        const chromium = looksIn(await told()).at(-1)!.seconds;
        await page.close();
        const deno = await secondsInDeno(name);
        const s = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`;
        console.log(
          `${name}: training ${chromium.toFixed(2)} s in Chromium, ${deno.toFixed(2)} s in Deno ` +
            `(${(deno / chromium).toFixed(2)} times as fast); page there after ${s(opened)}, ` +
            `95 % right after ${s(good)}, all done after ${s(whole)}; tasks over 50 ms: ${
              long.map(Math.round).join(", ") || "none"
            }`,
        );
      }
    }
  });
} finally {
  await Deno.remove(folder, { recursive: true });
}
