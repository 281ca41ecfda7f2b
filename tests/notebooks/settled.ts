/** Waiting for a page of JupyterLab or VS Code, which say nowhere that they are done. */
import type { Frame, Page } from "puppeteer-core";

/** Waits until an expression, read in a page or a frame, keeps its value for two seconds and is not 0. */
export async function settled(
  page: Page | Frame,
  expression: string,
  seconds = 120,
): Promise<void> {
  let [before, quiet] = ["", 0];
  for (const end = performance.now() + 1000 * seconds; performance.now() < end;) {
    const now = JSON.stringify(await page.evaluate(expression));
    quiet = now === before && now !== "0" ? quiet + 1 : 0;
    if (quiet === 4) return;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`Expected a page that comes to rest, it still changed after ${seconds} s`);
}

/** How much a notebook's page shows. */
export const shownInLab =
  `document.querySelectorAll(".jp-OutputArea-output, .main-svg, .jp-OutputArea-output img, " +
    ".jp-OutputArea-output svg").length`;
