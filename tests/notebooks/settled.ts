/** Waiting for a page of JupyterLab or VS Code, which say nowhere that they are done. */
import type { Browser, Frame, Page } from "puppeteer-core";

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

/** A page that believes to be in front: JupyterLab asks for nothing while nobody looks at it. */
export async function newFrontPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  const session = await page.createCDPSession();
  await session.send("Emulation.setFocusEmulationEnabled", { enabled: true });
  return page;
}

/** How much a notebook's page shows. */
export const shownInLab =
  `document.querySelectorAll(".jp-OutputArea-output, .main-svg, .jp-OutputArea-output img, " +
    ".jp-OutputArea-output svg").length`;
