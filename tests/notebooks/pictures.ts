/**
 * Beside each Plotly figure a static picture, for where no script runs: the web, a printed page. Beside
 * each other SVG a PNG, for a notebook that is not trusted, which is every one after a clone.
 */
import plotly from "plotly.js-dist/plotly.js" with { type: "text" };
import type { Page } from "puppeteer-core";
import { withChromium } from "../browser/chromium.ts";
import { temporaryFolder } from "../browser/temporary_folder.ts";
import { type Bundle, joined, type Notebook, plotlyType } from "./notebook.ts";
import { withStableIds } from "./stable_ids.ts";

/** Above this many characters of SVG (surfaces, clouds of points) a PNG is smaller. */
const largestSvg = 150_000;
const width = 760;

/**
 * Puts `image/svg+xml` (or `image/png`) into every bundle that holds a Plotly figure, and `image/png`
 * into every other one that holds an SVG.
 */
export async function addPictures(notebooks: Notebook[]): Promise<void> {
  const bundles = notebooks.flatMap(({ cells }) => cells).flatMap(({ outputs }) => outputs ?? [])
    .flatMap((output) => "data" in output ? [output.data] : [])
    .filter((bundle) => plotlyType in bundle || "image/svg+xml" in bundle);
  if (bundles.length === 0) return;
  await withPlotly(async (page) => {
    for (const bundle of bundles) Object.assign(bundle, await missingPicture(page, bundle));
  });
}

async function missingPicture(page: Page, bundle: Bundle): Promise<Bundle> {
  if (!(plotlyType in bundle)) {
    return { "image/png": await rasterise(page, joined(bundle["image/svg+xml"] as string)) };
  }
  delete bundle["image/svg+xml"];
  delete bundle["image/png"];
  return await picture(page, bundle[plotlyType] as Figure);
}

/** An SVG as a PNG in base64, one pixel for each of its own. */
async function rasterise(page: Page, svg: string): Promise<string> {
  const url = await page.evaluate(`(async (svg) => {
    const image = new Image();
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svg);
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    canvas.getContext("2d").drawImage(image, 0, 0);
    return canvas.toDataURL("image/png");
  })(${JSON.stringify(svg)})`) as string;
  return url.replace(/^data:image\/png;base64,/, "");
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
