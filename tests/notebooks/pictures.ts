/** Beside each Plotly figure a static picture, for where no script runs: the web, a printed page. */
import plotly from "plotly.js-dist/plotly.js" with { type: "text" };
import type { Page } from "puppeteer-core";
import { withChromium } from "../browser/chromium.ts";
import { temporaryFolder } from "../browser/temporary_folder.ts";
import { type Notebook, plotlyType } from "./notebook.ts";
import { withStableIds } from "./stable_ids.ts";

/** Above this many characters of SVG (surfaces, clouds of points) a PNG is smaller. */
const largestSvg = 150_000;
const width = 760;

/** Puts `image/svg+xml` (or `image/png`) into every bundle that holds a Plotly figure. */
export async function addPictures(notebooks: Notebook[]): Promise<void> {
  const bundles = notebooks.flatMap(({ cells }) => cells).flatMap(({ outputs }) => outputs ?? [])
    .flatMap((output) => "data" in output && plotlyType in output.data ? [output.data] : []);
  if (bundles.length === 0) return;
  await withPlotly(async (page) => {
    for (const bundle of bundles) {
      delete bundle["image/svg+xml"];
      delete bundle["image/png"];
      Object.assign(bundle, await picture(page, bundle[plotlyType] as Figure));
    }
  });
}

interface Figure {
  data: object[];
  layout: { height?: number } & Record<string, unknown>;
}

async function picture(page: Page, { data, layout }: Figure): Promise<Record<string, string>> {
  const height = layout.height ?? 380;
  const figure = { data: data.map((trace, index) => ({ ...trace, uid: `${index}` })), layout };
  const svg = decodeURIComponent(await draw(page, { figure, format: "svg", height, scale: 1 }))
    .replace(/^data:image\/svg\+xml,/, "");
  if (svg.length <= largestSvg) return { "image/svg+xml": withStableIds(svg, figure) };
  const png = await draw(page, { figure, format: "png", height, scale: 1 });
  return { "image/png": png.replace(/^data:image\/png;base64,/, "") };
}

function draw(
  page: Page,
  options: { figure: Figure; format: string; height: number; scale: number },
): Promise<string> {
  const { figure, ...size } = options;
  return page.evaluate(
    (figure, size) => (globalThis as unknown as Plotter).Plotly.toImage(figure, size),
    figure as never,
    { ...size, width } as never,
  );
}

interface Plotter {
  Plotly: { toImage(figure: unknown, size: unknown): Promise<string> };
}

async function withPlotly(work: (page: Page) => Promise<void>): Promise<void> {
  const folder = await temporaryFolder("pictures");
  try {
    await Deno.writeTextFile(`${folder}/plotly.js`, plotly);
    await Deno.writeTextFile(
      `${folder}/index.html`,
      `<!doctype html><meta charset="utf-8"><script src="plotly.js"></script>`,
    );
    await withChromium(async (browser) => {
      const page = await browser.newPage();
      await page.goto(`file://${folder}/index.html`, { waitUntil: "load" });
      await work(page);
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
