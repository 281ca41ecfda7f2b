/** Headless Chromium for tests and for drawing figures: started here, steered by puppeteer-core. */
import puppeteer, { type Browser } from "puppeteer-core";
import { temporaryFolder } from "./temporary_folder.ts";

/** Quiet, without a network of its own, and with WebGL in software for surfaces. */
const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--enable-unsafe-swiftshader",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
  "--hide-scrollbars",
  "--force-color-profile=srgb",
  "--remote-debugging-port=0",
];

/** Runs work with a fresh browser, which ends with the work, however that ends. */
export async function withChromium<T>(work: (browser: Browser) => Promise<T>): Promise<T> {
  const folder = await temporaryFolder("chromium");
  const process = start(folder);
  try {
    const browser = await puppeteer.connect({
      browserWSEndpoint: await endpoint(process.stderr),
      defaultViewport: null,
    });
    try {
      return await work(browser);
    } finally {
      await browser.close();
    }
  } finally {
    await ended(process);
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}

function start(folder: string): Deno.ChildProcess {
  try {
    return new Deno.Command("chromium", {
      args: [...flags, `--user-data-dir=${folder}`, "about:blank"],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error("Expected a program named chromium on the PATH, found none");
  }
}

/** The browser prints where it listens; the rest of what it says is read and dropped. */
async function endpoint(stderr: ReadableStream<Uint8Array>): Promise<string> {
  let said = "";
  const decoder = new TextDecoder();
  const reader = stderr.getReader();
  while (true) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`Expected Chromium to listen, it ended instead and said:\n${said}`);
    said += decoder.decode(value, { stream: true });
    const found = said.match(/DevTools listening on (ws:\S+)/)?.[1];
    if (found === undefined) continue;
    drain(reader);
    return found;
  }
}

async function drain(reader: ReadableStreamDefaultReader<unknown>): Promise<void> {
  while (!(await reader.read()).done);
}

async function ended(process: Deno.ChildProcess): Promise<void> {
  const timer = setTimeout(() => process.kill("SIGKILL"), 5000);
  await process.status;
  clearTimeout(timer);
}
