/**
 * Every figure of the notebooks under three Plotlys, which must draw the same: 2.35.3, which VS Code's
 * renderer has inside, 3.0.1, and the newest, which JupyterLab and our pages use.
 */
import { assert, assertEquals } from "@std/assert";
import newest from "plotly.js-dist/plotly.js" with { type: "text" };
import second from "plotly.js-dist-2/plotly.min.js" with { type: "text" };
import third from "plotly.js-dist-3/plotly.min.js" with { type: "text" };
import type { Browser, Page } from "puppeteer-core";
import { notebookPaths, plotlyType, readNotebook } from "../notebooks/notebook.ts";
import { withChromium } from "./chromium.ts";
import { temporaryFolder } from "./temporary_folder.ts";

const libraries = { "2.35.3": second, "3.0.1": third, newest };

/** The largest share of a figure's area that may look different; one thin curve more is 0.002. */
const allowedShare = 0.001;

interface Figure {
  data: unknown[];
  layout: { sliders?: unknown[] } & Record<string, unknown>;
  frames?: unknown[];
}

/** What a figure looks like, and again with its slider at the end. */
interface Drawn {
  pictures: string[];
  traces: number;
}

async function figuresOf(path: string): Promise<Figure[]> {
  const { cells } = await readNotebook(path);
  return cells.flatMap(({ outputs = [] }) => outputs).flatMap((output) =>
    "data" in output && plotlyType in output.data ? [output.data[plotlyType] as Figure] : []
  );
}

async function openPage(
  browser: Browser,
  { folder, name, library }: { folder: string; name: string; library: string },
): Promise<Page> {
  await Deno.writeTextFile(`${folder}/${name}.js`, library);
  await Deno.writeTextFile(
    `${folder}/${name}.html`,
    `<!doctype html><meta charset="utf-8"><script src="${name}.js"></script>`,
  );
  const page = await browser.newPage();
  await page.goto(`file://${folder}/${name}.html`, { waitUntil: "load", timeout: 120_000 });
  return page;
}

function draw(page: Page, figure: Figure): Promise<Drawn> {
  return page.evaluate(`(async ({ data, layout }) => {
    const size = { width: 760, height: layout.height ?? 380 };
    const place = document.body.appendChild(document.createElement("div"));
    await Plotly.newPlot(place, data, { ...layout, ...size });
    const picture = () => Plotly.toImage(place, { format: "png", ...size });
    const pictures = [await picture()];
    const step = layout.sliders?.[0]?.steps.at(-1);
    if (step !== undefined) {
      await Plotly[step.method](place, ...step.args);
      pictures.push(await picture());
    }
    const traces = place._fullData.filter(({ visible }) => visible === true).length;
    Plotly.purge(place);
    place.remove();
    return { pictures, traces };
  })(${JSON.stringify(figure)})`) as Promise<Drawn>;
}

/** The share of the area, looked at from afar, where two pictures differ in colour. */
function difference(page: Page, pictures: [string, string]): Promise<number> {
  return page.evaluate(`(async (pictures) => {
    const far = await Promise.all(pictures.map(async (url) => {
      const image = new Image();
      image.src = url;
      await image.decode();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [image.width / 8, image.height / 8];
      const context = canvas.getContext("2d");
      context.fillStyle = "white";
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      return context.getImageData(0, 0, canvas.width, canvas.height).data;
    }));
    const differs = (pixel) => [0, 1, 2].some((colour) =>
      Math.abs(far[0][4 * pixel + colour] - far[1][4 * pixel + colour]) > 60);
    const count = far[0].length / 4;
    return Array.from({ length: count }, (_, pixel) => pixel).filter(differs).length / count;
  })(${JSON.stringify(pictures)})`) as Promise<number>;
}

Deno.test("all figures of the notebooks look the same under Plotly 2.35.3, 3.0.1 and the newest", async (t) => {
  const folder = await temporaryFolder("figures");
  try {
    await withChromium(async (browser) => {
      const pages: Page[] = [];
      for (const [name, library] of Object.entries(libraries)) {
        pages.push(await openPage(browser, { folder, name, library }));
      }
      await t.step("the measure tells one curve from another", async () => {
        const curve = (y: number[]) => ({ data: [{ type: "scatter", y }], layout: {} });
        const [rising, falling] = [
          await draw(pages[0]!, curve([0, 1])),
          await draw(pages[0]!, curve([1, 0])),
        ];
        const pictures: [string, string] = [rising.pictures[0]!, falling.pictures[0]!];
        assert(await difference(pages[0]!, pictures) > allowedShare);
      });
      for (const path of notebookPaths([])) {
        await t.step(path, async () => {
          for (const [index, figure] of (await figuresOf(path)).entries()) {
            assertEquals(figure.frames, undefined, "VS Code's renderer ignores frames");
            await assertAlike(pages, { figure, name: `figure ${index + 1} of ${path}` });
          }
        });
      }
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

async function assertAlike(
  pages: Page[],
  { figure, name }: { figure: Figure; name: string },
): Promise<void> {
  const [reference, ...others] = await Promise.all(pages.map((page) => draw(page, figure)));
  for (const other of others) {
    assertEquals(other.traces, reference!.traces, name);
    for (const [index, picture] of reference!.pictures.entries()) {
      const share = await difference(pages[0]!, [picture, other.pictures[index]!]);
      assert(share <= allowedShare, `${name} differs on ${(100 * share).toFixed(1)} % of its area`);
    }
  }
}
