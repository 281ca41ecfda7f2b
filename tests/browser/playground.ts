/** The page on which models train, opened in a browser with an ear at its workers. */
import type { Browser, Page } from "puppeteer-core";
import type { Look, Report, StepLoss } from "../../lib/playground/protocol.ts";
import { listen } from "./inspect.ts";

/** An opened page. */
export interface OpenPlayground {
  readonly page: Page;
  /** Errors on the console and the like. */
  readonly complaints: string[];
  /** Addresses asked for. */
  readonly requests: string[];
  /** Presses a button. */
  press(id: string): Promise<void>;
  /** Resolves when the button that starts and pauses says this. */
  says(text: "Start" | "Pause" | "Go on" | "Done", timeout?: number): Promise<void>;
  /** What the worker of a model told, in order. */
  told(model?: number): Promise<Report[]>;
}

/** Runs in the page before its own program: keeps what workers tell. */
const eavesdrop = `
  globalThis.told = [];
  globalThis.Worker = class extends Worker {
    constructor(...args) {
      super(...args);
      const reports = [];
      told.push(reports);
      this.addEventListener("message", ({ data }) => reports.push(data));
    }
  };
  globalThis.longTasks = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((one) => one.duration)))
    .observe({ entryTypes: ["longtask"] });
`;

/** Opens the page and waits until every model has been looked at for the first time. */
export async function openPlayground(
  browser: Browser,
  { url, width = 1200, dark = false }: { url: string; width?: number; dark?: boolean },
): Promise<OpenPlayground> {
  const page = await browser.newPage();
  const { complaints, requests } = listen(page);
  page.setDefaultTimeout(300_000);
  await page.bringToFront(); // a page behind another is drawn no frame
  await page.setViewport({ width, height: 900 });
  const scheme = dark ? "dark" : "light";
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.evaluateOnNewDocument(eavesdrop);
  await page.goto(url, { waitUntil: "load" });
  await page.waitForSelector("html[data-ready]", { timeout: 300_000 });
  const own = url.replace(/#.*/, "");
  return {
    ...{ page, complaints, requests },
    press: async (id) => {
      await page.waitForSelector(`#${id}:not([disabled])`); // while a model is made nothing starts
      await page.click(`#${id}`);
    },
    says: async (text, timeout = 300_000) => {
      const wanted = `document.querySelector("#go").textContent === "${text}"`;
      await page.waitForFunction(wanted, { timeout, polling: 100 });
    },
    told: (model = 0) =>
      page.evaluate(`told.slice(-document.querySelectorAll(".panel").length)[${model}]`) as Promise<
        Report[]
      >,
    get requests() {
      return requests.filter((one) => one.replace(/#.*/, "") !== own);
    },
  };
}

/** The training losses among what was told. */
export function lossesIn(told: readonly Report[]): StepLoss[] {
  return told.flatMap((report) => report.kind === "losses" ? report.losses : []);
}

/** The looks among what was told. */
export function looksIn(told: readonly Report[]): Look[] {
  return told.flatMap((report) => report.kind === "look" ? [report.look] : []);
}
