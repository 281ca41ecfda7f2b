/** What a page does in a real browser: what it logs, asks the network for, and draws. */
import type { Browser, Page } from "puppeteer-core";

/** How a page is looked at. */
export interface View {
  /** Path of the HTML file. */
  file: string;
  /** Width of the window in pixels. */
  width: number;
  /** The reader's system is dark. */
  dark?: boolean;
  /** Where to put a picture of the whole page. */
  screenshot?: string;
  /** Done once the page is drawn and before it is looked at. */
  act?: (page: Page) => Promise<void>;
}

/** What was found. */
export interface Findings {
  /** Errors on the console, uncaught errors, dialogs that opened. */
  complaints: string[];
  /** Every address asked for, other than the file itself and data inside it. */
  requests: string[];
  /** Figures that can be seen, and whether each is drawn. */
  figures: { caption: string; drawn: boolean }[];
  /** Width of the page beyond the window: above zero a phone would scroll sideways. */
  overflow: number;
}

/** Opens a page of `lib/plot` from disk, waits until it has drawn, and tells what it did. */
export async function inspect(browser: Browser, view: View): Promise<Findings> {
  const page = await browser.newPage();
  try {
    const { complaints, requests } = listen(page);
    await page.setViewport({ width: view.width, height: 900 });
    const scheme = view.dark ? "dark" : "light";
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.goto(`file://${view.file}`, { waitUntil: "load" });
    await page.waitForSelector("html[data-drawn]", { timeout: 60_000 });
    await view.act?.(page);
    if (view.screenshot !== undefined) {
      await page.screenshot({ path: view.screenshot as `${string}.png`, fullPage: true });
    }
    const seen = await page.evaluate(lookAround);
    return {
      complaints,
      requests: requests.filter((url) => url !== `file://${view.file}`),
      ...seen,
    };
  } finally {
    await page.close();
  }
}

/** Collects what a page complains of and what it asks for, from now on. */
export function listen(page: Page): { complaints: string[]; requests: string[] } {
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url())) requests.push(request.url());
  });
  return { complaints, requests };
}

/** Runs in the page, so it is text: this project has no types of a document. */
const lookAround = `(() => {
  const figures = [...document.querySelectorAll("figure.plot")].filter((one) => one.offsetParent);
  return {
    figures: figures.map((figure) => {
      const plot = figure.querySelector(".js-plotly-plot");
      const traces = plot ? plot.querySelectorAll(
        ".trace, .hm, .bars .point, .barlayer .trace, canvas, .heatmaplayer image",
      ) : [];
      return {
        caption: figure.querySelector("figcaption").textContent,
        drawn: plot !== null && plot.querySelector(".main-svg") !== null && traces.length > 0,
      };
    }),
    overflow: document.documentElement.scrollWidth - innerWidth,
  };
})()` as unknown as () => Pick<Findings, "figures" | "overflow">;
