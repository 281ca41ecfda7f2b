/**
 * What a notebook shows that nobody has trusted, which is every notebook after a clone: in JupyterLab, and
 * as the HTML that nbconvert makes, with scripts off. Each figure and each graph must be a picture there.
 */
import type { Browser } from "puppeteer-core";
import { temporaryFolder } from "../browser/temporary_folder.ts";
import type { Lab } from "./jupyterlab_server.ts";
import { type Notebook, plotlyType } from "./notebook.ts";
import { newFrontPage, settled, shownInLab } from "./settled.ts";

/** How many pictures each code cell of a committed notebook has to show. */
export function picturesWanted({ cells }: Notebook): number[] {
  const pictures = [plotlyType, "image/svg+xml", "image/png"];
  return cells.filter(({ cell_type }) => cell_type === "code").map(({ outputs = [] }) =>
    outputs.filter((output) => "data" in output && pictures.some((type) => type in output.data))
      .length
  );
}

/** Where a notebook shows fewer pictures than it holds, a line each. */
export async function untrustedFaults(
  browser: Browser,
  { lab, path, notebook }: { lab: Lab; path: string; notebook: Notebook },
): Promise<string[]> {
  const wanted = picturesWanted(notebook);
  const missing = (where: string, seen: number[]) =>
    wanted.flatMap((count, cell) =>
      (seen[cell] ?? 0) < count
        ? [`code cell ${cell + 1} shows ${seen[cell] ?? 0} of ${count} pictures in ${where}`]
        : []
    );
  return [
    ...missing("JupyterLab, not trusted", await inJupyterLab(browser, { lab, path })),
    ...missing("HTML without scripts", await inHtml(browser, path)),
  ];
}

/** Opens the committed notebook as it is, and runs nothing. */
async function inJupyterLab(
  browser: Browser,
  { lab, path }: { lab: Lab; path: string },
): Promise<number[]> {
  const name = `untrusted-${path.split("/").at(-1)}`;
  await Deno.copyFile(path, `${lab.root}/${name}`);
  const page = await newFrontPage(browser);
  try {
    await page.setViewport({ width: 1280, height: 860 });
    const workspace = name.replace(/\W/g, "");
    await page.goto(
      `${lab.url}/lab/workspaces/${workspace}/tree/${name}?reset&token=${lab.token}`,
      {
        timeout: 120_000,
        waitUntil: "domcontentloaded",
      },
    );
    const cells = `window.jupyterapp?.shell.currentWidget?.content?.model?.cells`;
    await page.waitForFunction(`${cells}?.length > 0`, { timeout: 120_000, polling: 500 });
    const trusted = await page.evaluate(`[...${cells}].some((cell) => cell.trusted === true &&
      cell.type === "code" && cell.outputs.length > 0)`);
    if (trusted) throw new Error(`Expected ${path} not to be trusted in JupyterLab, it is`);
    await settled(page, shownInLab);
    return await page.evaluate(countPictures(".jp-CodeCell")) as number[];
  } finally {
    await page.close();
  }
}

/** Makes HTML as a web page would show the notebook, and opens it with scripts off. */
async function inHtml(browser: Browser, path: string): Promise<number[]> {
  const folder = await temporaryFolder("html");
  const page = await browser.newPage();
  try {
    const { success, stderr } = await new Deno.Command("python3", {
      args: ["-m", "nbconvert", "--to", "html", path, "--output-dir", folder, "--output", "page"],
      env: { JUPYTER_CONFIG_DIR: folder, JUPYTER_DATA_DIR: folder },
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    await page.setJavaScriptEnabled(false);
    await page.setViewport({ width: 1280, height: 860 });
    await page.goto(`file://${folder}/page.html`, { waitUntil: "domcontentloaded" });
    return await page.evaluate(countPictures(".jp-CodeCell")) as number[];
  } finally {
    await page.close();
    await Deno.remove(folder, { recursive: true });
  }
}

/** For each cell how many outputs hold a picture that has a size. */
function countPictures(cell: string): string {
  return `[...document.querySelectorAll("${cell}")].map((cell) =>
    [...cell.querySelectorAll(".jp-OutputArea-output")].filter((output) =>
      [...output.querySelectorAll("img, svg")].some((one) => {
        const { width, height } = one.getBoundingClientRect();
        return width > 20 && height > 20 && (one.tagName !== "IMG" || one.naturalWidth > 0);
      })
    ).length
  )`;
}
